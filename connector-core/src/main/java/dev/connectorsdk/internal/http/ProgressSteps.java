package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.file.FileProgress;
import org.jspecify.annotations.Nullable;

/** Counts bytes that move, and tells of it now and then. Belongs to one transfer. */
final class ProgressSteps {

  private static final long STEP = 64 * 1024;

  private final @Nullable FileProgress progress;
  private final long total;
  private long moved;
  private long told;
  private boolean ended;

  /**
   * @param progress who is told, or {@code null} for nobody
   * @param total as {@link FileProgress#moved} has it
   */
  ProgressSteps(@Nullable FileProgress progress, long total) {
    this.progress = progress;
    this.total = total;
  }

  /**
   * Counts bytes.
   *
   * @param bytes negative after the last ones
   */
  void move(int bytes) {
    moved += Math.max(bytes, 0);
    boolean isDue = bytes < 0 ? !ended : moved - told >= STEP;
    if (progress != null && isDue) {
      told = moved;
      ended = bytes < 0;
      progress.moved(moved, total);
    }
  }

  /** Counts what has moved at once. */
  void moveAll() {
    moved = total;
    move(-1);
  }

  /** Returns how many bytes have moved. */
  long moved() {
    return moved;
  }
}
