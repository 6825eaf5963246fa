package dev.connectorsdk.api.internal;

import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Ids of events, in the order in which they were seen, as they fit into a cursor: each as a hash of
 * 72 bits. Not safe for use by several threads.
 */
public final class SeenIds {

  private static final int BYTES = 9;
  private static final int CHARACTERS = 12;

  private final Set<String> hashes = new LinkedHashSet<>();

  /** Reads what {@link #first} or {@link #last} wrote. */
  public static SeenIds of(String text) {
    SeenIds ids = new SeenIds();
    for (int i = 0; i + CHARACTERS <= text.length(); i += CHARACTERS) {
      ids.hashes.add(text.substring(i, i + CHARACTERS));
    }
    return ids;
  }

  public boolean contains(String id) {
    return hashes.contains(hash(id));
  }

  /** Returns whether the id was not there yet. */
  public boolean add(String id) {
    return hashes.add(hash(id));
  }

  public void remove(String id) {
    hashes.remove(hash(id));
  }

  public void addAll(SeenIds others) {
    hashes.addAll(others.hashes);
  }

  public int size() {
    return hashes.size();
  }

  /** Returns the first ids that were added, and no more than {@code most}, as text. */
  public String first(int most) {
    return text(0, most);
  }

  /** Returns the last ids that were added, and no more than {@code most}, as text. */
  public String last(int most) {
    return text(Math.max(0, hashes.size() - most), most);
  }

  private String text(int skipped, int most) {
    StringBuilder text = new StringBuilder();
    hashes.stream().skip(skipped).limit(most).forEach(text::append);
    return text.toString();
  }

  /** Returns a hash of a text in 12 characters that are safe in a URL. */
  public static String hash(String text) {
    byte[] hash = Arrays.copyOf(Sha256.of(text), BYTES);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
  }
}
