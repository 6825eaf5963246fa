package dev.connectorsdk.internal.definition.request;

/**
 * A place in the request that belongs to authentication.
 *
 * @param name in lower case
 */
public record CredentialPlace(ParameterPlace in, String name) {}
