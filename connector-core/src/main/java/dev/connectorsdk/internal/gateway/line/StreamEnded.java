package dev.connectorsdk.internal.gateway.line;

import java.io.IOException;

/** A stream ended before its time, by either side or with its line. */
public final class StreamEnded extends IOException {

  private static final long serialVersionUID = 1L;

  private final transient Reset reset;

  StreamEnded(Reset reset) {
    super(reset.reason() + ": " + reset.words());
    this.reset = reset;
  }

  /** Returns why. */
  public Reset reset() {
    return reset;
  }
}
