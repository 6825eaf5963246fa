package dev.connectorsdk.internal.definition.document;

/**
 * What a list of operations shows of one.
 *
 * @param method in upper case
 */
public record ScannedOperation(
    String id,
    String method,
    String path,
    String title,
    boolean trigger,
    boolean deprecated,
    boolean internal) {}
