package dev.connectorsdk.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.jdbc.JdbcStore;
import dev.connectorsdk.runtime.Tickets.TicketId;
import dev.connectorsdk.secret.KeyRing;
import java.sql.Connection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the first call of a user asks the database, where others have called before. */
class FirstCallTest extends DatabaseHostTest {

  private static final int BINDINGS = 1;
  private static final int CONNECTIONS = 2; // Those of the user, and that no more follow.
  private static final int CREDENTIALS = 1;
  private static final int TOKEN = 1;

  private final KeyRing keys = KeyRing.random();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private ConnectorRuntime node;

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    return builder
        .client("tickets", "signIn", CLIENT)
        .store(JdbcStore.builder(database).build(), keys);
  }

  @BeforeEach
  void startNode() {
    connect(ADA, "key");
    node =
        builder()
            .client("tickets", "signIn", CLIENT)
            .store(JdbcStore.builder(noting(database)).build(), keys)
            .build();
    call(ADA);
    asked.clear();
  }

  @AfterEach
  void stopNode() {
    node.close();
  }

  @Test
  void readsAnApiKeyInFourStatements() {
    connect(BOB, "key");

    call(BOB);

    assertThat(asked).hasSize(BINDINGS + CONNECTIONS + CREDENTIALS);
  }

  @Test
  void readsATokenInFiveStatements() {
    SignIns.signIn(runtime, BOB, ConnectionSpec.of("tickets", "signIn"), "c");

    call(BOB);

    assertThat(asked).hasSize(BINDINGS + CONNECTIONS + CREDENTIALS + TOKEN);
  }

  @Test
  void aCallAfterwardsReadsNothing() {
    connect(BOB, "key");
    call(BOB);
    asked.clear();

    call(BOB);

    assertThat(asked).isEmpty();
  }

  private void call(Caller caller) {
    node.invoke(caller, MINE, Tickets.GET, new TicketId("1"));
  }

  private DataSource noting(DataSource source) {
    return StoreProxy.of(DataSource.class, (method, arguments) -> noting(source.getConnection()));
  }

  private Connection noting(Connection connection) {
    return StoreProxy.of(
        Connection.class,
        (method, arguments) -> {
          if (method.getName().equals("prepareStatement")) {
            asked.add((String) arguments[0]);
          }
          return method.invoke(connection, arguments);
        });
  }
}
