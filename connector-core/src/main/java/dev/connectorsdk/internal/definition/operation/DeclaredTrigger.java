package dev.connectorsdk.internal.definition.operation;

/**
 * What kind of trigger an operation is.
 *
 * @param batch whether one delivery may hold several events
 */
public record DeclaredTrigger(TriggerStyle style, boolean batch) {}
