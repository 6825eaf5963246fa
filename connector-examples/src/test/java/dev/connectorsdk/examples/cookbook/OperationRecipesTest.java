package dev.connectorsdk.examples.cookbook;

import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static com.github.tomakehurst.wiremock.client.WireMock.unauthorized;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionQuery;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.SecretUnreadableException;
import dev.connectorsdk.api.error.StoreException;
import dev.connectorsdk.api.event.ConnectorEvent.CallEnded;
import dev.connectorsdk.api.event.ConnectorListener;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.examples.helpdesk.Helpdesk;
import dev.connectorsdk.examples.helpdesk.Helpdesk.TicketQuery;
import dev.connectorsdk.fixtures.ConnectorStoreContract;
import dev.connectorsdk.http.AddressPolicy;
import dev.connectorsdk.jdbc.JdbcStore;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.secret.KeyMaintenance;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.store.InMemoryStore;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recipes about stores, keys and processes. */
@WireMockTest
class OperationRecipesTest {

  private static final Caller ADA = Principal.user("ada").in("prod");
  private static final ConnectionReference DESK = ConnectionReference.invoker("desk", "helpdesk");
  private static final TicketQuery OPEN = new TicketQuery("open", 5);

  @TempDir private Path folder;
  private JdbcConnectionPool database;
  private String site;

  // tag::replica[]
  /** The same in every pod; the key file is mounted from a secret and never made by a pod. */
  static ConnectorRuntime replica(DataSource postgres, Path keyFile) {
    return ConnectorRuntime.builder()
        .provider(new Helpdesk())
        .addressPolicy(AddressPolicy.allowAll()) // for the test
        .store(JdbcStore.builder(postgres).build(), KeyRing.load(keyFile))
        .freshness(Duration.ofSeconds(2))
        .build();
  }

  // end::replica[]

  // tag::new-keys[]
  /** Three roll-outs to all processes: the first two rings in this order, then the last one. */
  static List<KeyRing> rollOuts(byte[] former, byte[] next) {
    return List.of(
        KeyRing.of("2026-01", former).withRetired("2026-02", next), // every process can read
        KeyRing.of("2026-02", next).withRetired("2026-01", former), // every process writes anew
        KeyRing.of("2026-02", next)); // once nothing needs the former key
  }

  /** Between the second one and the third one, by any process, as often as you like. */
  static boolean formerIsDone(ConnectorStore store, KeyRing second) {
    KeyMaintenance.reencrypt(store, second, 500);
    return KeyMaintenance.isRetirable(store, second, "2026-01");
  }

  // end::new-keys[]

  // tag::restored[]
  /** After a restore: asks the services, and lists whose owners have to sign in again. */
  static List<Connection> toSignInAgain(ConnectorRuntime runtime, Administrator root) {
    List<Connection> broken = new ArrayList<>();
    ConnectionQuery next = ConnectionQuery.all();
    List<Connection> page = runtime.connections().list(root, next);
    while (!page.isEmpty()) {
      for (Connection one : page) {
        Caller owner = one.owner().in(one.environment());
        if (!runtime.connections().test(owner, one.id()).authenticated()) {
          broken.add(one);
        }
      }
      next = next.after(page.get(page.size() - 1));
      page = runtime.connections().list(root, next);
    }
    return broken;
  }

  // end::restored[]

  // tag::no-ddl[]
  /** What to run first; 0 where there are no tables yet, else the version that app_schema has. */
  static String migration(DataSource database, int from) {
    return JdbcStore.builder(database).tablePrefix("app_").schemaScript(from);
  }

  static JdbcStore withoutDdl(DataSource database) {
    return JdbcStore.builder(database).createSchema(false).tablePrefix("app_").build();
  }

  // end::no-ddl[]

  // tag::own-store[]
  static class MyStoreTest extends ConnectorStoreContract {

    @Override
    protected ConnectorStore emptyStore() {
      return new InMemoryStore(); // yours
    }
  }

  // end::own-store[]

  // tag::slow-calls[]
  static ConnectorListener slowCalls(Duration limit, Consumer<String> log) {
    return event -> {
      if (event instanceof CallEnded call && call.took().compareTo(limit) > 0) {
        log.accept(
            "%s of %s took %d ms in %d exchanges"
                .formatted(
                    call.action(), call.reference(), call.took().toMillis(), call.exchanges()));
      }
    };
  }

  // end::slow-calls[]

  @Nested
  class MyStore extends MyStoreTest {}

  @BeforeEach
  void start(WireMockRuntimeInfo service) {
    site = service.getHttpBaseUrl();
    stubFor(get("/api/me").willReturn(okJson("{\"login\": \"ada\", \"name\": \"Ada\"}")));
    stubFor(
        get(urlPathEqualTo("/api/tickets"))
            .willReturn(okJson("{\"tickets\": [], \"next\": \"\"}")));
    database = JdbcConnectionPool.create("jdbc:h2:file:" + folder.resolve("host"), "sa", "");
  }

