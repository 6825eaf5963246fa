package dev.connectorsdk.internal.governance;

/**
 * What the policies that are enforced say of a flow.
 *
 * @param isAllowed whether it may do what it declares
 * @param isPoliced whether it may do only what it declares
 */
record Verdict(boolean isAllowed, boolean isPoliced) {

  /** Of a flow that no policy concerns. */
  static final Verdict FREE = new Verdict(true, false);
}
