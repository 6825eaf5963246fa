package dev.connectorsdk.examples.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Names of tools. A name depends on its reference and its operation alone, so that it stays the
 * same whatever else is served, and no two have the same.
 */
final class ToolNames {

  private static final String SEPARATOR = "__";

  /** Models take no longer names, though the protocol allows 128. */
  private static final int LONGEST = 64;

  private static final int DIGITS = 12;

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9.-]+(?:_[A-Za-z0-9.-]+)*");

  private ToolNames() {}

  /** Returns {@code reference__operation}, with a digest where that would not be unique or fit. */
  static String of(String reference, String operation) {
    String name = reference + SEPARATOR + operation;
    // The length first: what matches recurses, as deep as a name is long.
    if (name.length() <= LONGEST
        && PLAIN.matcher(reference).matches()
        && PLAIN.matcher(operation).matches()) {
      return name;
    }
    // Without a separator in it, it is no other tool's plain name.
    String readable = name.replaceAll("[^A-Za-z0-9.-]+", "_");
    String kept = readable.substring(0, Math.min(readable.length(), LONGEST - DIGITS - 1));
    return kept.replaceAll("_$", "") + "_" + digest(reference + '\n' + operation);
  }

  private static String digest(String text) {
    try {
      byte[] all = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return HexFormat.of().formatHex(all).substring(0, DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
