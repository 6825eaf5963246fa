package dev.connectorsdk.internal.reference;

/**
 * What decides how far an act reaches.
 *
 * @param flows which flows use a reference
 * @param accounts whose use by others is a warning
 */
public record Impact(UsingFlows flows, PrivilegedAccounts accounts) {}
