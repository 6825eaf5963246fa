package dev.connectorsdk.internal.sharing;

import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.api.spi.FlowDirectory.Filter;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The flows of the host's directory, page by page. Safe for several threads. */
public final class HostFlows {

  private static final int PAGE = 500;

  private final @Nullable FlowDirectory directory;

  /** Returns the flows of a directory, or none. */
  public HostFlows(@Nullable FlowDirectory directory) {
    this.directory = directory;
  }

  /** Returns whether there is a directory. */
  public boolean areKnown() {
    return directory != null;
  }

  /**
   * Passes on each flow that matches, in order.
   *
   * @throws IllegalStateException if the directory does not list flows by id, and so might never
   *     end or leave some out
   */
  public void forEach(Filter filter, Consumer<Flow> consumer) {
    forEachWhile(
        filter,
        flow -> {
          consumer.accept(flow);
          return true;
        });
  }

  /** Passes on the flows that match as {@link #forEach} does, until no further one is wanted. */
  public void forEachWhile(Filter filter, Predicate<Flow> consumer) {
    if (directory == null) {
      return;
    }
    String after = "";
    for (List<Flow> page = directory.list(filter, after, PAGE);
        !page.isEmpty();
        page = directory.list(filter, after, PAGE)) {
      for (Flow flow : page) {
        after = requireLater(flow.id(), after);
        if (!consumer.test(flow)) {
          return;
        }
      }
    }
  }

  private static String requireLater(String id, String after) {
    if (id.compareTo(after) <= 0) {
      throw new IllegalStateException(
          "FlowDirectory.list returned flow '"
              + id
              + "' after '"
              + after
              + "': it has to list only flows whose id is greater, ordered by String.compareTo");
    }
    return id;
  }
}
