package dev.connectorsdk.api.spi;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.spi.BindingStore.ReferenceKey;
import dev.connectorsdk.api.spi.ConnectorStore.ConnectionFilter;
import dev.connectorsdk.api.spi.GrantStore.GrantSubject;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Tells one reader what was changed in a store, by this process or any other, so that the reader
 * need not ask for each thing anew. Asked again and again, by one thread at a time.
 *
 * <p>A change that is not seen by a reading that began after a call has returned is in what a later
 * call returns, whatever the order in which transactions began, changed something and ended.
 */
public interface ChangeFeed {

  /**
   * Returns what was changed since the last call that returned, each change at least once, in no
   * order.
   *
   * @return empty if that is not known: at the first call, and where too much was changed since
   * @throws dev.connectorsdk.api.error.StoreException if the store cannot be asked; the next call
   *     returns what this one would have, and what came since
   */
  Optional<List<Change>> next();

  /** What must be read again. */
  sealed interface Change permits ConnectionChange, ReferenceChange, GrantsChange {}

  /**
   * A connection was made, changed or deleted.
   *
   * @param list the connections of one owner and connector that it belongs to, or belonged to
   *     before the change
   */
  record ConnectionChange(ConnectionId id, ConnectionFilter list) implements Change {

    public ConnectionChange {
      Objects.requireNonNull(id, "id");
      Objects.requireNonNull(list, "list");
    }
  }

  /** A binding of a reference, or what run-only users get under it, was changed. */
  record ReferenceChange(ReferenceKey reference) implements Change {

    public ReferenceChange {
      Objects.requireNonNull(reference, "reference");
    }
  }

  /** What is granted on a connection or a reference was changed. */
  record GrantsChange(GrantSubject on) implements Change {

    public GrantsChange {
      Objects.requireNonNull(on, "on");
    }
  }
}
