package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.event.ConnectorEvent.SubscriptionChanged;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.gateway.Gateway.Role;
import dev.connectorsdk.gateway.GatewayAgent;
import dev.connectorsdk.trigger.Subscription;
import dev.connectorsdk.trigger.Subscription.Phase;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Triggers poll through a gateway as they do directly. */
@Timeout(60)
class GatewayPollTest extends TriggerHostTest {

  @TempDir Path temp;
  private InsideNetwork inside;
  private String gateway;

  @BeforeEach
  void makeGateway() throws Exception {
    Administrator administrator = Administrator.of(ADA.principal(), ADA.environment());
    gateway = runtime.gateways().create(administrator, "Plant 3").id();
    inside = new InsideNetwork(runtime, temp);
    startMember();
    ConnectionSpec spec = ConnectionSpec.of("tickets", "apiKey").through(gateway);
    var request = runtime.connections().sealRequest(ADA, spec);
    var sealed = Map.of("api_key", request.seal("api_key", Secret.of("k3y")));
    Connection connection =
        runtime.connections().create(ADA, spec.sealed(request, sealed).untested());
    runtime.references().bind(ADA, SHARED, connection.id());
  }

  private GatewayAgent startMember() {
    GatewayAgent member = inside.agent("first", url());
    if (inside.refresh(member) == GatewayAgent.State.UNREGISTERED) {
      inside.register(member, ADA, gateway, null);
      inside.refresh(member);
    }
    inside.start(member);
    while (member.connected() == 0) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
    return member;
  }

  @AfterEach
  void closeNetwork() {
    inside.close();
  }

  @Test
  void handsOverWhatHappenedAfterTheLastPoll() {
    Feed.begins(service, 10);
    Feed.goesOn(service, 10, 12, "T-11", "T-12");
    Feed.goesOn(service, 12, 13, "T-13");
    subscribe();

    run();
    assertThat(handled).isEmpty();
    runAfter(ROUND);
    runAfter(ROUND);

    assertThat(handled).containsExactly("T-11", "T-12", "T-13");
    service.verify(
        3, getRequestedFor(urlPathEqualTo("/feed")).withHeader("X-Api-Key", equalTo("k3y")));
  }

  @Test
  void waitsWhileTheOwnerMayNotUseTheGatewayAndGoesOnWhereItWas() {
    Feed.begins(service, 10);
    Feed.goesOn(service, 10, 11, "T-11");
    Subscription subscription = subscribe();
    run();
    Administrator administrator = Administrator.of(ADA.principal(), ADA.environment());

    runtime.gateways().unshare(ADA, gateway, ADA.principal());
    runAfter(ROUND);
    runAfter(ROUND);

    assertThat(inspect(subscription).phase()).isEqualTo(Phase.WAITING);
    assertThat(heard(SubscriptionChanged.class))
        .filteredOn(event -> event.to().equals("WAITING"))
        .hasSize(1);
    service.verify(1, getRequestedFor(urlPathEqualTo("/feed")));

    runtime.gateways().share(administrator, gateway, ADA.principal(), Role.USER);
    runAfter(ROUND);
    assertThat(handled).containsExactly("T-11");
  }
}
