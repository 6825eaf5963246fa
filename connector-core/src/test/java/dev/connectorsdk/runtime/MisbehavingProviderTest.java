package dev.connectorsdk.runtime;

import static dev.connectorsdk.fixtures.RawTokenEndpoint.drip;
import static dev.connectorsdk.fixtures.RawTokenEndpoint.http;
import static dev.connectorsdk.fixtures.RawTokenEndpoint.pair;
import static dev.connectorsdk.fixtures.RawTokenEndpoint.reset;
import static dev.connectorsdk.fixtures.RawTokenEndpoint.silence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.AuthenticationException.Reason;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.ConsentException;
import dev.connectorsdk.api.event.ConnectorEvent.CredentialRevoked;
import dev.connectorsdk.consent.ConsentOptions;
import dev.connectorsdk.consent.PendingConsent;
import dev.connectorsdk.fixtures.RawTokenEndpoint;
import dev.connectorsdk.fixtures.RawTokenEndpoint.Answer;
import dev.connectorsdk.http.HttpLimits;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What becomes of a call, of the connection and of what is stored when a provider does what it
 * should not: over the real transport, to a token endpoint on a bare socket.
 */
@Tag("B1")
@Tag("B6")
@Tag("B16")
@Tag("B18")
class MisbehavingProviderTest extends RawProviderTest {

  private static final URI CALLBACK = URI.create("https://app.test/callback/tickets");
  private static final String ISSUER = "https://id.tickets.example";
  private static final String GOOD =
      """
      {"access_token":"t1","refresh_token":"r1","token_type":"Bearer","expires_in":3600}\
      """;

  @AutoClose private final RawTokenEndpoint elsewhere = new RawTokenEndpoint();

  @BeforeEach
  void theServiceTakesNewTokensOnly() {
    elsewhere.answers(pair("stolen", "stolen"));
    theServiceAccepts("t1");
  }

  @Override
  Connector connector() {
    OAuth2Scheme scheme =
        OAuth2Scheme.authorizationCode(url() + "/authorize", provider.url() + "/token")
            .issuedBy(ISSUER)
            .revocationUrl(provider.url() + "/revoke");
    return Connector.builder("tickets", url())
        .auth(AuthOption.oauth2(scheme).named("signIn"))
        .action(Tickets.GET)
        .build();
  }

