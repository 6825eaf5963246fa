package dev.connectorsdk.internal.gateway.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.CallCancelledException;
import dev.connectorsdk.api.error.HostNotAllowedException;
import dev.connectorsdk.api.error.SecretUnreadableException;
import dev.connectorsdk.api.error.ServiceException;
import dev.connectorsdk.api.error.TransportException;
import dev.connectorsdk.api.error.TransportException.Kind;
import dev.connectorsdk.api.file.FileSource;
import dev.connectorsdk.api.file.FileTarget;
import dev.connectorsdk.fixtures.LocalServer;
import dev.connectorsdk.http.InFlightLimits;
import dev.connectorsdk.internal.gateway.seal.Prepared;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls of a service that only a gateway's member reaches, over real sockets. */
@Timeout(120)
class GatewayCallTest {

  private static final byte[] ANSWER =
      "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone".getBytes(StandardCharsets.US_ASCII);

  @AutoClose private final InsideService service = new InsideService();
  @AutoClose private final GatewayWorld world = new GatewayWorld();

  GatewayCallTest() throws Exception {}

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    new Random(count).nextBytes(bytes);
    return bytes;
  }

  @Test
  void aServiceThatOnlyTheMemberKnowsAnswers() throws Exception {
    world.member("a", service.url());

    assertThat(world.http(service.url(), Effect.READ).get("/hello").send().text())
        .isEqualTo("hello");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 65_535, 65_536, 65_537, 1_048_576})
  void bodiesOfKnownLengthGoThereAndBack(int size) throws Exception {
    world.member("a", service.url());

    byte[] back =
        world
            .http(service.url(), Effect.WRITE)
            .post("/echo")
            .bytes(bytes(size), "application/octet-stream")
            .send()
            .bytes();

    assertThat(back).isEqualTo(bytes(size));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 65_535, 65_536, 65_537, 1_048_576})
  void bodiesOfUnknownLengthGoThereAndBack(int size) throws Exception {
    world.member("a", service.url());
    ByteArrayOutputStream back = new ByteArrayOutputStream();

    world
        .http(service.url(), Effect.WRITE)
        .post("/echo")
        .file(FileSource.of(new ByteArrayInputStream(bytes(size)), FileSource.UNKNOWN))
        .download(FileTarget.of(back));

    assertThat(back.toByteArray()).isEqualTo(bytes(size));
  }

  @Test
  void aDownloadOfAHundredMegabytesArrivesWhole() throws Exception {
    world.member("a", service.url());
    long size = 100L * 1024 * 1024;

    assertThat(
            world
                .http(service.url(), Effect.READ)
                .callEncoded("GET", "/many?" + size)
                .download(FileTarget.of(OutputStream.nullOutputStream()))
                .size())
        .isEqualTo(size);
  }

  @Test
  void theMembersOwnListSaysWhereItGoes() throws Exception {
    GatewayWorld.Member member = world.member("a", "http://other.inside.test");

    for (int i = 0; i < 2; i++) {
      assertThatExceptionOfType(HostNotAllowedException.class)
          .isThrownBy(() -> world.http(service.url(), Effect.READ).get("/hello").send())
          .withMessage(
              "No request to %s: the gateway's member was not given %s",
              service.url(), service.url())
          .satisfies(e -> assertThat(e.remedy()).contains("GatewayAgent.Builder.allowing"));
    }
    assertThat(service.asked).isEmpty();
    assertThat(member.told)
        .containsOnlyOnce(
            "The host asks for " + service.url() + ", which this member was not given");
  }

  @Test
  void theMemberAddsTheCredentialAndOnlyItHasOne() throws Exception {
    world.member(
        "a",
        (request, auth, deadline) ->
            Prepared.plain(
                request.newBuilder().header("Authorization", "Basic b3BlbiBzZXNhbWU=").build()),
        service.url());

    assertThat(world.http(service.url(), Effect.READ).get("/authorized").send().text())
        .isEqualTo("Basic b3BlbiBzZXNhbWU=");
  }

  @Test
  void aCredentialThatLeadsElsewhereIsNotSent() throws Exception {
    world.member(
        "a",
        (request, auth, deadline) ->
            Prepared.plain(request.newBuilder().url("http://other.inside.test/").build()),
        service.url());

    assertThatExceptionOfType(HostNotAllowedException.class)
        .isThrownBy(() -> world.http(service.url(), Effect.READ).get("/hello").send());
  }

  @Test
  void aCredentialThatCannotBeOpenedIsNoTransportFailure() throws Exception {
    world.member(
        "a",
        (request, auth, deadline) -> {
          throw new SecretUnreadableException("another connection's");
        },
        service.url());

    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(() -> world.http(service.url(), Effect.READ).get("/hello").send())
        .withMessageContaining("another connection's");
    assertThat(service.asked).isEmpty();
  }

  @Test
  void withoutAMemberNothingIsSentAndLaterItMayWork() {
    assertThatExceptionOfType(TransportException.class)
        .isThrownBy(() -> world.http(service.url(), Effect.WRITE).post("/hello").json("x").send())
        .matches(e -> e.kind() == Kind.GATEWAY && e.isRetryable() && !e.isOutcomeUnknown());
  }

  @Test
  void thatNobodyTakesARequestSaysNothingOfTheService() throws Exception {
    OkHttpClient client = world.http(service.url(), Effect.READ).unwrap(OkHttpClient.class);
    Request request = new Request.Builder().url(service.url() + "/hello").build();
    for (int i = 0; i < InFlightLimits.standard().maxFailures(); i++) {
      assertThatIOException().isThrownBy(() -> client.newCall(request).execute());
    }
    assertThat(world.failures)
        .allSatisfy(
            failure ->
                assertThat(failure)
                    .isInstanceOfSatisfying(
                        TransportException.class,
                        e -> assertThat(e.kind()).isEqualTo(Kind.GATEWAY)))
        .hasSize(InFlightLimits.standard().maxFailures());

    world.member("a", service.url());

    assertThat(world.http(service.url(), Effect.READ).get("/hello").send().text())
        .isEqualTo("hello");
  }

  @Test
  void aServiceThatIsNotThereWasSentNothing() throws Exception {
    String url = "http://erp.inside.test:" + LocalServer.freePort();
    world.member("a", url);

    assertThatExceptionOfType(TransportException.class)
        .isThrownBy(() -> world.http(url, Effect.WRITE).post("/hello").json("x").send())
        .matches(e -> e.kind() == Kind.CONNECT && !e.isOutcomeUnknown());
  }

  @Test
  void aNameThatTheInsideDoesNotKnowIsToldAsThat() throws Exception {
    world.member("a", "http://nobody.invalid");

    assertThatExceptionOfType(TransportException.class)
        .isThrownBy(() -> world.http("http://nobody.invalid", Effect.READ).get("/").send())
        .matches(e -> e.kind() == Kind.CONNECT)
        .havingCause()
        .withMessageContaining("UnknownHostException");
  }

  @Test
  void aServiceThatAnswersWithoutTheWholeBodyIsHeard() throws Exception {
    world.member("a", service.url());

    assertThatExceptionOfType(ServiceException.class)
        .isThrownBy(
            () ->
                world
                    .http(service.url(), Effect.WRITE)
                    .post("/too-large")
                    .bytes(bytes(4 * 1024 * 1024), "application/octet-stream")
                    .send())
        .matches(e -> e.status() == 413);
  }

  /** Says when a request has arrived whole, and answers when it may. */
  private static final class PatientService implements AutoCloseable {

    final BlockingQueue<String> arrived = new LinkedBlockingQueue<>();
    final CountDownLatch answers = new CountDownLatch(1);
    final BlockingQueue<Boolean> hungUp = new LinkedBlockingQueue<>();
    private final LocalServer server = new LocalServer(this::serve);

    String url() {
      return "http://localhost:" + server.port();
    }

    private void serve(Socket client) throws IOException, InterruptedException {
      InputStream in = client.getInputStream();
      byte[] request = new byte[64 * 1024];
      int count = in.read(request);
      arrived.add(new String(request, 0, Math.max(count, 0), StandardCharsets.US_ASCII));
      if (arrived.size() == 1) {
        LocalServer.daemon(
            () -> {
              if (in.read() < 0) {
                hungUp.add(true);
              }
            });
        answers.await();
      }
      client.getOutputStream().write(ANSWER);
      client.getOutputStream().flush();
    }

    void awaitArrival() throws InterruptedException {
      String first = arrived.take();
      arrived.add(first);
    }

    @Override
    public void close() throws IOException {
      answers.countDown();
      server.close();
    }
  }

  @Test
  void aWriteWhoseLineIsCutHasAnUnknownOutcome() throws Exception {
    try (PatientService patient = new PatientService()) {
      world.member("a", patient.url());
      Future<?> call =
          world.work.submit(
              () -> world.http(patient.url(), Effect.WRITE).post("/orders").json("x").send());
      patient.awaitArrival();

      world.cable.cut();

      assertThat(call)
          .failsWithin(Duration.ofSeconds(30))
          .withThrowableThat()
          .havingCause()
          .isInstanceOfSatisfying(
              TransportException.class, e -> assertThat(e.isOutcomeUnknown()).isTrue());
      assertThat(patient.arrived).hasSize(1);
    }
  }

  @Test
  void aReadWhoseLineIsCutIsRepeatedWhenTheMemberIsBack() throws Exception {
    try (PatientService patient = new PatientService()) {
      world.member("a", patient.url());
      CompletableFuture<String> call =
          CompletableFuture.supplyAsync(
              () -> world.http(patient.url(), Effect.READ).get("/orders").send().text(),
              world.work);
      patient.awaitArrival();

      world.cable.cut();

      assertThat(call.get()).isEqualTo("done");
      assertThat(patient.arrived).hasSize(2);
    }
  }

  @Test
  void aLineThatSwallowsEverythingIsNoticedInTwoIntervals() throws Exception {
    try (PatientService patient = new PatientService()) {
      world.member("a", patient.url());
      Future<?> call =
          world.work.submit(
              () -> world.http(patient.url(), Effect.WRITE).post("/orders").json("x").send());
      patient.awaitArrival();

      world.cable.swallow();

      assertThat(call)
          .failsWithin(GatewayWorld.PING.multipliedBy(10))
          .withThrowableThat()
          .havingCause()
          .isInstanceOfSatisfying(
              TransportException.class,
              e -> assertThat(e).matches(x -> x.kind() == Kind.BROKEN_OFF && x.isOutcomeUnknown()));
      assertThat(world.directory.closed.take()).contains("no sign of life");

      world.cable.mend();
      world.directory.awaitOpened("a");
      patient.answers.countDown();
      assertThat(world.http(patient.url(), Effect.READ).get("/").send().text()).isEqualTo("done");
    }
  }

  @Test
  void aMemberThatTakesNothingIsSentNoMoreThanAWindow() throws Exception {
    world.member("a", service.url());
    world.cable.swallow();
    AtomicLong read = new AtomicLong();
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            read.incrementAndGet();
            return 'x';
          }

          @Override
          public int read(byte[] into, int offset, int length) {
            read.addAndGet(length);
            return length;
          }
        };

    assertThatExceptionOfType(TransportException.class)
        .isThrownBy(
            () ->
                world
                    .http(service.url(), Effect.WRITE)
                    .post("/echo")
                    .file(FileSource.of(endless, 100L * 1024 * 1024))
                    .send())
        .matches(TransportException::isOutcomeUnknown);

    assertThat(read).hasValueLessThan(512 * 1024);
  }

  @Test
  void aCallThatIsInterruptedStopsAtTheMemberToo() throws Exception {
    try (PatientService patient = new PatientService()) {
      world.member("a", patient.url());
      BlockingQueue<RuntimeException> thrown = new LinkedBlockingQueue<>();
      Thread caller =
          new Thread(
              () -> {
                try {
                  world.http(patient.url(), Effect.WRITE).post("/orders").json("x").send();
                } catch (RuntimeException e) {
                  thrown.add(e);
                }
              });
      caller.start();
      patient.awaitArrival();

      caller.interrupt();

      assertThat(thrown.take()).isInstanceOf(CallCancelledException.class);
      assertThat(patient.hungUp.take()).isTrue();
    }
  }

  @Test
  void aTimeLimitEndsTheCallHereAndThere() throws Exception {
    try (PatientService patient = new PatientService()) {
      world.member("a", patient.url());

      assertThatExceptionOfType(TransportException.class)
          .isThrownBy(
              () ->
                  world
                      .http(patient.url(), Effect.WRITE, Duration.ofMillis(700))
                      .post("/orders")
                      .json("x")
                      .send())
          .matches(e -> e.kind() == Kind.TIMEOUT && e.isOutcomeUnknown());
      assertThat(patient.hungUp.take()).isTrue();
    }
  }
}
