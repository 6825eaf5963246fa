package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.SecretUnreadableException;
import dev.connectorsdk.api.error.StoreException;
import dev.connectorsdk.api.spi.ConnectorProvider;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection.Revision;
import dev.connectorsdk.api.spi.ConnectorStore.StoredCredential;
import dev.connectorsdk.api.spi.SecretCipher;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.consent.ConsentOptions;
import dev.connectorsdk.jdbc.JdbcStore;
import dev.connectorsdk.runtime.Tickets.TicketId;
import dev.connectorsdk.secret.KeyMaintenance;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.store.InMemoryStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LifecycleTest extends HostTest {

  private static final byte[] KEY =
      "0123456789abcdef0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

  private static Set<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(
            t -> t.getName().startsWith("connector-runtime") || t.getName().startsWith("OkHttp"))
        .filter(Thread::isAlive)
        .collect(Collectors.toSet());
  }

  @Test
  @Tag("F9")
  void startsNoThreadBeforeTheFirstCallAndLeavesNoneOfItsOwn() {
    Set<Thread> before = threads();
    ConnectorRuntime own = builder().build();
    assertThat(threads()).isEqualTo(before);
    own.connections()
        .create(ADA, ConnectionSpec.of("tickets", "bearer").secret("token", Secret.of("t")));
    service.stubFor(get("/tickets/1").willReturn(okJson("{\"id\":\"1\",\"title\":\"T\"}")));
    own.invoke(ADA, MINE, Tickets.GET, new TicketId("1"));
    assertThat(threads()).anyMatch(t -> t.getName().equals("connector-runtime-watch"));

    own.close();
    own.close();

    assertThat(threads()).noneMatch(t -> t.getName().equals("connector-runtime-watch"));
  }

  @Test
  void connectionsAndBindingsSurviveARestart(@TempDir Path folder) {
    service.stubFor(
        get("/tickets/1")
            .withHeader("X-Api-Key", equalTo("ada-key"))
            .willReturn(okJson("{\"id\":\"1\",\"title\":\"T\"}")));
    runtime.close();
    runtime = persistent(folder, KeyRing.of("2026-01", KEY));
    Connection connection = connect(ADA, "ada-key");
    runtime.references().bind(ADA, SHARED, connection.id());

    runtime.close();
    runtime = persistent(folder, KeyRing.of("2026-01", KEY));

    assertThat(runtime.connections().get(ADA, connection.id())).isEqualTo(connection);
    runtime.invoke(ADA, SHARED, Tickets.GET, new TicketId("1"));
  }

  private ConnectorRuntime persistent(Path folder, KeyRing keys) {
    JdbcDataSource database = new JdbcDataSource();
    database.setURL("jdbc:h2:file:" + folder.resolve("connections"));
    return builder().store(JdbcStore.builder(database).build(), keys).build();
  }

  @Test
  @Tag("C5")
  void aWrongKeyStopsTheStartAndDamagesNothing(@TempDir Path folder) {
    persistent(folder, KeyRing.of("2026-01", KEY)).close();
    byte[] wrong = KEY.clone();
    wrong[0]++;

    assertThatExceptionOfType(SecretUnreadableException.class)
        .isThrownBy(() -> persistent(folder, KeyRing.of("2026-01", wrong)));
    assertThatExceptionOfType(SecretUnreadableException.class)
        .isThrownBy(() -> persistent(folder, KeyRing.of("2027-01", wrong)));
    persistent(folder, KeyRing.of("2026-01", KEY)).close();
  }

  @Test
  @Tag("C3")
  void keysRotateWhileTheRuntimeIsInUse() {
    service.stubFor(
        get("/tickets/1")
            .withHeader("X-Api-Key", equalTo("ada-key"))
            .willReturn(okJson("{\"id\":\"1\",\"title\":\"T\"}")));
    InMemoryStore store = new InMemoryStore();
    KeyRing old = KeyRing.of("old", KEY);
    byte[] next = KEY.clone();
    next[5]++;
    KeyRing rotated = KeyRing.of("new", next).withRetired("old", KEY);
    runtime.close();
    runtime = builder().store(store, old).build();
    connect(ADA, "ada-key");

    try (ConnectorRuntime second = builder().store(store, rotated).build()) {
      second.invoke(ADA, MINE, Tickets.GET, new TicketId("1"));
      assertThat(KeyMaintenance.isRetirable(store, rotated, "old")).isFalse();
      KeyMaintenance.reencrypt(store, rotated, 100);
      assertThat(KeyMaintenance.isRetirable(store, rotated, "old")).isTrue();
    }
    try (ConnectorRuntime third = builder().store(store, KeyRing.of("new", next)).build()) {
      third.invoke(ADA, MINE, Tickets.GET, new TicketId("1"));
    }
  }

  /** A key service that may be down. */
  private static final class KeyService implements SecretCipher {

    private final KeyRing keys = KeyRing.of("k", KEY);
    private final Queue<String> decrypted = new ConcurrentLinkedQueue<>();
    private boolean down;

    private void ask() {
      if (down) {
        throw new StoreException("The key service does not answer", true, null);
      }
    }

    @Override
    public String encrypt(Secret plaintext, Place place) {
      ask();
      return keys.encrypt(plaintext, place);
    }

    @Override
    public Secret decrypt(String ciphertext, Place place) {
      ask();
      decrypted.add(ciphertext);
      return keys.decrypt(ciphertext, place);
    }

    @Override
    public String currentKeyId() {
      return keys.currentKeyId();
    }
  }

  @Test
  @DisplayName("C3: while the key service is down what is open goes on, and nothing is lost")
  void whileTheKeyServiceIsDownNothingIsLost() {
    service.stubFor(get("/tickets/1").willReturn(okJson("{\"id\":\"1\",\"title\":\"T\"}")));
    InMemoryStore store = new InMemoryStore();
    KeyService keys = new KeyService();
    runtime.close();
    runtime = builder().store(store, keys).build();
    Connection opened = connect(ADA, "ada-key");
    runtime.invoke(ADA, MINE, Tickets.GET, new TicketId("1"));
    Connection other = connect(BOB, "bob-key");
    List<StoredCredential> before = store.listCredentialsNotUnder("", 10);

    try (ConnectorRuntime second = builder().store(store, keys).build()) {
      keys.down = true;
      clock.advance(Duration.ofSeconds(30));
      runtime.invoke(ADA, MINE, Tickets.GET, new TicketId("1"));
      assertThatExceptionOfType(StoreException.class)
          .isThrownBy(() -> second.invoke(BOB, MINE, Tickets.GET, new TicketId("1")))
          .matches(ConnectorException::isRetryable);
      assertThatExceptionOfType(StoreException.class).isThrownBy(() -> connect(ADA, "new-key"));
      keys.down = false;
      second.invoke(BOB, MINE, Tickets.GET, new TicketId("1"));
    }

    assertThat(store.listCredentialsNotUnder("", 10)).isEqualTo(before);
    assertThat(runtime.connections().list(ADA)).containsExactly(opened);
    assertThat(runtime.connections().list(BOB)).containsExactly(other);
  }

  @Test
  @DisplayName("C3: whoever has just stored a token does not ask the key service for it; others do")
  void whoStoredATokenDoesNotDecryptIt() {
    service.stubFor(
        post("/token").willReturn(okJson("{\"access_token\":\"t1\",\"expires_in\":3600}")));
    service.stubFor(
        get("/tickets/1")
            .withHeader("Authorization", equalTo("Bearer t1"))
            .willReturn(okJson("{\"id\":\"1\",\"title\":\"T\"}")));
    InMemoryStore store = new InMemoryStore();
    KeyService keys = new KeyService();
    runtime.close();
    runtime = builder().store(store, keys).build();
    Connection connection =
        runtime
            .connections()
            .create(
                ADA,
                ConnectionSpec.of("tickets", "oauth2")
                    .with("client_id", "desk")
                    .secret("client_secret", Secret.of("s3cr3t")));
    runtime.invoke(ADA, MINE, Tickets.GET, new TicketId("1"));
    String first = store.findCredential(connection.id(), "acquired").orElseThrow().ciphertext();
    assertThat(keys.decrypted).noneMatch(first::endsWith);

    clock.advance(Duration.ofHours(2));
    runtime.invoke(ADA, MINE, Tickets.GET, new TicketId("1"));
    String next = store.findCredential(connection.id(), "acquired").orElseThrow().ciphertext();
    assertThat(keys.decrypted).anyMatch(first::endsWith).noneMatch(next::endsWith);

    try (ConnectorRuntime second = builder().store(store, keys).build()) {
      second.invoke(ADA, MINE, Tickets.GET, new TicketId("1"));
    }
    assertThat(keys.decrypted).anyMatch(next::endsWith);
  }

  @Test
  @Tag("C2")
  @Tag("C5")
  void anUnreadableSecretMarksItsConnectionAndNoOther() {
    service.stubFor(get("/tickets/1").willReturn(okJson("{\"id\":\"1\",\"title\":\"T\"}")));
    InMemoryStore store = new InMemoryStore();
    runtime.close();
    runtime = builder().store(store, KeyRing.of("k", KEY)).build();
    Connection adas = connect(ADA, "ada-key");
    Connection bobs = connect(BOB, "bob-key");
    var moved = store.findCredential(adas.id(), "entered").orElseThrow();
    StoredConnection row = withVersion(store, bobs, 2);
    store.deleteConnection(bobs.id());
    store.insertConnection(
        row,
        List.of(new StoredCredential(bobs.id(), "entered", 1, moved.keyId(), moved.ciphertext())));
    clock.advance(Duration.ofSeconds(10));

    assertThatExceptionOfType(SecretUnreadableException.class)
        .isThrownBy(() -> runtime.invoke(BOB, MINE, Tickets.GET, new TicketId("1")));
    runtime.invoke(ADA, MINE, Tickets.GET, new TicketId("1"));

    assertThat(runtime.connections().get(BOB, bobs.id()).status().toString())
        .isEqualTo("ERROR (CREDENTIALS_UNREADABLE)");
    assertThat(service.getAllServeEvents()).hasSize(1);
  }

  private static StoredConnection withVersion(
      InMemoryStore store, Connection connection, long version) {
    var row = store.findConnection(connection.id()).orElseThrow();
    return new StoredConnection(
        row.identity(),
        row.settings(),
        row.access(),
        new Revision(version, row.revision().createdAt(), row.revision().updatedAt()));
  }

  @Test
  void twoConnectorsWithOneIdAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().connector(connector()).build())
        .withMessage("Two connectors have the id 'tickets'; register one of them");
  }

  @Test
  void aRegisteredPluginBringsItsConnectors() {
    ConnectorProvider plugin =
        () -> List.of(Connector.builder("extra", "https://extra.example.com").build());
    try (ConnectorRuntime own = builder().provider(plugin).build()) {
      assertThat(own.connectors(ADA)).hasSize(2);
    }
  }

  @Test
  void aListenerThatFailsHarmsNobody() {
    service.stubFor(get("/tickets/1").willReturn(okJson("{\"id\":\"1\",\"title\":\"T\"}")));
    try (ConnectorRuntime own =
        builder()
            .listener(
                event -> {
                  throw new IllegalStateException("bug");
                })
            .build()) {
      own.connections()
          .create(ADA, ConnectionSpec.of("tickets", "bearer").secret("token", Secret.of("t")));
      own.invoke(ADA, MINE, Tickets.GET, new TicketId("1"));
    }
  }

  @Test
  void anOptionThatNeedsARegisteredClientSaysSo() {
    var spec = ConnectionSpec.of("tickets", "signIn").named("no client");

    assertThatExceptionOfType(ConnectorException.class)
        .isThrownBy(
            () ->
                runtime
                    .consents()
                    .begin(
                        ADA,
                        spec,
                        "session",
                        ConsentOptions.standard()
                            .redirectUri(java.net.URI.create("https://app.test/cb/tickets"))))
        .withMessageContaining("client");
    assertThat(runtime.connections().list(ADA)).isEmpty();
    assertThat(ClientRegistration.publicClient("app").clientSecret()).isNull();
  }
}
