package dev.connectorsdk.storm;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;

/** As many bytes as wanted, of which no two blocks are the same. */
final class GeneratedBytes extends InputStream {

  private static final int BLOCK = 8 * 1024;

  private final byte[] block = new byte[BLOCK];
  private long left;
  private long blocks;
  private int at = BLOCK;

  GeneratedBytes(long size) {
    left = size;
    new Random(1).nextBytes(block);
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) {
    if (left == 0) {
      return -1;
    }
    if (at == BLOCK) {
      at = 0;
      ByteBuffer.wrap(block).putLong(++blocks);
    }
    int count = (int) Math.min(Math.min(length, BLOCK - at), left);
    System.arraycopy(block, at, into, offset, count);
    at += count;
    left -= count;
    return count;
  }

  static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns the digest of so many bytes. */
  static String digest(long size) {
    MessageDigest digest = digest();
    GeneratedBytes bytes = new GeneratedBytes(size);
    byte[] piece = new byte[BLOCK];
    for (int count = bytes.read(piece, 0, BLOCK); count >= 0; count = bytes.read(piece, 0, BLOCK)) {
      digest.update(piece, 0, count);
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
