package dev.connectorsdk.spring;

import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.jdbc.HostTransactions;
import dev.connectorsdk.jdbc.JdbcStore;
import dev.connectorsdk.runtime.RuntimeBuilder;
import dev.connectorsdk.trigger.EventHandler;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A handler of events as a bean: the runtime takes each of them.
 *
 * <pre>{@code
 * @Bean
 * HandlerRegistration<Task> announce(JdbcClient db) {
 *   return HandlerRegistration.inTransaction(
 *       "announce",
 *       Task.class,
 *       (task, event) -> db.sql("INSERT INTO announced VALUES (?)").param(task.title()).update());
 * }
 * }</pre>
 *
 * @param <E> the type that payloads are read as
 */
public final class HandlerRegistration<E> {

  private final String name;
  private final Class<E> type;
  private final EventHandler<E> handler;
  private final boolean inTransaction;

  private HandlerRegistration(
      String name, Class<E> type, EventHandler<E> handler, boolean inTransaction) {
    this.name = Objects.requireNonNull(name, "name");
    this.type = Objects.requireNonNull(type, "type");
    this.handler = Objects.requireNonNull(handler, "handler");
    this.inTransaction = inTransaction;
  }

  /**
   * Registers a handler as {@link RuntimeBuilder#handler} does. An event may come again if the
   * process ends before it is stored that it was accepted.
   *
   * @param name as in {@code SubscriptionSpec.of}
   * @param type what payloads are read as: a record, or {@code JsonNode}
   */
  public static <E> HandlerRegistration<E> of(String name, Class<E> type, EventHandler<E> handler) {
    return new HandlerRegistration<>(name, type, handler, false);
  }

  /**
   * Registers a handler that runs in a new transaction of Spring's, whose commit accepts the event:
   * what it does over the application's {@code DataSource} is done exactly once. An exception rolls
   * the transaction back, and the event comes again.
   *
   * <p>That needs the beans {@link JdbcStore} and {@link HostTransactions}; without one of them the
   * application does not start.
   *
   * @param name as in {@code SubscriptionSpec.of}
   * @param type what payloads are read as: a record, or {@code JsonNode}
   */
  public static <E> HandlerRegistration<E> inTransaction(
      String name, Class<E> type, EventHandler<E> handler) {
    return new HandlerRegistration<>(name, type, handler, true);
  }

  void register(
      RuntimeBuilder builder, ConnectorStore store, @Nullable HostTransactions transactions) {
    builder.handler(name, type, inTransaction ? transactional(store, transactions) : handler);
  }

  private EventHandler<E> transactional(
      ConnectorStore store, @Nullable HostTransactions transactions) {
    if (!(store instanceof JdbcStore rows)) {
      throw new IllegalStateException(
          "Handler '"
              + name
              + "' is to run in a transaction, but the application's ConnectorStore is no"
              + " JdbcStore: use HandlerRegistration.of");
    }
    if (transactions == null) {
      throw new IllegalStateException(
          "Handler '"
              + name
              + "' is to run in a transaction, but the application has no PlatformTransactionManager,"
              + " or several: make one of them @Primary, or add a bean HostTransactions");
    }
    return rows.inTransaction(
        transactions, (payload, event, connection) -> handler.handle(payload, event));
  }
}
