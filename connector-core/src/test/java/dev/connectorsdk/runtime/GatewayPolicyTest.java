package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.resetAllRequests;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static com.github.tomakehurst.wiremock.client.WireMock.temporaryRedirect;
import static com.github.tomakehurst.wiremock.client.WireMock.verify;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.PolicyException;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.gateway.GatewayAgent;
import dev.connectorsdk.governance.DataPolicy;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Data policies hold for requests through a gateway, whose members would carry them. */
@WireMockTest
@Timeout(60)
@Tag("I3")
class GatewayPolicyTest {

  private static final Caller ADA = Principal.user("ada").in("prod");
  private static final Administrator ADMINISTRATOR = Administrator.of(ADA.principal(), "prod");
  private static final Administrator OF_ALL = Administrator.ofRuntime(ADA.principal());
  private static final ConnectionReference MINE = ConnectionReference.invoker("erp", "erp");

  record Target(String url) {}

  private static final Action<Target, Integer> GET =
      Action.builder("get", Effect.READ, Target.class, Integer.class)
          .run((in, call) -> call.http().callEncoded("GET", in.url()).send().status());

  private static final Action<Target, Integer> BY_OKHTTP =
      Action.builder("byOkHttp", Effect.READ, Target.class, Integer.class)
          .run(
              (in, call) -> {
                OkHttpClient client = call.http().unwrap(OkHttpClient.class);
                Request request = new Request.Builder().url(in.url()).build();
                try (var response = client.newCall(request).execute()) {
                  return response.code();
                }
              });

  @TempDir Path temp;
  private ConnectorRuntime runtime;
  private InsideNetwork inside;
  private String origin;
  private String forbidden;

  @BeforeEach
  void open(WireMockRuntimeInfo server) throws Exception {
    origin = "http://erp.inside.test:" + server.getHttpPort();
    forbidden = "http://forbidden.inside.test:" + server.getHttpPort();
    stubFor(any(anyUrl()).willReturn(okJson("{}")));
    stubFor(get("/moved").willReturn(temporaryRedirect(forbidden + "/x")));
    Connector erp =
        Connector.builder("erp", origin)
            .additionalOrigin(forbidden)
            .auth(AuthOption.none())
            .action(GET)
            .action(BY_OKHTTP)
            .build();
    runtime = ConnectorRuntime.builder().connector(erp).build();
    inside = new InsideNetwork(runtime, temp);
    String gateway = runtime.gateways().create(ADMINISTRATOR, "Plant 3").id();
    GatewayAgent member = inside.agent("first", origin, forbidden);
    inside.register(member, ADA, gateway, null);
    inside.refresh(member);
    inside.start(member);
    while (member.connected() == 0) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
    runtime.connections().create(ADA, ConnectionSpec.of("erp", "none").through(gateway));
  }

  @AfterEach
  void close() {
    inside.close();
    runtime.close();
  }

  private void verifyForbidden(int requests) {
    verify(
        requests,
        anyRequestedFor(anyUrl()).withHeader("Host", containing("forbidden.inside.test")));
  }

  @ParameterizedTest
  @CsvSource({"get, there, /x", "get, here, /moved", "byOkHttp, there, /x"})
  @DisplayName("I3, 7.6: no way through a gateway leads to a forbidden host")
  void noWayThroughAGatewayLeadsToAForbiddenHost(String action, String where, String path) {
    Target target = new Target((where.equals("there") ? forbidden : origin) + path);
    runtime.invoke(ADA, MINE, action, target);
    verifyForbidden(1);
    resetAllRequests();

    DataPolicy policy = DataPolicy.named("p").denyEndpoint("erp", forbidden).build();
    runtime.policies().save(OF_ALL, policy, 0);

    assertThatExceptionOfType(PolicyException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, action, target))
        .returns("p", PolicyException::policy);
    verifyForbidden(0);
  }
}
