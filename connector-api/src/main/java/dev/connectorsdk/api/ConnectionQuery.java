package dev.connectorsdk.api;

import dev.connectorsdk.api.ConnectionStatus.State;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which connections to list, in which order, and from where on.
 *
 * <pre>{@code
 * ConnectionQuery page = ConnectionQuery.all().ownedBy(ada).sortedBy(Order.CONNECTOR).limit(50);
 * List<Connection> next = connections.list(administrator, page.after(lastOfThePageBefore));
 * }</pre>
 *
 * <p>Immutable and safe for use by several threads.
 *
 * @param environment only in this environment, or {@code null} for all
 * @param owner only of this owner, or {@code null} for all
 * @param connector only of this connector, or {@code null} for all
 * @param state only those with this stored state, or {@code null} for all
 * @param order what decides the order; ids do where that is the same
 * @param after only what comes after this place in that order, or {@code null} for all
 * @param limit how many at most, 1 to 1,000
 */
public record ConnectionQuery(
    @Nullable Environment environment,
    @Nullable Principal owner,
    @Nullable ConnectorId connector,
    @Nullable State state,
    Order order,
    @Nullable Place after,
    int limit) {

  private static final int MOST = 1000;

  /** What decides the order. Texts are ordered as the store does, always in the same way. */
  public enum Order {
    /** When they were made, the oldest first. */
    CREATED,
    /** Whose they are, by the text of the principal. */
    OWNER,
    /** Their connector, by its id. */
    CONNECTOR
  }

  /**
   * A place in every order.
   *
   * @param createdAt when the connection at this place was made
   * @param owner whose it is
   * @param connector its connector
   * @param id its id
   */
  public record Place(Instant createdAt, Principal owner, ConnectorId connector, ConnectionId id) {

    public Place {
      Objects.requireNonNull(createdAt, "createdAt");
      Objects.requireNonNull(owner, "owner");
      Objects.requireNonNull(connector, "connector");
      Objects.requireNonNull(id, "id");
    }
  }

  /**
   * Checks the limit.
   *
   * @throws IllegalArgumentException if it is not 1 to 1,000
   */
  public ConnectionQuery {
    Objects.requireNonNull(order, "order");
    if (limit < 1 || limit > MOST) {
      throw new IllegalArgumentException("The limit must be 1 to 1,000, but was " + limit);
    }
  }

  /** Returns a query for the first 100 of all connections, the oldest first. */
  public static ConnectionQuery all() {
    return new ConnectionQuery(null, null, null, null, Order.CREATED, null, 100);
  }

  /** Returns this query for one environment alone. */
  public ConnectionQuery in(Environment environment) {
    Objects.requireNonNull(environment, "environment");
    return new ConnectionQuery(environment, owner, connector, state, order, after, limit);
  }

  /** Returns this query for the connections of one owner alone. */
  public ConnectionQuery ownedBy(Principal owner) {
    Objects.requireNonNull(owner, "owner");
    return new ConnectionQuery(environment, owner, connector, state, order, after, limit);
  }

  /** Returns this query for the connections of one connector alone. */
  public ConnectionQuery of(ConnectorId connector) {
    Objects.requireNonNull(connector, "connector");
    return new ConnectionQuery(environment, owner, connector, state, order, after, limit);
  }

  /** Returns this query for connections in one state alone. */
  public ConnectionQuery inState(State state) {
    Objects.requireNonNull(state, "state");
    return new ConnectionQuery(environment, owner, connector, state, order, after, limit);
  }

  /** Returns this query for connections in all states. */
  public ConnectionQuery inAnyState() {
    return new ConnectionQuery(environment, owner, connector, null, order, after, limit);
  }

  /** Returns this query in another order. */
  public ConnectionQuery sortedBy(Order order) {
    return new ConnectionQuery(environment, owner, connector, state, order, after, limit);
  }

  /**
   * Returns this query for what comes after a connection, which need not be there any more: the
   * next page, after the last one of a page.
   */
  public ConnectionQuery after(Connection last) {
    return after(new Place(last.createdAt(), last.owner(), last.connector(), last.id()));
  }

  /** Returns this query for what comes after a place. */
  public ConnectionQuery after(Place place) {
    Objects.requireNonNull(place, "place");
    return new ConnectionQuery(environment, owner, connector, state, order, place, limit);
  }

  /**
   * Returns this query for at most so many connections.
   *
   * @throws IllegalArgumentException if that is not 1 to 1,000
   */
  public ConnectionQuery limit(int most) {
    return new ConnectionQuery(environment, owner, connector, state, order, after, most);
  }
}
