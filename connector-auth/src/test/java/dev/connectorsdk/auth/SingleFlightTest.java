package dev.connectorsdk.auth;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.CallCancelledException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("B10")
@Timeout(60)
class SingleFlightTest {

  @RegisterExtension static final TokenServer server = new TokenServer();

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final TestConnection connection =
      new TestConnection().client("app", "s3cret").executor(threads);
  private final Authenticator authenticator =
      connection.open(OAuth2Scheme.clientCredentials("{url}"));

  @BeforeEach
  void theTokenUrlIsTheServers() {
    connection.parameter("url", server.url());
  }

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @Test
  void twoHundredThreadsWithAnExpiredTokenCostOneRequest() throws Exception {
    server.issues("t1", 3600);
    sent();
    server.issuesSlowly("t2", 3600);
    connection.clock.set(3600);

    assertThat(atOnce(200, this::sent)).hasSize(200).containsOnly("Bearer t2");
    assertThat(server.requests()).isEqualTo(2);
  }

  @Test
  void twoHundredThreadsThatComeFirstCostOneRequest() throws Exception {
    server.issuesSlowly("t1", 3600);

    assertThat(atOnce(200, this::sent)).hasSize(200).containsOnly("Bearer t1");
    assertThat(server.requests()).isEqualTo(1);
  }

  @Test
  @Tag("B17")
  void fiftyThreadsWhoseTokenWasRefusedCostOneRequest() throws Exception {
    server.issues("t1", 3600);
    long refused = authenticator.authenticate(new TestRequest());
    server.issuesSlowly("t2", 3600);

    assertThat(atOnce(50, () -> authenticator.renew(refused, Instant.MAX)))
        .hasSize(50)
        .containsOnly(true);
    assertThat(server.requests()).isEqualTo(2);
    assertThat(sent()).isEqualTo("Bearer t2");
  }

  @Test
  @Tag("B17")
  void aRefusalOnTheVeryFirstUseOfTheProcessIsNotTakenForAReplacement() throws Exception {
    server.issues("t1", 3600);
    long refused = authenticator.authenticate(new TestRequest());
    Authenticator reopened = connection.open(OAuth2Scheme.clientCredentials("{url}"));
    server.issuesSlowly("t2", 3600);

    List<Object> outcomes =
        atOnce(
            20,
            () -> {
              reopened.authenticate(new TestRequest());
              return reopened.renew(refused, Instant.MAX);
            });

    assertThat(outcomes).hasSize(20).containsOnly(true);
    assertThat(server.requests()).isEqualTo(2);
  }

  @Test
  @DisplayName(
      "B10: everyone who waited shares a failure, which is one request for each back-off step")
  void everyoneWhoWaitedSharesAFailure() throws Exception {
    server.answers(aResponse().withStatus(500).withFixedDelay(300));

    List<Object> outcomes = atOnce(200, this::sent);

    assertThat(outcomes).hasSize(200).hasOnlyElementsOfType(AuthenticationException.class);
    assertThat(server.requests()).isEqualTo(3);
  }

  @Test
  @DisplayName("F9: once no work is begun any more, each who needs a token is told so")
  void onceNoWorkIsBegunAnyMoreEachIsToldSo() {
    threads.shutdown();

    for (int call = 0; call < 2; call++) {
      assertThatExceptionOfType(CallCancelledException.class).isThrownBy(this::sent);
    }
  }

  @Test
  @DisplayName("B10: whose token expires while it is replaced early shares what comes of that")
  void whoseTokenExpiresWhileItIsReplacedEarlySharesWhatComesOfThat() {
    server.issues("t1", 3600);
    sent();
    server.answers(TokenServer.refusal("invalid_client").withFixedDelay(300));
    connection.clock.set(3300);
    assertThat(sent()).isEqualTo("Bearer t1");
    awaitRequests(2);

    connection.clock.set(3600);

    assertThatExceptionOfType(AuthenticationException.class).isThrownBy(this::sent);
    assertThat(server.requests()).isEqualTo(2);
  }

