package dev.connectorsdk.internal.gateway.agent;

import dev.connectorsdk.internal.gateway.line.Refusal;
import java.io.IOException;

/** The host does not open a line. */
public final class LineRefused extends IOException {

  private static final long serialVersionUID = 1L;

  private final transient Refusal refusal;

  LineRefused(Refusal refusal) {
    super(refusal.reason() + ": " + refusal.words());
    this.refusal = refusal;
  }

  /** Returns why. */
  public Refusal refusal() {
    return refusal;
  }
}
