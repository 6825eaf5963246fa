package dev.connectorsdk.api;

/**
 * Whether connections go along when an app that uses them is shared, so that its users call with
 * somebody else's credential.
 *
 * @param isAllowed whether they do; otherwise each user brings an own connection
 * @param why the reason, as a sentence for people
 */
public record Sharing(boolean isAllowed, String why) {}
