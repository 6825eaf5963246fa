package dev.connectorsdk.internal.gateway.seal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Weigher;
import java.util.List;

/** How much a member keeps of what it has opened. Whoever asks says what that is, and how long. */
final class OpenedValues {

  /** In characters of sealed text. */
  private static final long MOST = 50_000_000;

  /** What one takes besides its text, in about as many characters. */
  private static final int BESIDE = 4_000;

  private OpenedValues() {}

  /** Returns a cache, by sealed texts, of no more than the memory of a member can hold. */
  static <V> Cache<List<String>, V> cache() {
    Weigher<List<String>, V> weigher = (texts, value) -> weight(texts);
    return Caffeine.newBuilder().maximumWeight(MOST).weigher(weigher).build();
  }

  private static int weight(List<String> texts) {
    return texts.stream().mapToInt(String::length).reduce(BESIDE, Math::addExact);
  }
}
