package dev.connectorsdk.internal.definition.request;

/** How a path parameter is encoded. */
public enum PathStyle {
  /** Once, as one segment. */
  SINGLE,
  /** Twice, as one segment, for services behind something that decodes once. */
  DOUBLE,
  /** As given, slashes included. */
  RAW
}
