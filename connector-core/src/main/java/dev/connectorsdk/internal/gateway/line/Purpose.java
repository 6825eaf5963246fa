package dev.connectorsdk.internal.gateway.line;

/** What a member opens a line for. */
public enum Purpose {
  /** To carry requests. */
  TRAFFIC,
  /** To ask questions. It replaces no other line. */
  CONTROL,
  /** To become a member, or a gateway. */
  REGISTER
}
