package dev.connectorsdk.internal.schema;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.util.BufferRecycler;
import tools.jackson.core.util.JsonRecyclerPools;
import tools.jackson.core.util.RecyclerPool;

/**
 * Lends the buffers that JSON is read and written with. A thread finds those that it gave back last
 * in a place of its own, as long as there are few threads; where others have taken them it turns to
 * Jackson's pool, whose one queue all threads share. Safe for several threads.
 */
final class JsonBuffers implements RecyclerPool<BufferRecycler> {

  private static final long serialVersionUID = 1L;

  private static final int PLACES = 32;

  /** So far from each other that no two are in one line of a processor's cache. */
  private static final int DISTANCE = 16;

  private final transient RecyclerPool<BufferRecycler> further =
      JsonRecyclerPools.newConcurrentDequePool();
  private final transient AtomicReferenceArray<@Nullable BufferRecycler> kept =
      new AtomicReferenceArray<>(PLACES * DISTANCE);

  @Override
  public BufferRecycler acquirePooled() {
    BufferRecycler own = kept.getAndSet(place(), null);
    return own == null ? further.acquirePooled() : own;
  }

  @Override
  public void releasePooled(BufferRecycler used) {
    if (!kept.compareAndSet(place(), null, used)) {
      further.releasePooled(used);
    }
  }

  private static int place() {
    return (System.identityHashCode(Thread.currentThread()) & (PLACES - 1)) * DISTANCE;
  }

  /** A runtime's mapper is not written anywhere; one that was would be read with none kept. */
  private Object readResolve() {
    return new JsonBuffers();
  }
}
