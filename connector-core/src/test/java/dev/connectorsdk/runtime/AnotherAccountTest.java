package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.delete;
import static com.github.tomakehurst.wiremock.client.WireMock.deleteRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.serverError;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Account;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.event.ConnectorEvent.EventsMissing;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.consent.ConsentOptions;
import dev.connectorsdk.consent.PendingConsent;
import dev.connectorsdk.trigger.Subscription;
import dev.connectorsdk.trigger.Subscription.Phase;
import java.net.URI;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Somebody signs in at a connection with another account, while a flow is called by the first. */
@Tag("G14")
class AnotherAccountTest extends WebhookHostTest {

  private static final URI CALLBACK = URI.create("https://app.test/callback/tickets");

  @Override
  Connector connector() {
    return Tickets.builder(url())
        .test(call -> Account.of(call.http().get("/me").fetch(Tickets.Me.class).login()))
        .trigger(trigger())
        .build();
  }

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    return super.with(builder).client("tickets", "signIn", CLIENT).hostOrigins("https://app.test");
  }

  /** Binds the reference to a connection at which Ada has signed in. */
  @Override
  Connection bindAdasConnection() {
    Connection connection = signIn("ada", () -> begin(ConnectionSpec.of("tickets", "signIn")));
    runtime.references().bind(ADA, SHARED, connection.id());
    return connection;
  }

  private PendingConsent begin(ConnectionSpec spec) {
    return runtime
        .consents()
        .begin(ADA, spec, "s", ConsentOptions.standard().redirectUri(CALLBACK));
  }

  private Connection signIn(String login, Supplier<PendingConsent> begun) {
    String tokens = "{\"access_token\":\"of-%s\",\"refresh_token\":\"r\",\"expires_in\":36000}";
    service.stubFor(post("/token").willReturn(okJson(tokens.formatted(login))));
    service.stubFor(
        get("/me")
            .withHeader("Authorization", equalTo("Bearer of-" + login))
            .willReturn(okJson("{\"login\":\"" + login + "\"}")));
    return runtime
        .consents()
        .complete(ADA.principal(), SignIns.callback(CALLBACK, begun.get(), "code=c"), "s")
        .connection();
  }

  private void signInAs(String login) {
    Connection connection = runtime.connections().list(ADA).get(0);
    ConsentOptions options = ConsentOptions.standard().redirectUri(CALLBACK).allowingOtherAccount();
    signIn(login, () -> runtime.consents().begin(ADA, connection.id(), "s", options));
  }

  @Test
  @DisplayName("G14: the registration of the first account ends with that one's credential")
  void theRegistrationEndsWithTheCredentialThatMadeIt() {
    Subscription subscription = subscribeToHook();
    Told first = told();

    signInAs("eve");
    service.verify(
        1,
        deleteRequestedFor(urlEqualTo("/hooks/h-1"))
            .withHeader("Authorization", equalTo("Bearer of-ada")));
    runAfter(ROUND);

    service.verify(
        1,
        postRequestedFor(urlEqualTo("/hooks"))
            .withHeader("Authorization", equalTo("Bearer of-eve")));
    assertThat(inspect(subscription).phase()).isEqualTo(Phase.ACTIVE);
    assertThat(inspect(subscription).orphans()).isZero();
    assertThat(heard(EventsMissing.class)).hasSize(1);
    assertThat(send(first, "T-1").statusCode()).isEqualTo(404);
    assertThat(send(told(), "T-1").statusCode()).isEqualTo(200);
  }

  @Test
  @DisplayName("G14: what the first account's credential cannot remove is listed as an orphan")
  void whatCannotBeRemovedIsListed() {
    Subscription subscription = subscribeToHook();
    Told first = told();
    service.stubFor(delete("/hooks/h-1").willReturn(serverError()));

    signInAs("eve");
    for (int i = 0; i < 30; i++) {
      runAfter(ROUND);
    }

    service.verify(
        0,
        deleteRequestedFor(urlEqualTo("/hooks/h-1"))
            .withHeader("Authorization", equalTo("Bearer of-eve")));
    assertThat(inspect(subscription).orphans()).isEqualTo(1);
    assertThat(send(first, "T-1").statusCode()).isEqualTo(410);
    assertThat(send(told(), "T-1").statusCode()).isEqualTo(200);
  }

  @Test
  @DisplayName("G14: the same account keeps its registration when it signs in again")
  void theSameAccountKeepsItsRegistration() {
    subscribeToHook();

    signInAs("ada");
    runAfter(ROUND);

    service.verify(1, postRequestedFor(urlEqualTo("/hooks")));
    service.verify(0, deleteRequestedFor(urlEqualTo("/hooks/h-1")));
  }
}
