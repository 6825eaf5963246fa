package dev.connectorsdk.auth;

import java.util.HexFormat;
import java.util.random.RandomGenerator;

/** A source that always gives the same bytes. */
record FixedBytes(String hex) implements RandomGenerator {

  @Override
  public void nextBytes(byte[] bytes) {
    System.arraycopy(HexFormat.of().parseHex(hex), 0, bytes, 0, bytes.length);
  }

  @Override
  public long nextLong() {
    throw new UnsupportedOperationException();
  }
}
