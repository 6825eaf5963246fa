package dev.connectorsdk.examples.host;

import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.examples.plugin.TasksPlugin;
import dev.connectorsdk.examples.plugin.TasksPlugin.Task;
import dev.connectorsdk.http.AddressPolicy;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.trigger.EventHandler;
import dev.connectorsdk.trigger.Subscription;
import dev.connectorsdk.trigger.SubscriptionSpec.Order;
import dev.connectorsdk.trigger.Triggers;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@WireMockTest
class AnnouncementsTest {

  private static final Caller ADA = Principal.user("ada").in("dev");
  private static final Flow FLOW = Flow.of("announcements", ADA.principal());
  private static final Caller ADAS_FLOW = ADA.running(FLOW);

  private final BlockingQueue<Task> announced = new LinkedBlockingQueue<>();
  private String site = "";

  @BeforeEach
  void start(WireMockRuntimeInfo service) {
    site = service.getHttpBaseUrl();
    stubFor(
        post("/token").willReturn(okJson("{\"access_token\": \"t\", \"token_type\": \"Bearer\"}")));
    stubFor(
        get(urlPathEqualTo("/api/done"))
            .withQueryParam("after", absent())
            .willReturn(okJson("{\"tasks\": [], \"next\": \"41\"}")));
    stubFor(
        get(urlPathEqualTo("/api/done"))
            .withQueryParam("after", equalTo("41"))
            .willReturn(
                okJson("{\"tasks\": [{\"id\": \"7\", \"title\": \"Milk\"}], \"next\": \"42\"}")));
    stubFor(
        get(urlPathEqualTo("/api/done"))
            .withQueryParam("after", equalTo("42"))
            .willReturn(okJson("{\"tasks\": [], \"next\": \"42\"}")));
  }

  private ConnectorRuntime runtime(EventHandler<Task> announce) {
    var builder = ConnectorRuntime.builder().provider(new TasksPlugin());
    builder.addressPolicy(AddressPolicy.allowAll());
    ConnectorRuntime runtime = Announcements.start(builder, FlowDirectory.of(FLOW), announce);
    var app = ConnectionSpec.of("tasks", "oauth2").with("site", site).with("client_id", "app");
    var spec = app.secret("client_secret", Secret.of("s")).untested();
    runtime
        .references()
        .bind(ADA, Announcements.TASKS, runtime.connections().create(ADA, spec).id());
    return runtime;
  }

  @Test
  void announcesTheTasksThatWereDone() throws Exception {
    try (ConnectorRuntime runtime = runtime((task, event) -> announced.add(task))) {
      Subscription subscription = Announcements.announceDoneTasks(runtime, ADA, FLOW);
      pollUntilSomethingComes(runtime, subscription);

      assertThat(announced.poll(30, TimeUnit.SECONDS)).isEqualTo(new Task("7", "Milk"));
    }
  }

  @Test
  void whatWasParkedIsAnnouncedWhenTheHandlerIsMended() throws Exception {
    var broken = new AtomicBoolean(true);
    EventHandler<Task> announce =
        (task, event) -> {
          if (broken.get()) {
            throw new IllegalStateException("not now");
          }
          announced.add(task);
        };
    try (ConnectorRuntime runtime = runtime(announce)) {
      Triggers triggers = runtime.triggers();
      Subscription subscription =
          triggers.subscribe(ADAS_FLOW, Announcements.settings().parkingAfter(1));
      pollUntilSomethingComes(runtime, subscription);
      while (triggers.inspect(ADAS_FLOW, subscription.id()).parked() == 0) {
        Thread.onSpinWait();
      }

      broken.set(false);
      assertThat(Announcements.replayAll(runtime, ADAS_FLOW, subscription.id())).isEqualTo(1);

      assertThat(announced.poll(30, TimeUnit.SECONDS)).isEqualTo(new Task("7", "Milk"));
      assertThat(Announcements.settings().order()).isEqualTo(Order.PER_KEY);
    }
  }

  /** The first poll only looks where the list ends. */
  private static void pollUntilSomethingComes(ConnectorRuntime runtime, Subscription subscription) {
    Triggers triggers = runtime.triggers();
    while (triggers.inspect(ADAS_FLOW, subscription.id()).completeUpTo() == null) {
      Thread.onSpinWait();
    }
    while (triggers.events(ADAS_FLOW, subscription.id(), null, 0, 1).isEmpty()) {
      triggers.pollNow(ADAS_FLOW, subscription.id());
    }
  }
}
