package dev.connectorsdk.internal.cache;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is made when it is first asked for, because many processes never ask. Safe for several
 * threads: whoever asks while it is made waits, and all get the same. If making it fails, the next
 * one who asks tries again.
 */
public final class MadeOnce<T> implements Supplier<T> {

  private final Supplier<T> make;
  private volatile @Nullable T made; // written under this

  /**
   * @param make is called once, unless it fails
   */
  public MadeOnce(Supplier<T> make) {
    this.make = make;
  }

  @Override
  public T get() {
    T known = made;
    return known == null ? make() : known;
  }

  private synchronized T make() {
    T known = made;
    if (known == null) {
      known = make.get();
      made = known;
    }
    return known;
  }

  /** Returns it, or {@code null} if nobody has asked for it yet; waits while it is made. */
  public synchronized @Nullable T ifMade() {
    return made;
  }
}
