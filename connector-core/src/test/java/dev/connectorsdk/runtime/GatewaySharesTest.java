package dev.connectorsdk.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Grant.Right;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.AuthenticationException.Reason;
import dev.connectorsdk.api.error.TransportException;
import dev.connectorsdk.api.error.TransportException.Kind;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.gateway.Gateway.Role;
import dev.connectorsdk.gateway.GatewayAgent;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.store.InMemoryStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A connection goes through a gateway as long as its owner may use that, at each process. */
@Timeout(60)
class GatewaySharesTest {

  private static final Caller ADA = Principal.user("ada").in("prod");
  private static final Caller BOB = Principal.user("bob").in("prod");
  private static final Principal TEAM = Principal.group("team");
  private static final Administrator ADMINISTRATOR =
      Administrator.of(Principal.user("ada"), "prod");
  private static final ConnectionReference ERP = ConnectionReference.invoker("erp", "erp");

  record Text(String value) {}

  private static final Action<Text, Text> SHOW =
      Action.builder("show", Effect.READ, Text.class, Text.class)
          .run((in, call) -> new Text(call.http().get(in.value()).send().text()));
  private static final Action<Text, Text> STORE =
      Action.builder("store", Effect.WRITE, Text.class, Text.class)
          .run((in, call) -> new Text(call.http().post(in.value()).json(in).send().text()));

  @TempDir Path temp;
  private final InMemoryStore store = new InMemoryStore();
  private final KeyRing ring = KeyRing.random();
  private final Set<Principal> team = ConcurrentHashMap.newKeySet();
  private final List<String> seen = new CopyOnWriteArrayList<>();
  private final CountDownLatch answer = new CountDownLatch(1);
  private final MockWebServer service = new MockWebServer();
  private String origin;
  private ConnectorRuntime runtime;
  private ConnectorRuntime other;
  private InsideNetwork inside;
  private String gateway;

