package dev.connectorsdk.internal.schema;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.util.BufferRecycler;
import tools.jackson.core.util.RecyclerPool;

/**
 * Lends the buffers that JSON is read and written with. A thread finds those that it gave back last
 * in a place that it shares with few others; what finds none gets new ones. So threads do not meet
 * at one queue, as in Jackson's own pool, and no more is kept than there are places. Safe for
 * several threads.
 */
final class JsonBuffers implements RecyclerPool<BufferRecycler> {

  private static final long serialVersionUID = 1L;

  private static final int PLACES = 32;

  /** So far from each other that no two are in one line of a processor's cache. */
  private static final int DISTANCE = 16;

  private final transient AtomicReferenceArray<@Nullable BufferRecycler> kept =
      new AtomicReferenceArray<>(PLACES * DISTANCE);

  @Override
  public BufferRecycler acquirePooled() {
    BufferRecycler own = kept.getAndSet(place(), null);
    return own == null ? new BufferRecycler() : own;
  }

  @Override
  public void releasePooled(BufferRecycler used) {
    kept.setRelease(place(), used);
  }

  private static int place() {
    return (Thread.currentThread().hashCode() & (PLACES - 1)) * DISTANCE;
  }

  /** A runtime's mapper is not written anywhere; one that was would be read with none kept. */
  private Object readResolve() {
    return new JsonBuffers();
  }
}
