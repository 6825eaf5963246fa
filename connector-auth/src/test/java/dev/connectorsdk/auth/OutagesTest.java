package dev.connectorsdk.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.OAuth2Scheme.ClientAuthentication;
import dev.connectorsdk.auth.Outages.Client;
import dev.connectorsdk.auth.StepFailure.Kind;
import dev.connectorsdk.fixtures.SettableClock;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** Connections that find out for each other that a token endpoint fails. */
@Tag("B18")
class OutagesTest {

  private static final Client CLIENT = client("https://id.example/token", "app", "s3cret");
  private static final StepFailure DOWN = new StepFailure(Kind.UNAVAILABLE, "is down");
  private static final StepFailure COME_IN_AN_HOUR =
      new StepFailure(Kind.RATE_LIMITED, "is busy", Duration.ofHours(1), null);

  private final SettableClock clock = new SettableClock();
  private final Outages outages = new Outages();
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger(Outages.class);

  @BeforeEach
  void watchTheLog() {
    log.start();
    logger.addAppender(log);
    logger.setLevel(Level.INFO);
  }

  @AfterEach
  void stopWatching() {
    logger.setLevel(null);
    logger.detachAppender(log);
  }

  @Test
  @DisplayName("B18: once an endpoint has failed for three connections nobody asks for 5 s")
  void onceAnEndpointHasFailedForThreeConnectionsNobodyAsks() {
    fail("a", DOWN);
    fail("b", DOWN);
    fail("a", DOWN);
    fail("c", DOWN);

    assertThat(waitOf("a")).isEqualTo(Duration.ofSeconds(5));
    clock.advance(Duration.ofMillis(4_999));
    assertThat(waitOf("b")).isEqualTo(Duration.ofMillis(1));

    clock.advance(Duration.ofMillis(1));
    succeed("b");
    succeed("c");
  }

  @Test
  @DisplayName("B18: a clock that is set back keeps nobody from asking for longer")
  void aClockThatIsSetBackKeepsNobodyFromAskingForLonger() {
    knownToBeDown(COME_IN_AN_HOUR);
    assertThat(waitOf("a")).isEqualTo(Duration.ofHours(1));

    clock.advance(Duration.ofDays(-1));
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(
            () ->
                outages.ask(
                    CLIENT,
                    connection("a"),
                    () -> {
                      clock.advance(Duration.ofDays(-1));
                      succeed("b");
                      throw new IllegalStateException("broke off");
                    }));
  }

  @Test
  @DisplayName("B18: each learns what the others met, which is told apart from asking oneself")
  void eachLearnsWhatTheOthersMet() {
    fail("a", DOWN);
    fail("b", DOWN);
    fail("c", new StepFailure(Kind.OUTCOME_UNKNOWN, "gave no answer"));

    assertThat(unasked("a", CLIENT))
        .returns("gave no answer", StepFailure::problem)
        .returns(Kind.UNAVAILABLE, StepFailure::kind);
  }

  @Test
  @DisplayName("B18: three failures of one connection stop nobody, nor do three with others' luck")
  void threeFailuresOfOneConnectionStopNobody() {
    for (int i = 0; i < 3; i++) {
      fail("a", DOWN);
    }
    succeed("b");

    fail("c", DOWN);
    fail("d", DOWN);
    succeed("e");
    fail("f", DOWN);
    succeed("a");
  }

  @Test
  @DisplayName("B18: one tries when the time is over, and the others ask again every second")
  void oneTriesWhenTheTimeIsOver() {
    knownToBeDown(DOWN);
    clock.advance(Duration.ofSeconds(5));

    outages.ask(
        CLIENT,
        connection("a"),
        () -> {
          assertThat(unasked("b", CLIENT))
              .returns(Kind.UNAVAILABLE, StepFailure::kind)
              .returns("the token endpoint at id.example may not be back yet", StepFailure::problem)
              .returns(Optional.of(Duration.ofSeconds(1)), StepFailure::retryAfter);
          return "answered";
        });

    succeed("b");
    succeed("c");
  }

  @Test
  @DisplayName("B18: everybody waits twice as long after a trial that fails")
  void everybodyWaitsTwiceAsLongAfterATrialThatFails() {
    knownToBeDown(DOWN);

    clock.advance(Duration.ofSeconds(5));
    fail("a", new StepFailure(Kind.UNAVAILABLE, "is still down"));

    assertThat(waitOf("a")).isEqualTo(Duration.ofSeconds(10));
    assertThat(unasked("b", CLIENT).problem()).isEqualTo("is still down");
    clock.advance(Duration.ofSeconds(10));
    fail("b", DOWN);
    assertThat(waitOf("c")).isEqualTo(Duration.ofSeconds(20));
  }