  @Test
  @Tag("B18")
  @DisplayName("B10: whose token expires right after its early replacement has failed asks anew")
  void whoseTokenExpiresRightAfterItsEarlyReplacementHasFailedAsksAnew() throws Exception {
    server.issues("t1", 3600);
    sent();
    server.answers(TokenServer.refusal("invalid_client"));
    FutureTask<Object> late = new FutureTask<>(this::sent);
    AtomicBoolean first = new AtomicBoolean(true);
    connection.afterFailures(
        () -> {
          if (first.getAndSet(false)) {
            connection.clock.set(3600);
            awaitWaiting(start(late));
          }
        });

    connection.clock.set(3300);
    sent();

    assertThat(outcome(late)).isInstanceOf(AuthenticationException.class);
    assertThat(connection.failures)
        .extracting(failure -> ((AuthenticationException) failure).retryAfter())
        .containsExactly(Optional.of(Duration.ofMinutes(5)), Optional.empty());
  }

  @Test
  @DisplayName("B10: who still has a valid token does not wait, not even the one who asks")
  void whoStillHasAValidTokenDoesNotWait() throws Exception {
    server.issues("t1", 3600);
    sent();
    server.issuesSlowly("t2", 3600);
    connection.clock.set(3300);

    assertThat(sent()).isEqualTo("Bearer t1");
    awaitRequests(2);
    assertThat(sent()).isEqualTo("Bearer t1");

    while ("Bearer t1".equals(sent())) {
      Thread.onSpinWait();
    }
    assertThat(sent()).isEqualTo("Bearer t2");
    assertThat(server.requests()).isEqualTo(2);
  }

  @Test
  @DisplayName("B10: who is out of time stops waiting, and the request goes on")
  void whoIsOutOfTimeStopsWaitingAndTheRequestGoesOn() throws Exception {
    server.issuesSlowly("t1", 3600);

    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(
            () ->
                authenticator.authenticate(
                    new TestRequest().until(connection.clock.instant().plusMillis(50))))
        .matches(AuthenticationException::isRetryable)
        .withMessage("Connection 'c1': there was no token in the time that the call could wait");

    assertThat(sent()).isEqualTo("Bearer t1");
    assertThat(server.requests()).isEqualTo(1);
  }

  @Test
  void whoWaitsCanBeInterruptedAndTheRequestGoesOn() throws Exception {
    server.answers(
        aResponse()
            .withStatus(200)
            .withBody("{\"access_token\":\"t1\",\"expires_in\":3600}")
            .withFixedDelay(2_000));
    FutureTask<Object> leader = new FutureTask<>(this::sent);
    start(leader);
    awaitRequests(1);
    FutureTask<Boolean> waiter =
        new FutureTask<>(
            () -> {
              Thread.currentThread().interrupt();
              try {
                sent();
                return false;
              } catch (CallCancelledException e) {
                return Thread.currentThread().isInterrupted();
              }
            });
    start(waiter);

    assertThat(waiter.get()).as("cancelled, with the flag set").isTrue();
    assertThat(leader.get()).isEqualTo("Bearer t1");
    assertThat(server.requests()).isEqualTo(1);
  }

  @Test
  @DisplayName("B10: if the one who asks is interrupted, the request goes on for the others")
  void ifTheOneWhoAsksIsInterruptedTheRequestGoesOnForTheOthers() throws Exception {
    server.issuesSlowly("t1", 3600);
    FutureTask<Object> first = new FutureTask<>(this::sent);
    Thread asking = start(first);
    awaitRequests(1);
    FutureTask<Object> waiter = new FutureTask<>(this::sent);
    start(waiter);

    asking.interrupt();

    assertThat(outcome(first)).isInstanceOf(CallCancelledException.class);
    assertThat(waiter.get()).isEqualTo("Bearer t1");
    assertThat(server.requests()).isEqualTo(1);
  }

