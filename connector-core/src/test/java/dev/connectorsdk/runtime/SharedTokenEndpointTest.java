package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static dev.connectorsdk.fixtures.RawTokenEndpoint.json;
import static dev.connectorsdk.fixtures.RawTokenEndpoint.pair;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.AuthenticationException.Reason;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.event.ConnectorEvent.ClientRefused;
import dev.connectorsdk.api.event.ConnectorEvent.CredentialRecovered;
import dev.connectorsdk.api.event.ConnectorEvent.CredentialRefreshFailed;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.fixtures.RawTokenEndpoint.Answer;
import dev.connectorsdk.runtime.Tickets.TicketId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Many connections get their tokens at one endpoint, which fails for all or for one of them. */
@Tag("B18")
class SharedTokenEndpointTest extends RawProviderTest {

  private static final int CONNECTIONS = 500;
  private static final Pattern GRANT = Pattern.compile("(?:code|refresh_token)=([0-9]+)");

  private final List<Caller> callers = new ArrayList<>();

  @BeforeEach
  void theServiceHasATicket() {
    service.stubFor(get(urlEqualTo("/tickets/1")).willReturn(okJson("{\"id\":\"1\"}")));
  }

  @Test
  @DisplayName("B18: 500 connections of a client whose secret was rotated raise one alarm, go on")
  void connectionsOfAClientThatIsRefusedGoOnAfterwards() {
    peopleSignIn(CONNECTIONS);
    provider.answers(json(401, "{\"error\":\"invalid_client\"}"));

    for (Caller caller : callers) {
      assertThat(failure(caller).reason()).isEqualTo(Reason.CONFIGURATION);
    }

    assertThat(provider.requests()).as("three, and one that might be better off").hasSize(4);
    assertThat(heard(ClientRefused.class))
        .extracting(ClientRefused::authOption)
        .containsExactly("signIn");
    assertThat(heard(CredentialRefreshFailed.class)).hasSize(CONNECTIONS);
    assertAllAreConnected();

    theProviderWorks();
    clock.advance(Duration.ofMinutes(2));
    assertAllWorkWithTheirOwnGrants();
    assertThat(heard(CredentialRecovered.class)).hasSize(CONNECTIONS);
    assertThat(heard(ClientRefused.class)).hasSize(1);

    provider.answers(json(401, "{\"error\":\"invalid_client\"}"));
    clock.advance(Duration.ofHours(2));
    failure(callers.get(0));
    assertThat(heard(ClientRefused.class)).as("refused anew").hasSize(2);
  }

  @Test
  @DisplayName("B18: 100 connections find out together that their provider is down, and up again")
  void connectionsFindOutTogetherThatTheirProviderIsDown() {
    peopleSignIn(100);
    provider.answers(json(503, ""));

    for (Caller caller : callers) {
      assertThat(failure(caller).reason()).isEqualTo(Reason.TEMPORARY);
    }

    assertThat(provider.requests().size())
        .as("three, three, one, and then trials")
        .isBetween(7, 30);
    assertAllAreConnected();

    theProviderWorks();
    clock.advance(Duration.ofMinutes(2));
    assertAllWorkWithTheirOwnGrants();
  }

  @Test
  @DisplayName("B18: so do connections in which nobody signs in")
  void soDoConnectionsInWhichNobodySignsIn() {
    provider.answers(json(503, ""));
    for (int i = 0; i < 20; i++) {
      Caller caller = Principal.user("ada").in("e" + i);
      own(caller, "right");
      assertThat(failure(caller).reason()).isEqualTo(Reason.TEMPORARY);
    }

    assertThat(provider.requests()).hasSizeBetween(7, 20);
  }

  @Test
  @DisplayName("B18: who signs in finds out for himself")
  void whoSignsInFindsOutForHimself() {
    peopleSignIn(10);
    provider.answers(json(503, ""));
    callers.forEach(this::failure);
    theProviderWorks();

    SignIns.signIn(runtime, ADA, SIGN_IN, "10");

    assertThat(provider.requests()).hasSize(1);
    call(ADA);
  }

