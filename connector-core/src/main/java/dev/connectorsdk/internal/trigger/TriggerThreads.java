package dev.connectorsdk.internal.trigger;

import java.lang.reflect.Method;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The threads of polls and handlers: virtual ones where the JVM has them. */
public final class TriggerThreads {

  private static final int ON_VIRTUAL_THREADS = 1_000;
  private static final int ON_PLATFORM_THREADS = 32;
  private static final long IDLE_SECONDS = 10;

  private static final @Nullable Method VIRTUAL = virtual();

  private TriggerThreads() {}

  /** The only way to what Java 17 does not have. */
  private static @Nullable Method virtual() {
    try {
      return Executors.class.getMethod("newVirtualThreadPerTaskExecutor");
    } catch (NoSuchMethodException e) {
      return null;
    }
  }

  /** Returns an executor that begins at once whatever it is given. */
  public static ExecutorService start() {
    ExecutorService virtual = startVirtual();
    return virtual == null ? startPlatform() : virtual;
  }

  private static @Nullable ExecutorService startVirtual() {
    try {
      return VIRTUAL == null ? null : (ExecutorService) VIRTUAL.invoke(null);
    } catch (ReflectiveOperationException | UnsupportedOperationException e) {
      return null;
    }
  }

  private static ExecutorService startPlatform() {
    ThreadFactory daemons =
        work -> {
          Thread thread = new Thread(work, "connector-triggers-work");
          thread.setDaemon(true);
          return thread;
        };
    return new ThreadPoolExecutor(
        0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), daemons);
  }

  /** Returns how many polls, and how many handlers, may run at once. */
  public static int room() {
    return VIRTUAL == null ? ON_PLATFORM_THREADS : ON_VIRTUAL_THREADS;
  }
}
