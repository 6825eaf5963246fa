package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.error.ConsentException;
import dev.connectorsdk.api.error.SecretUnreadableException;
import dev.connectorsdk.api.spi.ConnectorStore.StoredCredential;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.consent.CompletedConsent;
import dev.connectorsdk.consent.ConsentOptions;
import dev.connectorsdk.consent.PendingConsent;
import dev.connectorsdk.runtime.Tickets.TicketId;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.store.InMemoryStore;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the owner of a connection entered cannot be read any more, and somebody signs in again. */
@Tag("C2")
class LostValuesTest extends HostTest {

  private static final URI CALLBACK = URI.create("https://app.test/callback/tickets");

  private final InMemoryStore store = new InMemoryStore();

  private OAuth2Scheme scheme() {
    return OAuth2Scheme.authorizationCode(url() + "/authorize", url() + "/token");
  }

  @Override
  Connector connector() {
    OAuth2Scheme device = OAuth2Scheme.deviceCode(url() + "/device", url() + "/token");
    OAuth2Scheme telling = scheme().answer(answer -> answer.capture("cloud", "/cloud"));
    return Tickets.builder(url())
        .auth(AuthOption.oauth2(device).named("device"))
        .auth(
            AuthOption.oauth2(telling)
                .named("telling")
                .asking(ConnectionParameter.text("cloud").optional().hidden()))
        .auth(
            AuthOption.oauth2(scheme())
                .named("twoKeys")
                .asking(ConnectionParameter.secret("first").optional())
                .asking(ConnectionParameter.secret("second").optional()))
        .auth(AuthOption.oauth2(scheme().clientOfConnection()).named("ownClient"))
        .auth(
            AuthOption.oauth2(
                    OAuth2Scheme.authorizationCode(url() + "/{tenant}/authorize", url() + "/token"))
                .named("tenant")
                .asking(ConnectionParameter.text("tenant")))
        .test(
            call -> {
              String login = call.http().get("/me").fetch(Tickets.Me.class).login();
              return new dev.connectorsdk.api.Account(login, login);
            })
        .build();
  }

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    builder.store(store, KeyRing.random());
    for (String option : new String[] {"signIn", "device", "telling", "twoKeys", "tenant"}) {
      builder.client("tickets", option, CLIENT);
    }
    return builder;
  }

  @BeforeEach
  void theServiceIssuesTokens() {
    theServiceAccepts("t1");
    itIs("ada");
    tokens("");
  }

  private static void itIs(String login) {
    service.stubFor(get("/me").willReturn(okJson("{\"login\":\"" + login + "\"}")));
  }

  private static void tokens(String more) {
    service.stubFor(
        post("/token")
            .willReturn(
                okJson(
                    "{\"access_token\":\"t1\",\"refresh_token\":\"r1\",\"expires_in\":3600"
                        + more
                        + "}")));
  }

  private static ConnectionSpec spec(String option) {
    return ConnectionSpec.of("tickets", option);
  }

  private Connection signIn(ConnectionSpec spec) {
    return SignIns.signIn(runtime, ADA, spec, "c");
  }

  /** As if it had been encrypted with a key that is gone. */
  private void lose(ConnectionId id, String slot) {
    StoredCredential stored = store.findCredential(id, slot).orElseThrow();
    StoredCredential lost =
        StoredCredential.encrypt(
            KeyRing.random(), id, slot, stored.version() + 1, stored.context(), Secret.of("{}"));
    assertThat(store.writeCredential(lost, stored.version())).isTrue();
  }

  private void whatWasEnteredIsLost(ConnectionId id) {
    lose(id, "entered");
    clock.advance(Duration.ofSeconds(10));
    assertThatExceptionOfType(SecretUnreadableException.class).isThrownBy(this::call);
    assertThat(runtime.connections().get(ADA, id).status().toString())
        .isEqualTo("ERROR (CREDENTIALS_UNREADABLE)");
  }

  private void call() {
    runtime.invoke(ADA, MINE, Tickets.GET, new TicketId("1"));
  }

  private CompletedConsent signInAgain(ConnectionId id) {
    PendingConsent pending =
        runtime
            .consents()
            .begin(ADA, id, "session", ConsentOptions.standard().redirectUri(CALLBACK));
    return runtime
        .consents()
        .complete(ADA.principal(), SignIns.callback(CALLBACK, pending, "code=c"), "session");
  }

  private void assertRepaired(Connection connection) {
    assertThat(connection.status().isConnected()).isTrue();
    call();
    clock.advance(Duration.ofHours(2));
    call();
    Connection named =
        runtime
            .connections()
            .update(ADA, connection.id(), spec(connection.authOption()).named("Repaired"));
    assertThat(named.status().isConnected()).as("an update keeps the sign-in").isTrue();
    call();
  }

  @Test
  @DisplayName("C2: a sign-in repairs the connection, for calls, renewals and updates")
  void aSignInRepairsTheConnection() {
    ConnectionId id = signIn(spec("signIn")).id();
    whatWasEnteredIsLost(id);

    CompletedConsent done = signInAgain(id);

    assertThat(done.valuesToEnterAgain()).isEmpty();
    assertRepaired(done.connection());
    assertThat(signInAgain(id).connection().status().isConnected()).isTrue();
  }

  @Test
  @DisplayName("C2: a sign-in on another device repairs it too")
  void aSignInOnAnotherDeviceRepairsItToo() throws Exception {
    service.stubFor(
        post("/device")
            .willReturn(
                okJson(
                    """
                    {"device_code":"d","user_code":"u","verification_uri":"https://id.test"}""")));
    ConnectionId id = runtime.consents().beginDevice(ADA, spec("device")).await().connection().id();
    whatWasEnteredIsLost(id);

    assertRepaired(
        runtime.consents().beginDevice(ADA, id, ConsentOptions.standard()).await().connection());
  }

  @Test
  @DisplayName("C2: it says which secrets have to be entered again, if there were any")
  void itSaysWhichSecretsHaveToBeEnteredAgain() {
    ConnectionId id = signIn(spec("twoKeys").secret("first", Secret.of("k"))).id();
    whatWasEnteredIsLost(id);

    assertThat(signInAgain(id).valuesToEnterAgain()).containsExactly("first", "second");
    assertThat(signInAgain(id).valuesToEnterAgain()).isEmpty();
  }

  @Test
  @DisplayName("C2: where a secret is needed the sign-in does not begin, and says which one")
  void whereASecretIsNeededTheSignInDoesNotBegin() {
    ConnectionSpec spec =
        spec("ownClient").with("client_id", "app").secret("client_secret", Secret.of("s"));
    ConnectionId id = signIn(spec).id();
    whatWasEnteredIsLost(id);

    assertThatExceptionOfType(SecretUnreadableException.class)
        .isThrownBy(() -> signInAgain(id))
        .withMessageContaining("Before somebody signs in, update the connection")
        .withMessageContaining("[client_secret]");

    runtime.connections().update(ADA, id, spec);
    assertThat(signInAgain(id).connection().status().isConnected()).isTrue();
  }

  @Test
  @DisplayName("C2: nobody signs in where only the store says that the owner wants to")
  void nobodySignsInWhereOnlyTheStoreSaysSo() {
    ConnectionSpec spec = spec("tenant").with("tenant", "acme");
    ConnectionId id = signIn(spec).id();
    whatWasEnteredIsLost(id);

    assertThatExceptionOfType(SecretUnreadableException.class)
        .isThrownBy(() -> signInAgain(id))
        .withMessageContaining("[tenant]");

    runtime.connections().update(ADA, id, spec);
    assertThat(signInAgain(id).connection().status().isConnected()).isTrue();
  }

  @Test
  @DisplayName("C2: what the service told before it tells again, or it is not known any more")
  void whatTheServiceToldBeforeItTellsAgain() {
    tokens(",\"cloud\":\"c-7\"");
    Connection connection = signIn(spec("telling"));
    assertThat(connection.parameters()).containsEntry("cloud", "c-7");
    whatWasEnteredIsLost(connection.id());
    tokens("");

    assertThat(signInAgain(connection.id()).connection().parameters()).doesNotContainKey("cloud");
  }

  @Test
  @Tag("A10")
  @DisplayName("A10: it is still the same account")
  void itIsStillTheSameAccount() {
    ConnectionId id = signIn(spec("signIn")).id();
    whatWasEnteredIsLost(id);
    itIs("eve");

    assertThatExceptionOfType(ConsentException.class)
        .isThrownBy(() -> signInAgain(id))
        .matches(e -> e.reason() == ConsentException.Reason.ACCOUNT_CHANGED);
  }

  @Test
  @Tag("A10")
  @DisplayName("A10: it is still the same account where who signed in cannot be read either")
  void itIsStillTheSameAccountWhereWhoSignedInCannotBeReadEither() {
    ConnectionId id = signIn(spec("signIn")).id();
    whatWasEnteredIsLost(id);
    lose(id, "sign-in");
    itIs("eve");

    assertThatExceptionOfType(ConsentException.class)
        .isThrownBy(() -> signInAgain(id))
        .matches(e -> e.reason() == ConsentException.Reason.ACCOUNT_CHANGED)
        .withMessageContaining("is of account 'ada', but the sign-in was as 'eve'");

    itIs("ada");
    assertRepaired(signInAgain(id).connection());
  }
}
