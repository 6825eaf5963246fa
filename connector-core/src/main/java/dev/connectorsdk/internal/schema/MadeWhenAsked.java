package dev.connectorsdk.internal.schema;

/**
 * An operation whose schemas are made each when it is asked for, from what was looked at when it
 * was read. To look at all of them would take as long as reading the whole.
 */
public interface MadeWhenAsked {}
