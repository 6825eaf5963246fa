package dev.connectorsdk.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.auth.ConsentStrategy.ConsentCallback;
import dev.connectorsdk.api.auth.ConsentStrategy.ConsentRequest;
import dev.connectorsdk.api.auth.ConsentStrategy.ConsentStart;
import dev.connectorsdk.api.auth.ConsentStrategy.DeviceRequest;
import dev.connectorsdk.api.auth.ConsentStrategy.DeviceStart;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.OAuth2Scheme.Renewal;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A renewal asks for what was granted, never for more; RFC 6749 section 6. */
@Tag("A9")
class GrantedScopesTest {

  private static final URI CALLBACK = URI.create("https://host.example.com/callback/c");

  @RegisterExtension static final TokenServer server = new TokenServer();

  private final OAuth2Strategy strategy = new OAuth2Strategy();
  private final TestConnection connection =
      new TestConnection().registered(ClientRegistration.of("app", Secret.of("s3cret")));
  private final OAuth2Scheme scheme =
      OAuth2Scheme.authorizationCode("https://id.example.com/authorize", server.url())
          .scopes("read", "write")
          .refresh(request -> request.parameter("scope", "{scope}"));

  @ParameterizedTest(name = "asked for {0}, granted {1}: renewed with {2}")
  @CsvSource({
    "read write,       read write,   read write",
    "read write,       read,         read",
    "read write,       'read,write', read write",
    "read write,       ,             read write",
    "read write admin, ,             read write admin",
    "read write,       read admin,   read admin",
    "read,             ,             read"
  })
  @DisplayName("A9: a renewal asks for what the sign-in was granted")
  void aRenewalAsksForWhatTheSignInWasGranted(
      String asked, @Nullable String granted, String renewed) {
    signIn(scheme, asked, granted);

    renewed(scheme, null);

    assertThat(server.form()).containsEntry("scope", renewed);
  }

  @Test
  @DisplayName("A9: scopes are joined as the provider wants them")
  void scopesAreJoinedAsTheProviderWantsThem() {
    OAuth2Scheme commas = scheme.scopeSeparator(",");
    signIn(commas, "read write", "read,admin");

    renewed(commas, null);

    assertThat(server.form()).containsEntry("scope", "read,admin");
  }

  @ParameterizedTest(name = "first granted {0}, then {1}")
  @CsvSource({
    "read write, read,             read",
    "read,       read write admin, read write admin",
    "read write, ,                 read write"
  })
  @DisplayName("A9: what a renewal grants is told, and what the next one asks for")
  void whatARenewalGrantsIsToldAndAskedForNext(String first, @Nullable String then, String counts) {
    signIn(scheme, "read write", first);

    renewed(scheme, then);
    renewed(scheme, null);

    assertThat(server.form()).containsEntry("scope", counts);
    assertThat(connection.granted)
        .last()
        .satisfies(told -> assertThat(told).containsExactly(counts.split(" ")));
  }

  @Test
  @DisplayName("A9: of a grant whose scopes nobody knows none is named: it is renewed as it is")
  void aGrantWhoseScopesNobodyKnowsIsRenewedAsItIs() {
    connection
        .vault()
        .put(
            new TokenSet(
                Secret.of("t0"), Secret.of("r0"), connection.clock.instant(), null, List.of()));

    renewed(scheme, null);

    assertThat(server.form()).doesNotContainKey("scope");
  }

  @Test
  @DisplayName("A9: a request for the first token names the scopes of its sign-in")
  void aRequestForTheFirstTokenNamesTheScopesOfItsSignIn() {
    OAuth2Scheme naming = scheme.exchange(request -> request.parameter("scope", "{scope}"));

    signIn(naming, "read admin", null);

    assertThat(server.form()).containsEntry("scope", "read admin");
  }

  @Test
  @DisplayName("A9: what was granted on another device is what is asked for")
  void whatWasGrantedOnAnotherDeviceIsAskedFor() {
    OAuth2Scheme device =
        OAuth2Scheme.deviceCode(server.url(), server.url())
            .scopes("read", "write")
            .exchange(request -> request.parameter("scope", "{scope}"))
            .refresh(request -> request.parameter("scope", "{scope}"));
    server.answers(
        """
        {"device_code": "d", "user_code": "u", "verification_uri": "https://id.example.com/d"}
        """);
    DeviceStart start =
        strategy.beginDevice(
            device, connection, new DeviceRequest(List.of("read", "admin"), false));
    server.issues("t0", "r0", 60);

    strategy.pollDevice(device, connection, start);
    assertThat(server.form()).containsEntry("scope", "read admin");
    renewed(device, null);

    assertThat(server.form()).containsEntry("scope", "read admin");
  }

  @Test
  @DisplayName("A9: a token that renews itself, and one of a password, ask for what was granted")
  void otherRenewalsAskForWhatWasGranted() {
    OAuth2Scheme password =
        OAuth2Scheme.passwordAgainstAdvice(server.url())
            .clientOfHost()
            .scopes("read", "write")
            .renewal(Renewal.REFRESH_TOKEN)
            .refresh(request -> request.parameter("scope", "{scope}"));
    connection.parameter("username", "ada").secret("password", "pw");
    answer("read");
    Authenticator authenticator = connection.open(password);
    authenticator.authenticate(new TestRequest());
    assertThat(server.form()).containsEntry("scope", "read write");

    connection.clock.advance(java.time.Duration.ofHours(2));
    authenticator.authenticate(new TestRequest());

    assertThat(server.form())
        .containsEntry("grant_type", "refresh_token")
        .containsEntry("scope", "read");
  }

  @Test
  @DisplayName("A renewal names the redirect URI of its sign-in where its template does")
  void aRenewalNamesTheRedirectUriOfItsSignIn() {
    OAuth2Scheme naming =
        scheme.refresh(request -> request.parameter("redirect_uri", "{redirect_uri}"));
    signIn(naming, "read", null);

    renewed(naming, null);
    renewed(naming, null);

    assertThat(server.form()).containsEntry("redirect_uri", CALLBACK.toString());
  }

  private void signIn(OAuth2Scheme scheme, String asked, @Nullable String granted) {
    ConsentStart start =
        strategy.begin(
            scheme,
            connection,
            new ConsentRequest(CALLBACK, "st4te", List.of(asked.split(" ")), Map.of()));
    answer(granted);
    strategy.complete(
        scheme,
        connection,
        new ConsentCallback(CALLBACK, start.memo(), Map.of("code", List.of("c0de"))));
  }

  /** Renews the token, and has the answer name the scopes, or not. */
  private void renewed(OAuth2Scheme scheme, @Nullable String granted) {
    answer(granted);
    assertThat(
            connection
                .open(scheme)
                .renew(connection.vault().version(), connection.clock.instant().plusSeconds(60)))
        .isTrue();
  }

  private static void answer(@Nullable String granted) {
    String scope = granted == null ? "" : ", \"scope\": \"" + granted + "\"";
    server.answers(
        """
        {"access_token": "t", "token_type": "Bearer", "expires_in": 3600, "refresh_token": "r"%s}
        """
            .formatted(scope));
  }
}
