package dev.connectorsdk.api.auth;

/** Requests go out as they are. */
public enum NoneScheme implements AuthScheme {
  /** The only one. */
  INSTANCE
}