  @Test
  @DisplayName("B18: somebody else tries if nothing is heard of a trial for 30 s")
  void somebodyElseTriesIfNothingIsHeardOfATrial() {
    knownToBeDown(DOWN);
    clock.advance(Duration.ofSeconds(5));

    outages.ask(
        CLIENT,
        connection("a"),
        () -> {
          clock.advance(Duration.ofMillis(29_999));
          assertThat(waitOf("b")).isEqualTo(Duration.ofSeconds(1));
          clock.advance(Duration.ofMillis(1));
          succeed("b");
          return "answered late";
        });
  }

  @Test
  @DisplayName("B18: a trial whose answer says nothing of the endpoint leaves the turn to the next")
  void aTrialThatSaysNothingOfTheEndpointLeavesTheTurnToTheNext() {
    knownToBeDown(DOWN);
    clock.advance(Duration.ofSeconds(5));

    fail("a", new StepFailure(Kind.MISCONFIGURED, "cannot be used"));
    fail("b", new StepFailure(Kind.SUPERSEDED, "another process has taken over"));
    fail("c", StepFailure.refused(Kind.UNAVAILABLE, "has no such scope", "other"));
    failUnexpectedly("a");
    succeed("b");
  }

  @Test
  @DisplayName("B18: who had asked before leaves the turn with the one who tries")
  void whoHadAskedBeforeLeavesTheTurnWithTheOneWhoTries() {
    CompletableFuture<String> answer = new CompletableFuture<>();
    CompletableFuture<String> late = asking("late", answer);
    CompletableFuture<String> otherAnswer = new CompletableFuture<>();
    CompletableFuture<String> otherLate = asking("other-late", otherAnswer);
    knownToBeDown(DOWN);
    clock.advance(Duration.ofSeconds(5));

    outages.ask(
        CLIENT,
        connection("a"),
        () -> {
          answer.completeExceptionally(new StepFailure(Kind.MISCONFIGURED, "cannot be used"));
          otherAnswer.completeExceptionally(DOWN);
          assertThat(late).failsWithin(Duration.ofMinutes(1));
          assertThat(otherLate).failsWithin(Duration.ofMinutes(1));
          assertThat(waitOf("b")).isEqualTo(Duration.ofSeconds(1));
          return "answered";
        });
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"RATE_LIMITED", "UNAVAILABLE", "OUTCOME_UNKNOWN", "CLIENT_REFUSED"})
  @DisplayName("B18: failures of these kinds count")
  void failuresOfTheseKindsCount(Kind kind) {
    for (String connection : List.of("a", "b", "c")) {
      fail(connection, new StepFailure(kind, "says no"));
    }

    assertThat(waitOf("a")).isEqualTo(Duration.ofSeconds(5));
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"MISCONFIGURED", "SUPERSEDED"})
  @DisplayName("B18: failures of these kinds do not")
  void failuresOfTheseKindsDoNotCount(Kind kind) {
    for (String connection : List.of("a", "b", "c", "d")) {
      fail(connection, new StepFailure(kind, "says no"));
    }

    succeed("e");
  }

  @Test
  @DisplayName("B18: what an endpoint says of a single request does not count")
  void whatAnEndpointSaysOfASingleRequestDoesNotCount() {
    for (String connection : List.of("a", "b", "c", "d")) {
      fail(connection, StepFailure.refused(Kind.UNAVAILABLE, "says no", "gone_fishing"));
    }
    succeed("e");

    for (String connection : List.of("a", "b", "c")) {
      fail(connection, StepFailure.refused(Kind.UNAVAILABLE, "says no", "server_error"));
    }
    assertThat(waitOf("a")).as("of the moment").isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  @DisplayName("B18: an endpoint that ends a grant is there")
  void anEndpointThatEndsAGrantIsThere() {
    knownToBeDown(DOWN);
    clock.advance(Duration.ofSeconds(5));

    fail("a", new StepFailure(Kind.GRANT_ENDED, "has ended the grant"));

    succeed("b");
  }

  // Those who have not failed yet

  @Test
  @DisplayName(
      "B18: who has not failed yet is let through at once, then 5 s later, 10 s later, at most 60 s")
  void whoHasNotFailedYetIsLetThrough() {
    knownToBeDown(COME_IN_AN_HOUR);
    fail("first", COME_IN_AN_HOUR);

    for (int seconds : new int[] {5, 10, 20, 40, 60, 60}) {
      assertThat(waitOf("next")).isEqualTo(Duration.ofSeconds(seconds));
      clock.advance(Duration.ofSeconds(seconds));
      fail("after " + clock.instant(), COME_IN_AN_HOUR);
    }

    Duration passed = Duration.ofSeconds(5 + 10 + 20 + 40 + 60 + 60);
    assertThat(waitOf("a")).as("who has failed").isEqualTo(Duration.ofHours(1).minus(passed));
    assertThat(waitOf("first")).isEqualTo(Duration.ofHours(1).minus(passed));
  }

  @Test
  @DisplayName("B18: one of them tries at a time")
  void oneOfThemTriesAtATime() {
    knownToBeDown(COME_IN_AN_HOUR);

    outages.ask(
        CLIENT,
        connection("healthy"),
        () -> {
          assertThat(waitOf("as healthy")).isEqualTo(Duration.ofSeconds(1));
          return "answered";
        });

    succeed("as healthy");
  }

  @Test
  @DisplayName("B18: if one is answered, those that failed no longer count until they are too")
  void ifOneIsAnsweredThoseThatFailedNoLongerCount() {
    knownToBeDown(COME_IN_AN_HOUR);
    succeed("healthy");

    for (int round = 0; round < 3; round++) {
      for (String faulty : List.of("a", "b", "c")) {
        fail(faulty, COME_IN_AN_HOUR);
      }
      succeed("healthy");
    }

    succeed("a");
    for (String connection : List.of("a", "x", "b", "x", "c", "y")) {
      fail(connection, DOWN);
    }
    assertThat(waitOf("a")).as("of those that count").isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  @DisplayName("B18: who was faulty while it worked for others waits with all when it is down")
  void whoWasFaultyWaitsWithAllWhenItIsDown() {
    knownToBeDown(COME_IN_AN_HOUR);
    succeed("healthy");

    for (String connection : List.of("x", "y", "z")) {
      fail(connection, COME_IN_AN_HOUR);
    }

    assertThat(waitOf("a")).isEqualTo(Duration.ofHours(1));
    fail("healthy", COME_IN_AN_HOUR);
  }

  @Test
  @DisplayName("B18: an endpoint that came back is asked as soon after the next failure as before")
  void anEndpointThatCameBackIsAskedAsSoonAfterTheNextFailure() {
    knownToBeDown(DOWN);
    fail("faulty", DOWN);
    clock.advance(Duration.ofSeconds(5));
    fail("a", DOWN);
    clock.advance(Duration.ofSeconds(10));
    List.of("a", "b", "c").forEach(this::succeed);

    knownToBeDown(DOWN);
    assertThat(waitOf("a")).isEqualTo(Duration.ofSeconds(5));
    clock.advance(Duration.ofSeconds(5));
    List.of("a", "b", "c").forEach(this::succeed);

    knownToBeDown(COME_IN_AN_HOUR);
    fail("healthy", COME_IN_AN_HOUR);
    assertThat(waitOf("as healthy")).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  @DisplayName("B18: of the connections that failed the latest 1,000 are known")
  void ofTheConnectionsThatFailedTheLatestThousandAreKnown() {
    knownToBeDown(DOWN);
    failOneAfterTheOther(997);
    assertThat(waitOf("a")).as("the thousandth").isEqualTo(Duration.ofMinutes(1));

    failOneAfterTheOther(1);

    fail("a", DOWN);
  }

  @Test
  @DisplayName("B18: so it is with those that failed while another one was answered")
  void soItIsWithThoseThatFailedWhileAnotherOneWasAnswered() {
    knownToBeDown(DOWN);
    failOneAfterTheOther(997);
    succeed("healthy");
    fail("x", DOWN);
    succeed("healthy");

    for (String connection : List.of("a", "y", "z")) {
      fail(connection, DOWN);
    }
    assertThat(waitOf("a")).as("it counts again").isEqualTo(Duration.ofSeconds(5));
  }

  private void failOneAfterTheOther(int connections) {
    for (int i = 0; i < connections; i++) {
      clock.advance(Duration.ofMinutes(1));
      fail("at " + clock.instant(), DOWN);
    }
  }

  // Clients

  @Test
  @DisplayName("B18: clients with other secrets, and those at other endpoints, are not stopped")
  void clientsWithOtherSecretsAreNotStopped() {
    knownToBeDown(DOWN);

    succeed("a", client("https://id.example/token", "app", "corrected"));
    succeed("a", client("https://id.example/token", "other", "s3cret"));
    succeed("a", client("https://id.example/v2/token", "app", "s3cret"));
    succeed("a", new Client(URI.create("https://id.example/token"), null));
    assertThat(waitOf("a")).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  @DisplayName("B18: at most 1,000 clients are known, and the one longest not asked is forgotten")
  void atMostAThousandClientsAreKnown() {
    knownToBeDown(DOWN);
    for (int i = 0; i < 999; i++) {
      failOnce("a", client("https://id.example/" + i, "app", "s3cret"));
    }
    assertThat(waitOf("a")).isEqualTo(Duration.ofSeconds(5));

    failOnce("a", client("https://id.example/999", "app", "s3cret"));
    assertThat(waitOf("a")).as("asked for just now").isEqualTo(Duration.ofSeconds(5));

    for (int i = 0; i < 1_000; i++) {
      failOnce("a", client("https://id.example/" + i, "app", "s3cret"));
    }
    succeed("a");
  }

  @Test
  @DisplayName("D1: a client is not shown with its secret, nor its endpoint with a path")
  void aClientIsNotShownWithItsSecret() {
    assertThat(client("https://id.example/token/7f3a", "app", "s3cret"))
        .hasToString("a client at id.example");
  }

  // The log

  @Test
  @DisplayName("B18: the log says once that an endpoint is down, and once that it is back")
  void theLogSaysOnceThatAnEndpointIsDownAndBack() {
    succeed("a");
    fail("a", DOWN);
    fail("b", DOWN);
    assertThat(log.list).isEmpty();

    fail("c", DOWN);
    fail("d", DOWN);
    clock.advance(Duration.ofSeconds(5));
    fail("a", DOWN);
    assertThat(log.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .containsExactly(
            "Nobody asks id.example for a while, since it fails for several connections: is down");

    clock.advance(Duration.ofSeconds(10));
    succeed("a");
    assertThat(log.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .last()
        .isEqualTo("The token endpoint at id.example is back");
    succeed("b");
    fail("c", DOWN);
    assertThat(log.list).hasSize(2);
  }

  private static Client client(String endpoint, String id, String secret) {
    return new Client(
        URI.create(endpoint),
        new OAuthClient(id, Secret.of(secret), null, null, ClientAuthentication.POST));
  }

  private TestConnection connection(String id) {
    String name = id.replaceAll("[^a-z0-9]", "-");
    return new TestConnection(name, clock).random(() -> 0);
  }

  /** Has a connection ask on a thread of its own, and get this in the end. */
  private CompletableFuture<String> asking(String connection, CompletableFuture<String> answer) {
    CompletableFuture<Void> asked = new CompletableFuture<>();
    CompletableFuture<String> outcome =
        CompletableFuture.supplyAsync(
            () ->
                outages.ask(
                    CLIENT,
                    connection(connection),
                    () -> {
                      asked.complete(null);
                      return joined(answer);
                    }));
    asked.join();
    return outcome;
  }

  private static String joined(CompletableFuture<String> answer) {
    try {
      return answer.join();
    } catch (CompletionException e) {
      throw (StepFailure) e.getCause();
    }
  }

  private void knownToBeDown(StepFailure failure) {
    fail("a", failure);
    fail("b", failure);
    fail("c", failure);
  }

  private void succeed(String connection) {
    succeed(connection, CLIENT);
  }

  private void succeed(String connection, Client client) {
    assertThat(outages.<String>ask(client, connection(connection), () -> "answered"))
        .isEqualTo("answered");
  }

  /** Has a connection ask, and meet this. */
  private void fail(String connection, StepFailure failure) {
    assertThat(refusal(connection, CLIENT, failure)).as(connection + " asks").isSameAs(failure);
  }

  private void failOnce(String connection, Client client) {
    assertThat(refusal(connection, client, DOWN)).isSameAs(DOWN);
  }

  private void failUnexpectedly(String connection) {
    assertThat(refusal(connection, CLIENT, new IllegalStateException()))
        .isInstanceOf(IllegalStateException.class);
  }

  /** Returns what a connection gets that may not ask. */
  private StepFailure unasked(String connection, Client client) {
    Throwable refusal = refusal(connection, client, new AssertionError("was asked"));
    assertThat(refusal).isInstanceOf(StepFailure.class);
    StepFailure failure = (StepFailure) refusal;
    assertThat(failure.isUnasked()).isTrue();
    return failure;
  }

  private Duration waitOf(String connection) {
    return unasked(connection, CLIENT).retryAfter().orElseThrow();
  }

  private @Nullable Throwable refusal(String connection, Client client, Throwable met) {
    return catchThrowableOfType(
        Throwable.class,
        () ->
            outages.ask(
                client,
                connection(connection),
                () -> {
                  if (met instanceof Error error) {
                    throw error;
                  }
                  throw (RuntimeException) met;
                }));
  }
}