  @Test
  @DisplayName("B10: where shared work has no thread of its own, one of those who wait takes over")
  void whereSharedWorkHasNoThreadOfItsOwnOneOfThoseWhoWaitTakesOver() throws Exception {
    connection.executor(Runnable::run);
    Authenticator onCallers = connection.open(OAuth2Scheme.clientCredentials("{url}"));
    server.answers(aResponse().withStatus(200).withFixedDelay(30_000));
    FutureTask<Object> leader = new FutureTask<>(() -> onCallers.authenticate(new TestRequest()));
    Thread leading = start(leader);
    awaitRequests(1);
    FutureTask<Object> waiter = new FutureTask<>(() -> onCallers.authenticate(new TestRequest()));
    awaitWaiting(start(waiter));
    server.issues("t1", 3600);

    leading.interrupt();

    assertThat(outcome(leader)).isInstanceOf(CallCancelledException.class);
    assertThat(waiter.get()).isEqualTo(1L);
    assertThat(server.requests()).isEqualTo(2);
  }

  @Test
  @DisplayName("B10: where no thread could be started once, the next one who needs a token tries")
  void whereNoThreadCouldBeStartedOnceTheNextOneTries() {
    AtomicBoolean full = new AtomicBoolean(true);
    connection.executor(
        work -> {
          if (full.getAndSet(false)) {
            throw new OutOfMemoryError("unable to create native thread");
          }
          work.run();
        });
    Authenticator waiting = connection.open(OAuth2Scheme.clientCredentials("{url}"));
    server.issues("t1", 3600);
    Instant soon = connection.clock.instant().plusMillis(50);

    assertThatExceptionOfType(OutOfMemoryError.class)
        .isThrownBy(() -> waiting.authenticate(new TestRequest().until(soon)));

    TestRequest request = new TestRequest().until(soon);
    waiting.authenticate(request);
    assertThat(request.headers.get("Authorization")).isEqualTo("Bearer t1");
  }

  @Test
  void twoProcessesThatShareAStoreUseOneToken() {
    TestConnection other =
        new TestConnection()
            .client("app", "s3cret")
            .parameter("url", server.url())
            .sharing(connection.vault());
    Authenticator otherAuthenticator = other.open(OAuth2Scheme.clientCredentials("{url}"));
    server.issues("t1", 3600);

    TestRequest request = new TestRequest();
    assertThat(sent()).isEqualTo("Bearer t1");
    otherAuthenticator.authenticate(request);

    assertThat(request.headers.get("Authorization")).isEqualTo("Bearer t1");
    assertThat(server.requests()).isEqualTo(1);
  }

  private @Nullable Object sent() {
    TestRequest request = new TestRequest();
    authenticator.authenticate(request);
    return request.headers.get("Authorization");
  }

  /** Runs a task on so many threads at the same moment; returns results and failures. */
  private List<Object> atOnce(int count, Callable<@Nullable Object> task) throws Exception {
    CountDownLatch ready = new CountDownLatch(count);
    CountDownLatch go = new CountDownLatch(1);
    List<Future<Object>> futures = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      futures.add(
          threads.submit(
              () -> {
                ready.countDown();
                go.await();
                return task.call();
              }));
    }
    ready.await();
    go.countDown();
    List<Object> outcomes = new ArrayList<>();
    for (Future<Object> future : futures) {
      outcomes.add(outcome(future));
    }
    return outcomes;
  }

  private static Object outcome(Future<Object> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      return e.getCause();
    }
  }

  private Thread start(FutureTask<?> task) {
    Thread thread = new Thread(task);
    thread.start();
    return thread;
  }

  private static void awaitRequests(int count) {
    while (server.requests() < count) {
      Thread.onSpinWait();
    }
  }

  private static void awaitWaiting(Thread thread) {
    while (thread.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
  }
}