  @BeforeEach
  void open() throws Exception {
    service.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) throws InterruptedException {
            seen.add(request.getMethod() + " " + request.getUrl().encodedPath());
            return answered(request.getUrl().encodedPath());
          }
        });
    service.start();
    origin = "http://erp.inside.test:" + service.getPort();
    runtime = runtime();
    other = runtime();
    inside = new InsideNetwork(runtime, temp);
    gateway = runtime.gateways().create(ADMINISTRATOR, "Plant 3").id();
    OkHttpClient patient = new OkHttpClient.Builder().readTimeout(Duration.ofMinutes(2)).build();
    GatewayAgent member = inside.agent("first", patient, origin);
    inside.register(member, ADA, gateway, null);
    inside.refresh(member);
    inside.start(member);
    until(() -> member.connected() > 0);
  }

  private MockResponse answered(String path) throws InterruptedException {
    if (path.startsWith("/late")) {
      answer.await();
    }
    MockResponse.Builder response = new MockResponse.Builder();
    return path.startsWith("/slow")
        ? response
            .body("x".repeat(100_000))
            .throttleBody(1_000, 1, TimeUnit.SECONDS) // 100 s
            .build()
        : response.body("{}").build();
  }

  private ConnectorRuntime runtime() {
    return ConnectorRuntime.builder()
        .connector(
            Connector.builder("erp", origin)
                .auth(AuthOption.none())
                .action(SHOW)
                .action(STORE)
                .build())
        .store(store, ring)
        .memberships((group, member) -> group.equals(TEAM) && team.contains(member))
        .build();
  }

  @AfterEach
  void close() {
    answer.countDown();
    inside.close();
    other.close();
    runtime.close();
    service.close();
  }

  private static void until(BooleanSupplier holds) {
    while (!holds.getAsBoolean()) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  private void share(Principal with) {
    runtime.gateways().share(ADA, gateway, with, Role.USER);
  }

  private Connection create(Caller owner) {
    return runtime
        .connections()
        .create(owner, ConnectionSpec.of("erp", "none").through(gateway).untested());
  }

  private void show(Caller caller, String path) {
    runtime.invoke(caller, ERP, SHOW, new Text(path));
  }

  private boolean isRefused(Caller caller) {
    try {
      show(caller, "/orders");
      return false;
    } catch (AuthenticationException e) {
      assertThat(e.reason()).isEqualTo(Reason.GATEWAY_NOT_SHARED);
      return true;
    }
  }

  private CompletableFuture<Void> later(Runnable call) {
    return CompletableFuture.runAsync(call, task -> new Thread(task).start());
  }

  private void untilSeen(String request) {
    until(() -> seen.contains(request));
  }

  @Test
  @Tag("I1")
  void afterUnshareCallsAreRefusedAtEachProcessAndNothingIsSent() {
    share(BOB.principal());
    ConnectionId bobs = create(BOB).id();
    show(BOB, "/orders");

    other.gateways().unshare(ADA, gateway, BOB.principal());
    until(() -> isRefused(BOB));
    seen.clear();

    for (ConnectorRuntime each : List.of(runtime, other)) {
      assertThatExceptionOfType(AuthenticationException.class)
          .isThrownBy(() -> each.invoke(BOB, ERP, STORE, new Text("/orders")))
          .withMessage("Connection '" + bobs + "': its owner may not use gateway '" + gateway + "'")
          .satisfies(
              e -> {
                assertThat(e.reason()).isEqualTo(Reason.GATEWAY_NOT_SHARED);
                assertThat(e.remedy()).contains("share it with the owner of the connection");
                assertThat(e.isRetryable()).isFalse();
                assertThat(e.userMustAct()).isTrue();
              });
    }
    assertThat(seen).isEmpty();
  }

  @Test
  void sharedAgainItWorksAgain() {
    share(BOB.principal());
    create(BOB);
    runtime.gateways().unshare(ADA, gateway, BOB.principal());
    assertThat(isRefused(BOB)).isTrue();

    share(BOB.principal());

    show(BOB, "/orders");
    assertThat(seen).containsExactly("GET /orders");
  }

  @Test
  void whatAMembershipPermitsEndsWithIt() throws Exception {
    team.add(BOB.principal());
    share(TEAM);
    create(BOB);
    CompletableFuture<Void> write = later(() -> runtime.invoke(BOB, ERP, STORE, new Text("/late")));
    untilSeen("POST /late");

    team.clear();

    assertThat(cut(write).isOutcomeUnknown()).isTrue();
    assertThat(isRefused(BOB)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/late", "/slow"})
  void whatIsUnderWayIsCutAndWhatOthersDoOnTheSameLineGoesOn(String path) throws Exception {
    share(BOB.principal());
    create(BOB);
    ConnectionId adas = create(ADA).id();
    // Carl has no right to the gateway himself.
    Caller carl = Principal.user("carl").in("prod");
    runtime.connections().grant(ADA, adas, carl.principal(), Right.USE);
    runtime.references().bind(carl, ERP, adas);
    CompletableFuture<Void> bobs = later(() -> runtime.invoke(BOB, ERP, STORE, new Text(path)));
    CompletableFuture<Void> carls =
        later(() -> runtime.invoke(carl, ERP, STORE, new Text("/late-too")));
    untilSeen("POST " + path);
    untilSeen("POST /late-too");

    other.gateways().unshare(ADA, gateway, BOB.principal());

    assertThat(cut(bobs).isOutcomeUnknown()).isTrue();
    assertThat(carls).isNotDone();
    answer.countDown();
    assertThat(carls).succeedsWithin(30, TimeUnit.SECONDS);
    assertThat(seen).containsOnlyOnce("POST " + path);
  }

  @Test
  void aReadThatIsCutIsNotSentAgain() {
    share(BOB.principal());
    create(BOB);
    CompletableFuture<Void> read = later(() -> show(BOB, "/late"));
    untilSeen("GET /late");

    other.gateways().unshare(ADA, gateway, BOB.principal());

    assertThat(read)
        .failsWithin(30, TimeUnit.SECONDS)
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(AuthenticationException.class);
    assertThat(seen).containsExactly("GET /late");
  }

  @Test
  @Tag("I1")
  void whoeverUsesTheConnectionOfAnOwnerWithoutARightIsRefusedAndToldNoId() {
    share(BOB.principal());
    ConnectionId bobs = create(BOB).id();
    runtime.connections().grant(BOB, bobs, ADA.principal(), Right.USE);
    runtime.references().bind(ADA, ERP, bobs);
    show(ADA, "/orders");

    runtime.gateways().unshare(ADA, gateway, BOB.principal());

    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(() -> show(ADA, "/orders"))
        .withMessageContaining("the owner of its connection may not use the gateway")
        .withMessageNotContaining(bobs.value());
  }

  @Test
  void afterAHandOverTheRightOfTheNewOwnerCounts() {
    share(BOB.principal());
    ConnectionId bobs = create(BOB).id();
    show(BOB, "/orders");
    Caller carl = Principal.user("carl").in("prod");
    share(carl.principal());
    runtime.connections().handOver(ADMINISTRATOR, bobs, carl.principal());
    runtime
        .connections()
        .update(carl, bobs, ConnectionSpec.of("erp", "none").through(gateway).untested());

    runtime.gateways().unshare(ADA, gateway, BOB.principal());
    show(carl, "/orders");
    runtime.gateways().unshare(ADA, gateway, carl.principal());

    assertThat(isRefused(carl)).isTrue();
  }

  private static TransportException cut(CompletableFuture<Void> call) throws Exception {
    try {
      call.get(30, TimeUnit.SECONDS); // Long before the service has answered.
      throw new AssertionError("It was answered");
    } catch (ExecutionException e) {
      assertThat(e.getCause()).isInstanceOf(TransportException.class);
      TransportException cut = (TransportException) e.getCause();
      assertThat(cut.kind()).isEqualTo(Kind.BROKEN_OFF);
      return cut;
    }
  }
}
