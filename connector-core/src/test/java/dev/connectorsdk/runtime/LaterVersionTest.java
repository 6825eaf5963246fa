package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.unauthorized;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionStatus.Reason;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.error.StoreException;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.consent.ConsentOptions;
import dev.connectorsdk.jdbc.JdbcStore;
import dev.connectorsdk.runtime.Tickets.TicketId;
import dev.connectorsdk.secret.KeyRing;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A node works on a store in which a later version has written what it does not know. */
@Tag("I7")
class LaterVersionTest extends DatabaseHostTest {

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    return builder
        .store(JdbcStore.builder(database).build(), KeyRing.random())
        .client("tickets", "signIn", CLIENT);
  }

  @Test
  @DisplayName("I7: a status that is not known is seen; such a connection is only deleted")
  void aStatusThatIsNotKnownIsSeen() throws Exception {
    ConnectionId id = connect(ADA, "k").id();
    runtime.invoke(ADA, MINE, Tickets.GET, new TicketId("1"));
    change(id, "status = 'SLEEPING', status_reason = 'NIGHT'");

    assertThat(runtime.connections().list(ADA))
        .singleElement()
        .extracting(c -> c.status().toString(), c -> c.status().message())
        .containsExactly(
            "ERROR (NOT_UNDERSTOOD)",
            "The stored status SLEEPING (NIGHT) is not known to this version of the library");
    assertThatExceptionOfType(ResolutionException.Broken.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, Tickets.GET, new TicketId("1")))
        .withMessageContaining("is ERROR (NOT_UNDERSTOOD)");
    refuses(
        () ->
            runtime
                .connections()
                .update(
                    ADA,
                    id,
                    ConnectionSpec.of("tickets", "apiKey").secret("api_key", Secret.of("x"))));
    refuses(() -> runtime.connections().test(ADA, id));
    assertThat(service.getAllServeEvents()).isEmpty();

    assertThat(runtime.connections().delete(ADA, id)).isTrue();
    assertThat(runtime.connections().list(ADA)).isEmpty();
  }

  @Test
  @DisplayName("I7: nobody signs in for a connection that is not understood")
  void nobodySignsInForAConnectionThatIsNotUnderstood() throws Exception {
    ConnectionId id =
        SignIns.signIn(runtime, ADA, ConnectionSpec.of("tickets", "signIn"), "c").id();
    change(id, "status_reason = 'NIGHT'");

    ConsentOptions options =
        ConsentOptions.standard().redirectUri(URI.create("https://app.test/callback/tickets"));
    refuses(() -> runtime.consents().begin(ADA, id, "session", options));

    assertThat(runtime.connections().delete(ADA, id)).isTrue();
  }

  private static void refuses(ThrowingCallable change) {
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(change)
        .withMessageMatching(
            "Connection '\\w+' cannot be used or changed by this version of the library: The stored"
                + " status .*")
        .matches(e -> !e.isRetryable());
  }

  @Test
  @DisplayName("I7: an auth option or connector that is not known is seen, refused and deleted")
  void anAuthOptionOrConnectorThatIsNotKnownIsSeen() throws Exception {
    for (String change : List.of("auth_option = 'passkey'", "connector = 'tomorrow'")) {
      ConnectionId id = connect(ADA, "k").id();
      change(id, change);

      assertThat(runtime.connections().list(ADA)).extracting(Connection::id).contains(id);
      assertThatExceptionOfType(ConnectorException.class)
          .isThrownBy(() -> runtime.invoke(ADA, MINE, Tickets.GET, new TicketId("1")));
      assertThat(runtime.connections().delete(ADA, id)).isTrue();
    }
  }

  @Test
  @DisplayName("I7: rows that are not understood do not end keep-alive for the others")
  void rowsThatAreNotUnderstoodDoNotEndKeepAliveForTheOthers() throws Exception {
    for (String change :
        List.of(
            "status = 'SLEEPING'",
            "status_reason = 'NIGHT'",
            "auth_option = 'passkey'",
            "connector = 'tomorrow'",
            "connector = 'To morrow'",
            "environment = ''",
            "owner = 'team:x'")) {
      change(connect(ADA, "k").id(), change);
    }
    SignIns.signIn(runtime, BOB, ConnectionSpec.of("tickets", "signIn"), "c");
    clock.advance(Duration.ofDays(31));

    assertThat(runtime.keepAlive(Duration.ofDays(30))).isEqualTo(1);
    assertThat(runtime.connections().list(ADA)).hasSize(4);
  }

  @Test
  @DisplayName(
      "I7: a connection of an owner that is not known is a typed refusal where it is bound")
  void aConnectionOfAnOwnerThatIsNotKnownIsATypedRefusal() throws Exception {
    ConnectionId id = connect(ADA, "k").id();
    runtime.references().bind(ADA, MINE, id);
    change(id, "owner = 'team:x'");

    assertThatExceptionOfType(ConnectorException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, Tickets.GET, new TicketId("1")));
    assertThat(runtime.connections().list(ADA)).isEmpty();
  }

  @Test
  @DisplayName("I7: nothing that happens to a connection overwrites a status that is not known")
  void nothingOverwritesAStatusThatIsNotKnown() throws Exception {
    ConnectionId id = connect(ADA, "k").id();
    runtime.invoke(ADA, MINE, Tickets.GET, new TicketId("1"));
    execute("UPDATE connector_connection SET status = 'SLEEPING'");
    service.stubFor(get("/tickets/1").willReturn(unauthorized()));

    assertThatExceptionOfType(ConnectorException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, Tickets.GET, new TicketId("1")));

    assertThat(runtime.connections().get(ADA, id).status().reason())
        .isEqualTo(Reason.NOT_UNDERSTOOD);
  }
}