  // What a refresh is answered | what the caller gets | refresh requests | status afterwards
  //                            | the refresh token that is stored
  static Stream<Case> refreshes() {
    return Stream.of(
        when("rotates", pair("t1", "r1")).works(1).keeps("r1"),
        when("does not rotate", json(200, "{'access_token':'t1','token_type':'Bearer'}"))
            .works(1)
            .keeps("r0"),
        when("ends the token early", pair("t1", "r1")).whileFresh().works(1).keeps("r1"),
        when("drops expires_in", json(200, "{'access_token':'t1','refresh_token':'r1'}"))
            .works(1)
            .keeps("r1"),
        when("has expires_in as text", lasting("'3600'")).works(1).keeps("r1"),
        when("has words in expires_in", lasting("'soon'")).works(1).keeps("r1"),
        when("has expires_in below zero", lasting("-1")).works(1).keeps("r1"),
        when("has expires_in beyond all time", lasting("1e99")).works(1).keeps("r1"),
        when("has expires_in null", lasting("null")).works(1).keeps("r1"),
        when("has an object as expires_in", lasting("{}")).works(1).keeps("r1"),
        when("is slow to get going", json(503, ""), pair("t1", "r1")).works(2).keeps("r1"),
        when("loses an answer", reset(GOOD), pair("t1", "r1")).works(2).keeps("r1"),
        when(
                "loses an answer and replays none",
                reset(GOOD),
                json(400, "{'error':'invalid_grant'}"))
            .endsGrant(2),
        when("says 429 and 2 s", json(429, "", "Retry-After: 2"), pair("t1", "r1"))
            .works(2)
            .keeps("r1"),
        when("says 429 and 2 minutes", json(429, "{'error':'slow'}", "Retry-After: 120"))
            .failsForNow(1)
            .waiting(120),
        when("says 429 and when", json(429, "", "Retry-After: Thu, 01 Jan 2026 14:02:00 GMT"))
            .failsForNow(1)
            .waiting(120),
        when("says 429 and nothing", json(429, "")).failsForNow(3),
        when("is in maintenance", json(503, "", "Retry-After: 600")).failsForNow(1).waiting(600),
        when("fails with 500", json(500, "{}")).failsForNow(3),
        when("fails with 502", http(502, "text/html", "<h1>Bad".getBytes(StandardCharsets.UTF_8)))
            .failsForNow(3),
        when("is temporarily_unavailable", error(400, "temporarily_unavailable")).failsForNow(3),
        when("has an error in 200", error(200, "temporarily_unavailable")).failsForNow(3),
        when("ends the grant", error(400, "invalid_grant")).endsGrant(1),
        when("ends the grant in 200", error(200, "invalid_grant")).endsGrant(1),
        when("ends the grant with 500", error(500, "invalid_grant")).endsGrant(1),
        when("says no to the scope", error(400, "invalid_scope")).endsGrant(1),
        when("says no to the user", error(400, "access_denied")).endsGrant(1),
        when("says no to the client", error(401, "invalid_client")).isMisconfigured(1),
        when("calls a wrong secret unauthorized", error(401, "unauthorized_client"))
            .isMisconfigured(1),
        when("does not let the client renew", error(400, "unauthorized_client")).endsGrant(1),
        when("does not know the grant type", error(400, "unsupported_grant_type"))
            .isMisconfigured(1),
        when("has another kind of token", json(200, "{'access_token':'t1','token_type':'mac'}"))
            .isMisconfigured(1),
        when(
                "sends a page",
                http(200, "text/html", "<html>Log in".getBytes(StandardCharsets.UTF_8)))
            .failsForNow(3),
        when("sends a page as JSON", json(200, "<html>")).failsForNow(3),
        when("sends nothing", json(200, "")).failsForNow(3),
        when("sends an array", json(200, "[]")).failsForNow(3),
        when("sends an empty object", json(200, "{}")).failsForNow(3),
        when("sends an empty token", json(200, "{'access_token':''}")).failsForNow(3),
        when("sends a number as token", json(200, "{'access_token':7}")).failsForNow(3),
        when("sends two tokens", json(200, "{'access_token':'t1','access_token':'t2'}"))
            .failsForNow(3),
        when("sends a line break in a token", json(200, "{'access_token':'t1\\nX: y'}"))
            .failsForNow(3),
        when("sends 10 MB", http(200, "application/json", new byte[10_000_000])).failsForNow(3),
        when("sends 10 MB of error", http(400, "application/json", new byte[10_000_000]))
            .failsForNow(3),
        when("never answers", silence()).inASecond().failsForNow(3),
        when("drips", drip(GOOD)).inASecond().failsForNow(3),
        when("resets", reset(GOOD)).failsForNow(3),
        when("speaks another protocol", (client, closed) -> client.getOutputStream().write('!'))
            .failsForNow(3));
  }

  @ParameterizedTest(name = "A provider that {0}")
  @MethodSource("refreshes")
  void aRefresh(Case given) {
    signIn();
    provider.answers(given.answers);
    if (!given.whileFresh) {
      clock.advance(Duration.ofHours(2));
    }

    AuthenticationException failure = given.inASecond ? failureInASecond() : failure();

    assertThat(failure == null ? null : failure.reason()).isEqualTo(given.reason);
    assertThat(provider.spent()).as("refresh tokens sent").hasSize(given.requests);
    assertThat(provider.spent()).containsOnly("r0");
    assertThat(status().state()).isEqualTo(given.state());
    if (failure != null) {
      assertThat(failure.isRetryable()).isEqualTo(given.reason == Reason.TEMPORARY);
      assertThat(failure.retryAfter()).isEqualTo(given.retryAfter());
      assertThat(String.valueOf(failure)).doesNotContain("r0", "client-s3cret");
    }
    assertStored(given.kept);
  }

