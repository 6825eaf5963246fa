package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.ConsentException;
import dev.connectorsdk.api.error.SecretUnreadableException;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.ConnectorStore.StoredCredential;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.consent.ConsentOptions;
import dev.connectorsdk.consent.PendingConsent;
import dev.connectorsdk.jdbc.JdbcStore;
import dev.connectorsdk.runtime.Tickets.TicketId;
import dev.connectorsdk.secret.KeyMaintenance;
import dev.connectorsdk.secret.KeyRing;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Somebody who can write into the database, and into nothing else. */
@Tag("C2")
class BoundCredentialsTest extends DatabaseHostTest {

  private static final URI CALLBACK = URI.create("https://app.test/callback/tickets");

  private final KeyRing keys = KeyRing.of("k", key((byte) 1));
  private ConnectorStore store;

  private static byte[] key(byte first) {
    byte[] key = new byte[32];
    key[0] = first;
    return key;
  }

  @Override
  Connector connector() {
    return Tickets.builder("http://{site}:" + service.port(), url())
        .parameter(ConnectionParameter.text("site").oneOf("localhost", "127.0.0.1"))
        .parameter(ConnectionParameter.text("label").optional())
        .build();
  }

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    store = JdbcStore.builder(database).build();
    return builder.store(store, keys).client("tickets", "signIn", CLIENT);
  }

  private static ConnectionSpec key() {
    return ConnectionSpec.of("tickets", "apiKey")
        .with("site", "localhost")
        .secret("api_key", Secret.of("k"));
  }

  private static ConnectionSpec signingIn() {
    return ConnectionSpec.of("tickets", "signIn").with("site", "localhost");
  }

  private static void call(ConnectorRuntime runtime, Caller caller) {
    runtime.invoke(caller, MINE, Tickets.GET, new TicketId("1"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @DisplayName("C2: a connection that was given to another owner gives him no credential")
  void aConnectionThatWasGivenToAnotherOwnerGivesHimNoCredential(boolean used) throws Exception {
    for (ConnectionSpec spec : List.of(key(), signingIn())) {
      ConnectionId id = made(spec);
      if (used) {
        call(runtime, ADA);
      }
      change(id, "owner = 'user:bob'");

      assertThatExceptionOfType(SecretUnreadableException.class)
          .isThrownBy(() -> call(runtime, BOB))
          .withMessageContaining("were not stored for the connection as it is now");
      assertThatExceptionOfType(ConnectorException.class)
          .isThrownBy(() -> runtime.consents().begin(BOB, id, "s", options()));
      runtime.connections().test(BOB, id);
      assertThat(runtime.connections().delete(BOB, id)).isTrue();
      assertThat(service.getAllServeEvents()).isEmpty();
    }
  }

  private ConnectionId made(ConnectionSpec spec) {
    return spec.authOption().equals("signIn")
        ? SignIns.signIn(runtime, ADA, spec, "c").id()
        : runtime.connections().create(ADA, spec).id();
  }

  private static ConsentOptions options() {
    return ConsentOptions.standard().redirectUri(CALLBACK);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "parameters = '{\"site\":\"127.0.0.1\"}'",
        "parameters = '{\"site\":\"localhost\",\"label\":\"x\"}'",
        "auth_option = 'bearer'"
      })
  @DisplayName("C2: a connection whose address was changed in the store sends no credential there")
  void aConnectionWhoseAddressWasChangedSendsNoCredentialThere(String change) throws Exception {
    for (ConnectionSpec spec : List.of(key(), signingIn())) {
      ConnectionId id = made(spec);
      call(runtime, ADA);
      change(id, change);

      assertThatExceptionOfType(SecretUnreadableException.class)
          .isThrownBy(() -> call(runtime, ADA));
      assertThat(service.getAllServeEvents()).isEmpty();
      assertThat(runtime.connections().get(ADA, id).status().toString())
          .isEqualTo("ERROR (CREDENTIALS_UNREADABLE)");
      runtime.connections().delete(ADA, id);
    }
  }

  @Test
  @DisplayName("C2: an update of a connection that was changed in the store keeps no credential")
  void anUpdateOfAConnectionThatWasChangedInTheStoreKeepsNoCredential() throws Exception {
    ConnectionId id = made(signingIn());
    change(id, "parameters = '{\"site\":\"127.0.0.1\"}'");

    Connection updated =
        runtime.connections().update(ADA, id, signingIn().with("site", "127.0.0.1"));

    assertThat(updated.status().toString()).isEqualTo("UNAUTHENTICATED (CONSENT_PENDING)");
    assertThatExceptionOfType(ConnectorException.class).isThrownBy(() -> call(runtime, ADA));
    assertThat(service.getAllServeEvents()).isEmpty();
  }

  @Test
  @DisplayName("C2: a new token is not sent to the address that a former one was for")
  void aNewTokenIsNotSentToTheAddressThatAFormerOneWasFor() throws Exception {
    ConnectionId id = made(signingIn());
    StoredCredential formerly = store.findCredential(id, "entered").orElseThrow();
    runtime.connections().update(ADA, id, signingIn().with("site", "127.0.0.1"));
    signInAgain(id);
    call(runtime, ADA);

    execute(
        "UPDATE connector_credential SET version = 1, ciphertext = '"
            + formerly.ciphertext()
            + "' WHERE slot = 'entered'");
    change(id, "parameters = '{\"site\":\"localhost\"}'");

    assertThatExceptionOfType(ConnectorException.class).isThrownBy(() -> call(runtime, ADA));
    assertThat(service.getAllServeEvents()).isEmpty();
  }

  private void signInAgain(ConnectionId id) {
    PendingConsent pending = runtime.consents().begin(ADA, id, "session", options());
    runtime
        .consents()
        .complete(ADA.principal(), SignIns.callback(CALLBACK, pending, "code=c"), "session");
  }

  @Test
  @DisplayName("C2: without what its owner entered, which vouches for it, a connection is not used")
  void withoutWhatItsOwnerEnteredAConnectionIsNotUsed() throws Exception {
    ConnectionId id = made(signingIn());
    execute("DELETE FROM connector_credential WHERE slot = 'entered'");
    change(id, "parameters = '{\"site\":\"127.0.0.1\"}'");

    assertThatExceptionOfType(SecretUnreadableException.class).isThrownBy(() -> call(runtime, ADA));
    assertThat(service.getAllServeEvents()).isEmpty();
  }

  @Test
  @DisplayName(
      "C2, I4: its owner's own changes keep what was acquired, and what is renewed meanwhile")
  void itsOwnersOwnChangesKeepWhatWasAcquired() {
    ConnectionId id = made(signingIn());
    call(runtime, ADA);
    tokens("t1", "r1");
    clock.advance(Duration.ofHours(2));
    runtime.connections().update(ADA, id, signingIn().with("label", "Desk").named("Desk"));

    call(runtime, ADA);
    try (ConnectorRuntime other = with(builder()).build()) {
      call(other, ADA);
      other.connections().update(ADA, id, signingIn().with("label", "Office"));
      call(other, ADA);
    }
    clock.advance(Duration.ofSeconds(10));
    call(runtime, ADA);
    KeyMaintenance.reencrypt(
        store, KeyRing.of("new", key((byte) 2)).withRetired("k", key((byte) 1)), 10);

    try (ConnectorRuntime rotated =
        builder()
            .store(store, KeyRing.of("new", key((byte) 2)))
            .client("tickets", "signIn", CLIENT)
            .build()) {
      call(rotated, ADA);
    }
    service.verify(
        5,
        getRequestedFor(urlEqualTo("/tickets/1"))
            .withHeader("Authorization", equalTo("Bearer t1")));
  }

  @Test
  @DisplayName("C2: a pending sign-in whose end was put off in the store is not completed")
  void aPendingSignInWhoseEndWasPutOffIsNotCompleted() throws Exception {
    PendingConsent pending = runtime.consents().begin(ADA, signingIn(), "session", options());
    clock.advance(Duration.ofMinutes(11));
    execute("UPDATE connector_ticket SET expires_at = expires_at + INTERVAL '1' DAY");

    assertThatExceptionOfType(ConnectorException.class)
        .isThrownBy(
            () ->
                runtime
                    .consents()
                    .complete(
                        ADA.principal(), SignIns.callback(CALLBACK, pending, "code=c"), "session"))
        .matches(e -> e instanceof SecretUnreadableException || e instanceof ConsentException);
    assertThat(service.getAllServeEvents()).isEmpty();
  }

  @Test
  @DisplayName("C2: what an earlier version stored is used after it was bound, and only then")
  void whatAnEarlierVersionStoredIsUsedAfterItWasBound() throws Exception {
    ConnectionId id = made(key());
    StoredCredential stored = store.findCredential(id, "entered").orElseThrow();
    StoredCredential former =
        StoredCredential.encrypt(keys, id, "entered", 1, "", stored.decrypt(keys));
    execute("UPDATE connector_credential SET ciphertext = '" + former.ciphertext() + "'");
    change(id, "display_name = 'Former'");

    assertThatExceptionOfType(SecretUnreadableException.class)
        .isThrownBy(() -> call(runtime, ADA))
        .withMessageContaining("RuntimeBuilder.bindFormerCredentials brings up to date");
    assertThat(runtime.connections().get(ADA, id).status().isConnected()).isTrue();

    with(builder()).bindFormerCredentials().build();
    clock.advance(Duration.ofSeconds(10));
    call(runtime, ADA);

    StoredCredential put =
        StoredCredential.encrypt(keys, id, "entered", 2, "", Secret.of("{\"api_key\":\"k\"}"));
    execute("UPDATE connector_credential SET ciphertext = '" + put.ciphertext() + "'");
    change(id, "owner = 'user:bob'");
    assertThatExceptionOfType(SecretUnreadableException.class).isThrownBy(() -> call(runtime, BOB));
  }

  @Test
  @DisplayName("C2: what an earlier version stored without any secret is bound as well")
  void whatAnEarlierVersionStoredWithoutAnySecretIsBound() throws Exception {
    ConnectionId id = made(ConnectionSpec.of("tickets", "none").with("site", "localhost"));
    execute("DELETE FROM connector_credential");
    change(id, "display_name = 'Former'");
    assertThatExceptionOfType(SecretUnreadableException.class).isThrownBy(() -> call(runtime, ADA));

    with(builder()).bindFormerCredentials().build().close();
    clock.advance(Duration.ofSeconds(10));

    call(runtime, ADA);
  }

  @Test
  @DisplayName("C2: a former credential beside bound ones is left as it is, counted and named")
  void aFormerCredentialBesideBoundOnesIsLeft() throws Exception {
    ConnectionId id = made(signingIn());
    StoredCredential stored = store.findCredential(id, "acquired").orElseThrow();
    StoredCredential former =
        StoredCredential.encrypt(keys, id, "acquired", stored.version(), "", stored.decrypt(keys));
    execute(
        "UPDATE connector_credential SET ciphertext = '"
            + former.ciphertext()
            + "' WHERE slot = 'acquired'");
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    root.addAppender(log);
    try {
      with(builder()).bindFormerCredentials().build();
    } finally {
      root.detachAppender(log);
    }

    assertThat(log.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .contains(
            "Connection " + id + ": left as it is, since 2 of its 3 credentials are bound already",
            "Of connections that an earlier version stored, bound the credentials of 0 and left"
                + " those of 1");
    clock.advance(Duration.ofSeconds(10));
    assertThatExceptionOfType(ConnectorException.class).isThrownBy(() -> call(runtime, ADA));
    assertThat(store.findCredential(id, "acquired").orElseThrow().ciphertext())
        .isEqualTo(former.ciphertext());
  }
}