  @AfterEach
  void stop() {
    database.dispose();
  }

  private Connection connect(ConnectorRuntime runtime) {
    var spec = ConnectionSpec.of("helpdesk", "apiKey").with("site", site);
    return runtime.connections().create(ADA, spec.secret("api_key", Secret.of("k-1")));
  }

  @Test
  void whatOneReplicaConnectsAllOfThemUse() {
    Path keyFile = folder.resolve("keys");
    KeyRing.createFile(keyFile, "2026-01");
    try (ConnectorRuntime one = replica(database, keyFile);
        ConnectorRuntime other = replica(database, keyFile)) {
      connect(one);

      assertThat(other.invoke(ADA, DESK, Helpdesk.LIST_TICKETS, OPEN)).isEmpty();
    }
  }

  @Test
  void keysAreReplacedWhileProcessesOfBothKindsRun() {
    byte[] former = new byte[32];
    byte[] next = new byte[32];
    new SecureRandom().nextBytes(former);
    new SecureRandom().nextBytes(next);
    List<KeyRing> rings = rollOuts(former, next);
    try (ConnectorRuntime first = with(KeyRing.of("2026-01", former))) {
      connect(first);
    }
    try (ConnectorRuntime reading = with(rings.get(0));
        ConnectorRuntime writing = with(rings.get(1))) {
      connect(writing);
      assertThat(reading.connections().list(ADA))
          .hasSize(2)
          .allMatch(one -> reading.connections().test(ADA, one.id()).authenticated());
    }
    assertThat(formerIsDone(JdbcStore.builder(database).build(), rings.get(1))).isTrue();

    try (ConnectorRuntime last = with(rings.get(2))) {
      assertThat(last.connections().list(ADA))
          .hasSize(2)
          .allMatch(one -> last.connections().test(ADA, one.id()).authenticated());
    }
    assertThatExceptionOfType(SecretUnreadableException.class)
        .isThrownBy(() -> with(KeyRing.of("2026-01", former)));
  }

  private ConnectorRuntime with(KeyRing keys) {
    return ConnectorRuntime.builder()
        .provider(new Helpdesk())
        .addressPolicy(AddressPolicy.allowAll())
        .store(JdbcStore.builder(database).build(), keys)
        .build();
  }

  @Test
  void aRestoredDatabaseWorksWithItsKeysAlone() throws Exception {
    Path keyFile = folder.resolve("keys");
    KeyRing.createFile(keyFile, "2026-01");
    Path backup = folder.resolve("backup.sql");
    try (ConnectorRuntime runtime = replica(database, keyFile)) {
      connect(runtime);
      execute(database, "SCRIPT TO '" + backup + "'");
    }
    JdbcConnectionPool restored =
        JdbcConnectionPool.create("jdbc:h2:file:" + folder.resolve("restored"), "sa", "");
    try {
      execute(restored, "RUNSCRIPT FROM '" + backup + "'");
      try (ConnectorRuntime runtime = replica(restored, keyFile)) {
        var root = Administrator.ofRuntime(Principal.user("root"));
        assertThat(toSignInAgain(runtime, root)).isEmpty();

        stubFor(get("/api/me").willReturn(unauthorized()));
        assertThat(toSignInAgain(runtime, root)).hasSize(1);
      }
      Path otherKeys = folder.resolve("others");
      KeyRing.createFile(otherKeys, "2026-01");
      assertThatExceptionOfType(SecretUnreadableException.class)
          .isThrownBy(() -> replica(restored, otherKeys));
    } finally {
      restored.dispose();
    }
  }

  private static void execute(DataSource database, String sql) throws Exception {
    try (java.sql.Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void aStoreThatMayNotMakeTablesSaysThatTheyAreMissingUntilTheScriptHasRun() throws Exception {
    assertThatExceptionOfType(StoreException.class).isThrownBy(() -> withoutDdl(database));

    execute(database, migration(database, 0));

    assertThat(withoutDdl(database).findKeyCheck()).isEmpty();
  }

  @Test
  void aListenerHearsHowLongACallTook() {
    List<String> lines = new ArrayList<>();
    try (ConnectorRuntime runtime =
        ConnectorRuntime.builder()
            .provider(new Helpdesk())
            .addressPolicy(AddressPolicy.allowAll())
            .listener(slowCalls(Duration.ZERO, lines::add))
            .build()) {
      connect(runtime);
      runtime.invoke(ADA, DESK, Helpdesk.LIST_TICKETS, OPEN);
    }
    assertThat(lines).singleElement().asString().matches("listTickets of .*desk.* in 1 exchanges");
  }
}