  @ParameterizedTest
  @Tag("E4")
  @CsvSource({"301", "302", "303", "307", "308"})
  void aRedirectIsNotFollowedAndNobodyElsewhereHearsOfIt(int status) {
    signIn();
    provider.answers(json(status, "", "Location: " + elsewhere.url() + "/token"));
    clock.advance(Duration.ofHours(2));

    assertThat(failure().reason()).isEqualTo(Reason.TEMPORARY);

    assertThat(provider.spent()).as("refresh tokens sent").containsExactly("r0");
    assertThat(elsewhere.connections()).isZero();
    assertThat(status().state()).isEqualTo(ConnectionStatus.State.CONNECTED);
    assertStored("r0");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @Tag("A5")
  @Tag("A8")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a code twice            | code=a&code=b                                 | MALFORMED
          a state twice           | code=a&state=again                            | MALFORMED
          anything twice          | code=a&x=1&x=2                                | MALFORMED
          a code and an error     | code=a&error=access_denied                    | MALFORMED
          neither                 | x=1                                           | MALFORMED
          an empty code           | code=                                         | MALFORMED
          another issuer          | code=a&iss=https://other.example              | ISSUER_MISMATCH
          the issuer and a slash  | code=a&iss=https://id.tickets.example/        | ISSUER_MISMATCH
          the issuer twice        | code=a&iss=https://id.tickets.example&iss=https://other.example | ISSUER_MISMATCH
          another one's refusal   | error=access_denied&iss=https://other.example | ISSUER_MISMATCH
          """)
  void aCallbackWithOddParametersReachesNoTokenEndpoint(
      String what, String query, ConsentException.Reason reason) {
    provider.answers(pair("t1", "r1"));
    PendingConsent pending =
        runtime
            .consents()
            .begin(ADA, SIGN_IN, "session", ConsentOptions.standard().redirectUri(CALLBACK));

    ConsentException refusal =
        catchThrowableOfType(
            ConsentException.class,
            () ->
                runtime
                    .consents()
                    .complete(
                        ADA.principal(), SignIns.callback(CALLBACK, pending, query), "session"));

    assertThat(refusal.reason()).isEqualTo(reason);
    assertThat(provider.connections()).isZero();
    assertThat(status().reason()).isEqualTo(ConnectionStatus.Reason.CONSENT_PENDING);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("revocations")
  @DisplayName("C10: deleting a connection does not depend on a revocation that goes wrong")
  void deletingDoesNotDependOnTheRevocation(String what, Answer answer) {
    assertDeletedWithoutConfirmation(answer);
  }

  @Test
  @Tag("E4")
  @DisplayName("C10: a revocation is not sent on to where a redirect points")
  void aRevocationIsNotSentElsewhere() {
    assertDeletedWithoutConfirmation(json(307, "", "Location: " + elsewhere.url() + "/revoke"));
  }

  private void assertDeletedWithoutConfirmation(Answer answer) {
    signIn();
    Connection connection = runtime.connections().list(ADA).get(0);
    provider.answers(answer);

    try (ConnectorRuntime impatient = impatient()) {
      assertThat(impatient.connections().delete(ADA, connection.id())).isTrue();
    }

    assertThat(provider.requests()).hasSize(1).allMatch(sent -> sent.startsWith("POST /revoke "));
    assertThat(elsewhere.connections()).isZero();
    assertThat(events)
        .filteredOn(CredentialRevoked.class::isInstance)
        .extracting(event -> ((CredentialRevoked) event).confirmed())
        .containsExactly(false);
    assertThat(store.countCredentialsByKey()).isEmpty();
    assertThat(runtime.connections().list(ADA)).isEmpty();
  }

  static Stream<Arguments> revocations() {
    return Stream.of(
        Arguments.of("hangs", silence()),
        Arguments.of("drips", drip("{}")),
        Arguments.of("resets", reset("{\"a\":\"b\"}")),
        Arguments.of("fails", json(503, "")),
        Arguments.of("refuses", error(400, "invalid_token")));
  }

  @Test
  @DisplayName("B1: unless a host says otherwise 5 s to connect, 20 s for all, 256 KiB, once")
  void theLimitsUnlessAHostSaysOtherwise() {
    HttpLimits limits = HttpLimits.forTokens();

    assertThat(limits.connectTimeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(limits.callTimeout()).isEqualTo(Duration.ofSeconds(20));
    assertThat(limits.maxResponseBytes()).isEqualTo(256 * 1024);
    assertThat(limits.maxAttempts()).isEqualTo(1);
  }

  @Override
  Connection signIn() {
    provider.answers(pair("t0", "r0"));
    return SignIns.signIn(runtime, ADA, SIGN_IN, "c&iss=" + ISSUER);
  }

  private @Nullable AuthenticationException failureInASecond() {
    try (ConnectorRuntime impatient = impatient()) {
      return failure(impatient);
    }
  }

  /** Another host on the same store, which waits for a token endpoint for a second. */
  private ConnectorRuntime impatient() {
    HttpLimits limits = HttpLimits.forTokens().withCallTimeout(Duration.ofSeconds(1));
    return with(builder()).tokenLimits(limits).build();
  }

  private @Nullable AuthenticationException failure() {
    return failure(runtime);
  }

  private static @Nullable AuthenticationException failure(ConnectorRuntime runtime) {
    try {
      call(runtime);
      return null;
    } catch (AuthenticationException e) {
      return e;
    }
  }

  /** Another host on the same store, an hour later, goes on with what is stored. */
  private void assertStored(@Nullable String refreshToken) {
    clock.advance(Duration.ofHours(2));
    provider.answers(pair("t1", "r9"));
    try (ConnectorRuntime other = with(builder()).build()) {
      if (refreshToken == null) {
        assertThat(catchThrowableOfType(ConnectorException.class, () -> call(other)))
            .matches(ConnectorException::userMustAct);
        assertThat(provider.requests()).isEmpty();
      } else {
        other.keepAlive(Duration.ZERO);
        assertThat(provider.spent()).containsExactly(refreshToken);
        call(other);
      }
    }
  }

  private static Case when(String provider, Answer... answers) {
    return new Case(provider, answers);
  }

  private static Answer error(int status, String code) {
    return json(status, "{'error':'" + code + "','error_description':'because'}");
  }

  private static Answer lasting(String expiresIn) {
    return json(200, "{'access_token':'t1','refresh_token':'r1','expires_in':" + expiresIn + "}");
  }

  private static Answer json(int status, String body, String... headers) {
    return RawTokenEndpoint.json(status, body.replace('\'', '"'), headers);
  }

  /** A line of the table. */
  private static final class Case {
    private final String provider;
    private final Answer[] answers;
    private boolean whileFresh;
    private boolean inASecond;
    private @Nullable Reason reason;
    private int requests;
    private @Nullable Duration wait;
    private @Nullable String kept = "r0";

    Case(String provider, Answer[] answers) {
      this.provider = provider;
      this.answers = answers;
    }

    Case whileFresh() {
      whileFresh = true;
      return this;
    }

    Case inASecond() {
      inASecond = true;
      return this;
    }

    Case works(int requests) {
      this.requests = requests;
      return this;
    }

    Case failsForNow(int requests) {
      this.reason = Reason.TEMPORARY;
      return works(requests);
    }

    Case waiting(int seconds) {
      wait = Duration.ofSeconds(seconds);
      return this;
    }

    Case isMisconfigured(int requests) {
      this.reason = Reason.CONFIGURATION;
      return works(requests);
    }

    Case endsGrant(int requests) {
      this.reason = Reason.GRANT_ENDED;
      this.kept = null;
      return works(requests);
    }

    Case keeps(String refreshToken) {
      kept = refreshToken;
      return this;
    }

    ConnectionStatus.State state() {
      return reason == Reason.GRANT_ENDED
          ? ConnectionStatus.State.UNAUTHENTICATED
          : ConnectionStatus.State.CONNECTED;
    }

    Optional<Duration> retryAfter() {
      return Optional.ofNullable(wait);
    }

    @Override
    public String toString() {
      return provider + " -> " + (reason == null ? "works" : reason) + ", " + requests + " sent";
    }
  }
}