  @Test
  @DisplayName("B18: one trial goes first when the time is over, and nobody else asks meanwhile")
  void oneTrialGoesFirst() throws Exception {
    peopleSignIn(20);
    provider.answers(json(503, "", "Retry-After: 60"));
    callers.forEach(this::failure);
    assertThat(provider.requests()).hasSize(4);
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    provider.answers(
        request ->
            (client, closed) -> {
              asked.countDown();
              answer.await();
              renewed(request).to(client, closed);
            });
    clock.advance(Duration.ofMinutes(2));

    CompletableFuture<Void> trial = CompletableFuture.runAsync(() -> call(callers.get(5)));
    assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(failure(callers.get(6)).reason()).isEqualTo(Reason.TEMPORARY);
    assertThat(failure(callers.get(7)).reason()).isEqualTo(Reason.TEMPORARY);

    assertThat(provider.requests()).hasSize(1);
    answer.countDown();
    trial.get(30, TimeUnit.SECONDS);
    clock.advance(Duration.ofSeconds(10));
    assertAllWorkWithTheirOwnGrants();
  }

  @Test
  @DisplayName("B18: what one connection meets stops nobody else")
  void whatOneConnectionMeetsStopsNobodyElse() {
    peopleSignIn(20);
    provider.answers(
        request -> grant(request) < 2 ? json(429, "", "Retry-After: 3600") : renewed(request));

    assertThat(failure(callers.get(0)).retryAfter()).contains(Duration.ofHours(1));
    assertThat(failure(callers.get(1)).retryAfter()).contains(Duration.ofHours(1));
    for (int i = 2; i < callers.size(); i++) {
      call(callers.get(i));
    }
    assertThat(failure(callers.get(0)).reason()).isEqualTo(Reason.TEMPORARY);
    assertThat(provider.requests()).hasSize(20);
  }

