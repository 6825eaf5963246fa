package dev.connectorsdk.internal.definition.operation;

/** How a trigger learns of events. */
public enum TriggerStyle {
  /** The service calls back. */
  CALLBACK,
  /** The runtime asks for a list and compares. */
  LIST,
  /** The runtime asks, and the service keeps count: 202 and Location. */
  LOCATION
}
