package dev.connectorsdk.internal.trigger;

import dev.connectorsdk.api.spi.TriggerStore.StoredSubscription;
import java.util.List;
import java.util.function.Consumer;

/** Reads subscriptions page by page, so that only one page of them is in memory. */
final class Pages {

  private static final int SIZE = 100;

  private Pages() {}

  /** A list of the store, ordered by id. */
  interface Listing {

    /** Returns at most so many of those that come after an id; all do after the empty text. */
    List<StoredSubscription> page(String after, int limit);
  }

  static void forEach(Listing listing, Consumer<StoredSubscription> reader) {
    List<StoredSubscription> page;
    String after = "";
    do {
      page = listing.page(after, SIZE);
      page.forEach(reader);
      after = page.isEmpty() ? after : page.get(page.size() - 1).id();
    } while (page.size() == SIZE);
  }
}
