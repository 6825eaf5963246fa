package dev.connectorsdk.internal.trigger;

/** Somebody else has the subscription now. */
final class Fenced extends Exception {

  private static final long serialVersionUID = 1L;

  Fenced() {
    super("fenced", null, false, false);
  }
}
