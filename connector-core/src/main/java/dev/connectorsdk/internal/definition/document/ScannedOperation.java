package dev.connectorsdk.internal.definition.document;

/**
 * What a list of operations shows of one.
 *
 * @param key the name of the member that it is in its path
 * @param method the same in upper case
 */
public record ScannedOperation(
    String path,
    String key,
    String method,
    String id,
    String title,
    boolean internal,
    boolean deprecated,
    boolean trigger) {}
