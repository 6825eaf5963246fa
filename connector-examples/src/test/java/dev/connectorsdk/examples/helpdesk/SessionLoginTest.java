package dev.connectorsdk.examples.helpdesk;

import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static com.github.tomakehurst.wiremock.client.WireMock.unauthorized;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.verify;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectionStatus.State;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.http.AddressPolicy;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.store.InMemoryStore;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@WireMockTest
class SessionLoginTest {

  private static final Caller ADA = Principal.user("ada").in("test");
  private static final ConnectionReference DESK = ConnectionReference.invoker("desk", "helpdesk");

  private final InMemoryStore store = new InMemoryStore();
  private final KeyRing keys = KeyRing.random();

  private ConnectorRuntime runtime() {
    return ConnectorRuntime.builder()
        .provider(new Helpdesk())
        .addressPolicy(AddressPolicy.allowAll())
        .store(store, keys)
        .build();
  }

  private static Connection connect(ConnectorRuntime runtime, WireMockRuntimeInfo service) {
    return runtime
        .connections()
        .create(
            ADA,
            ConnectionSpec.of("helpdesk", "session")
                .with("site", service.getHttpBaseUrl())
                .with("username", "ada")
                .secret("password", Secret.of("p&ss")));
  }

  private static void theServiceKnows(String session) {
    stubFor(get("/api/status").willReturn(unauthorized()));
    stubFor(get("/api/me").willReturn(unauthorized()));
    stubFor(
        get("/api/status")
            .withHeader("X-Session", equalTo(session))
            .willReturn(okJson("{\"state\": \"fine\"}")));
    stubFor(
        get("/api/me")
            .withHeader("X-Session", equalTo(session))
            .willReturn(okJson("{\"login\": \"ada\", \"name\": \"Ada\"}")));
  }

  private static void logInGives(String session) {
    stubFor(
        post("/login")
            .withRequestBody(containing("password=p%26ss"))
            .willReturn(okJson("{\"session\": \"" + session + "\"}")));
  }

  @Test
  void logsInOnceHoweverManyCallsAreMade(WireMockRuntimeInfo service) throws Exception {
    logInGives("s-1");
    theServiceKnows("s-1");
    try (ConnectorRuntime runtime = runtime()) {
      connect(runtime, service);
      ExecutorService threads = Executors.newFixedThreadPool(8);
      try {
        Callable<Object> call = () -> runtime.invoke(ADA, DESK, Helpdesk.STATUS, Nothing.NOTHING);
        for (Future<Object> result :
            threads.invokeAll(IntStream.range(0, 32).mapToObj(i -> call).toList())) {
          assertThat(result.get()).isNotNull();
        }
      } finally {
        threads.shutdownNow();
      }
    }
    verify(1, postRequestedFor(urlEqualTo("/login")));
  }

  @Test
  void logsInAgainWhenTheServiceForgotTheSession(WireMockRuntimeInfo service) {
    logInGives("s-1");
    theServiceKnows("s-1");
    try (ConnectorRuntime runtime = runtime()) {
      connect(runtime, service);
      logInGives("s-2");
      theServiceKnows("s-2");

      assertThat(runtime.invoke(ADA, DESK, Helpdesk.STATUS, Nothing.NOTHING).state())
          .isEqualTo("fine");
    }
    verify(2, postRequestedFor(urlEqualTo("/login")));
  }

  @Test
  void theSessionSurvivesARestart(WireMockRuntimeInfo service) {
    logInGives("s-1");
    theServiceKnows("s-1");
    connect(runtime(), service);

    try (ConnectorRuntime restarted = runtime()) {
      restarted.invoke(ADA, DESK, Helpdesk.STATUS, Nothing.NOTHING);
    }
    verify(1, postRequestedFor(urlEqualTo("/login")));
  }

  @Test
  void aWrongPasswordLeavesTheConnectionUnauthenticated(WireMockRuntimeInfo service) {
    stubFor(post("/login").willReturn(unauthorized().withBody("not p&ss")));
    try (ConnectorRuntime runtime = runtime()) {
      Connection connection = connect(runtime, service);

      assertThat(connection.status().state()).isEqualTo(State.UNAUTHENTICATED);
      assertThat(connection.status().message()).doesNotContain("p&ss");
    }
    verify(1, postRequestedFor(urlEqualTo("/login")));
  }
}