  /** What a provider says to three grants of four, each time. */
  static Stream<Arguments> faultsOfAFew() {
    return Stream.of(
        arguments("a code of its own", json(400, "{\"error\":\"bad_refresh_token\"}")),
        arguments("a code in 200", json(200, "{\"error\":\"token_expired\"}")),
        arguments("a code that nobody knows", json(400, "{\"error\":\"gone_fishing\"}")),
        arguments(
            "an unknown audience, as Keycloak does",
            json(
                400,
                "{\"error\":\"invalid_client\",\"error_description\":\"Audience not found\"}")),
        arguments("that the client is wrong", json(401, "{\"error\":\"invalid_client\"}")),
        arguments("that it is busy", json(429, "", "Retry-After: 60")),
        arguments("that it is broken", json(500, "")),
        arguments("no", json(403, "")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faultsOfAFew")
  @DisplayName("B18: three grants that a provider finds fault with stop nobody else, for an hour")
  void threeGrantsThatAProviderFindsFaultWithStopNobodyElse(String what, Answer fault) {
    peopleSignIn(4);
    provider.answers(
        request ->
            grant(request) < 3
                ? fault
                : json(
                    200,
                    """
                    {"access_token":"t","refresh_token":"3-next","expires_in":5}"""));

    int failed = 0;
    Instant later = clock.instant().plus(Duration.ofHours(1));
    for (int call = 0; clock.instant().isBefore(later); call++) {
      for (Caller caller : callers.subList(0, 3)) {
        assertThat(tryCall(caller)).isFalse();
      }
      failed += tryCall(callers.get(3)) ? 0 : 1;
      clock.advance(Duration.ofSeconds(call < 60 ? 10 : 60));
    }

    assertThat(failed).as("calls of the healthy one that failed").isZero();
  }

  @Test
  @DisplayName("B18: a healthy grant that asks while another one tries goes on right after it")
  void aHealthyGrantThatAsksWhileAnotherOneTriesGoesOn() throws Exception {
    peopleSignIn(5);
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    provider.answers(
        request ->
            grant(request) < 3
                ? json(429, "", "Retry-After: 3600")
                : (client, closed) -> {
                  asked.countDown();
                  answer.await();
                  renewed(request).to(client, closed);
                });
    callers.subList(0, 3).forEach(this::failure);

    CompletableFuture<Void> trial = CompletableFuture.runAsync(() -> call(callers.get(3)));
    assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
    AuthenticationException meanwhile = failure(callers.get(4));
    assertThat(meanwhile.reason()).isEqualTo(Reason.TEMPORARY);
    assertThat(meanwhile.retryAfter()).contains(Duration.ofSeconds(1));
    assertThat(provider.requests()).hasSize(4);

    answer.countDown();
    trial.get(30, TimeUnit.SECONDS);
    clock.advance(Duration.ofSeconds(2));
    call(callers.get(4));
  }

  @Test
  @DisplayName("B18: seven grants that are told to wait for an hour stop nobody else that long")
  void sevenGrantsThatAreToldToWaitStopNobodyElse() {
    peopleSignIn(8);
    provider.answers(
        request -> grant(request) < 7 ? json(429, "", "Retry-After: 3600") : renewed(request));

    int seconds = 0;
    while (callers.stream().filter(this::tryCall).findAny().isEmpty()) {
      clock.advance(Duration.ofSeconds(5));
      seconds += 5;
    }

    assertThat(seconds).isLessThan(300);
    assertThat(provider.requests()).hasSize(8);
  }

  @Test
  @DisplayName(
      "B18: wrong secrets that owners entered for a client stop nobody who has the right one")
  void wrongSecretsStopNobodyWhoHasTheRightOne() {
    provider.answers(
        request ->
            request.contains("cmlnaHQ")
                ? json(200, "{\"access_token\":\"t\"}")
                : json(401, "{\"error\":\"invalid_client\"}"));
    for (int i = 0; i < 5; i++) {
      Caller caller = Principal.user("mallory").in("e" + i);
      own(caller, "wrong");
      assertThat(failure(caller).reason()).isEqualTo(Reason.CONFIGURATION);
    }
    assertThat(heard(ClientRefused.class)).as("each has a client of its own").hasSize(5);

    own(ADA, "right");

    call(ADA);
  }

  private void own(Caller caller, String secret) {
    runtime
        .connections()
        .create(
            caller,
            ConnectionSpec.of("tickets", "oauth2")
                .with("client_id", "of")
                .secret("client_secret", Secret.of(secret)));
  }

  private void peopleSignIn(int count) {
    theProviderWorks();
    for (int i = 0; i < count; i++) {
      Caller caller = Principal.user("ada").in("e" + i);
      callers.add(caller);
      SignIns.signIn(runtime, caller, SIGN_IN, String.valueOf(i));
    }
    clock.advance(Duration.ofHours(2));
  }

  private void theProviderWorks() {
    Function<String, Answer> renewed = SharedTokenEndpointTest::renewed;
    provider.answers(renewed);
  }

  /** Grant 7 has refresh tokens that begin with 7. */
  private static Answer renewed(String request) {
    return pair("t" + grant(request), grant(request) + "-next");
  }

  private static int grant(String request) {
    Matcher grant = GRANT.matcher(request);
    assertThat(grant.find()).isTrue();
    return Integer.parseInt(grant.group(1));
  }

  private void assertAllAreConnected() {
    for (Caller caller : callers) {
      assertThat(runtime.connections().list(caller))
          .extracting(Connection::status)
          .singleElement()
          .matches(ConnectionStatus::isConnected);
    }
  }

  private void assertAllWorkWithTheirOwnGrants() {
    callers.forEach(this::call);
    List<Integer> renewed =
        provider.requests().stream().map(SharedTokenEndpointTest::grant).sorted().toList();
    for (int i = 0; i < callers.size(); i++) {
      assertThat(renewed.get(i)).isEqualTo(i);
    }
    assertThat(renewed).hasSize(callers.size());
  }

  private void call(Caller caller) {
    runtime.invoke(caller, MINE, Tickets.GET, new TicketId("1"));
  }

  private boolean tryCall(Caller caller) {
    try {
      call(caller);
      return true;
    } catch (ConnectorException e) {
      return false;
    }
  }

  private @Nullable AuthenticationException failure(Caller caller) {
    try {
      call(caller);
      return null;
    } catch (AuthenticationException e) {
      return e;
    }
  }
}
