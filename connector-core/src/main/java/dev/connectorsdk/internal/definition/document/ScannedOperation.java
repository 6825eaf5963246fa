package dev.connectorsdk.internal.definition.document;

/**
 * What a list of operations shows of one.
 *
 * @param method in upper case
 */
public record ScannedOperation(
    String path,
    String method,
    String id,
    String title,
    boolean internal,
    boolean deprecated,
    boolean trigger) {}
