package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionQuery;
import dev.connectorsdk.api.ConnectionStatus.State;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Pages of connections, by the state that they are shown with. Safe for several threads. */
record ShownConnections(ConnectorStore store) {

  /**
   * Returns a page.
   *
   * @param shown how a row is shown
   */
  List<Connection> list(ConnectionQuery query, Function<StoredConnection, Connection> shown) {
    State wanted = query.state();
    return wanted == null
        ? store.listConnections(query).stream().map(shown).toList()
        : shownAs(wanted, query, shown);
  }

  /**
   * What a data policy disables is stored with another state, and so is what lacks its connector or
   * parameters of it. So the store's pages are gone through until there are enough that are shown
   * with the one that is wanted.
   */
  private List<Connection> shownAs(
      State wanted, ConnectionQuery query, Function<StoredConnection, Connection> shown) {
    boolean isStored = wanted != State.DISABLED && wanted != State.ERROR;
    ConnectionQuery page = isStored ? query : query.inAnyState();
    List<Connection> found = new ArrayList<>();
    while (true) {
      List<StoredConnection> rows = store.listConnections(page);
      for (StoredConnection row : rows) {
        Connection one = shown.apply(row);
        if (one.status().state() == wanted) {
          found.add(one);
        }
        if (found.size() == query.limit()) {
          return List.copyOf(found);
        }
        page = page.after(one);
      }
      if (rows.isEmpty()) { // A page that is not full need not be the last one.
        return List.copyOf(found);
      }
    }
  }
}
