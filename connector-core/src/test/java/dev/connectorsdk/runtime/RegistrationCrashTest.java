package dev.connectorsdk.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.WebhookTrigger;
import dev.connectorsdk.api.WebhookTrigger.Received;
import dev.connectorsdk.api.WebhookTrigger.Registration;
import dev.connectorsdk.api.error.ActionFailedException;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.api.webhook.Signature;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.fixtures.SettableClock;
import dev.connectorsdk.runtime.Feed.Item;
import dev.connectorsdk.runtime.Feed.Project;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.store.InMemoryStore;
import dev.connectorsdk.trigger.Subscription;
import dev.connectorsdk.trigger.Subscription.Phase;
import dev.connectorsdk.trigger.SubscriptionSpec;
import dev.connectorsdk.trigger.WebhookRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process dies between any two steps of registering at a service, and of taking leave there. */
@Tag("G14")
class RegistrationCrashTest {

  private static final Caller ADA = Principal.user("ada").in("dev");
  private static final Flow FLOW = Flow.of("desk", ADA.principal());
  private static final Caller ADAS_FLOW = ADA.running(FLOW);
  private static final ConnectionReference REFERENCE =
      ConnectionReference.embedded("team-tickets", "tickets");

  private final SettableClock clock = new SettableClock();
  private final KeyRing keys = KeyRing.random();
  private final OkHttpClient client = new OkHttpClient();

  /** What the service has registered, by id. */
  private final Map<String, URI> hooks = new LinkedHashMap<>();

  private boolean finds;
  private int made;
  private int refusals;

  private Connector connector() {
    WebhookTrigger.Builder<Project, Item> hook =
        WebhookTrigger.builder("hook", Project.class, Item.class)
            .signature(Signature.unsigned().build())
            .subscribe((project, callback, call) -> made(callback))
            .unsubscribe((registration, call) -> remove(registration));
    if (finds) {
      hook.find((project, callback, call) -> found(callback));
    }
    return Tickets.builder("http://localhost")
        .trigger(hook.receive(delivery -> Received.of(delivery.as(Item.class))))
        .build();
  }

  private Registration made(WebhookTrigger.Callback callback) {
    String id = "h-" + ++made;
    hooks.put(id, callback.url());
    return Registration.of(id);
  }

  private Optional<Registration> found(WebhookTrigger.Callback callback) {
    return hooks.entrySet().stream()
        .filter(hook -> hook.getValue().equals(callback.url()))
        .map(hook -> Registration.of(hook.getKey()))
        .findFirst();
  }

  private void remove(Registration registration) {
    if (refusals > 0) {
      refusals--;
      throw new ActionFailedException("not now");
    }
    hooks.remove(registration.id());
  }

  private ConnectorRuntime node(ConnectorStore store) {
    return ConnectorRuntime.builder()
        .connector(connector())
        .store(store, keys)
        .clock(clock)
        .httpClient(client)
        .flows(FlowDirectory.of(FLOW))
        .publicAddress("https://host.test/hooks")
        .handler("announce", Item.class, (item, event) -> {})
        .stopped();
  }

  private static SubscriptionSpec spec(String project) {
    return SubscriptionSpec.of(REFERENCE, "hook", new Project(project), "announce");
  }

  private InMemoryStore subscribed() {
    hooks.clear();
    var store = new InMemoryStore(clock);
    try (ConnectorRuntime host = node(store)) {
      var spec = ConnectionSpec.of("tickets", "apiKey").secret("api_key", Secret.of("k"));
      host.references().bind(ADA, REFERENCE, host.connections().create(ADA, spec).id());
      host.triggers().subscribe(ADAS_FLOW, spec("p1"));
    }
    return store;
  }

  /** What somebody does while the process runs that dies. */
  private interface Life {
    void of(ConnectorRuntime node);
  }

  /** Lets a process live, and die, and another one go on for two hours. */
  private void live(InMemoryStore left, DyingStore dying, Life life) {
    try (ConnectorRuntime node = node(dying.aroundAll(left))) {
      node.triggerModule().runDue();
      life.of(node);
      node.triggerModule().runDue();
    } catch (DyingStore.Death e) {
      clock.advance(Duration.ofMinutes(6));
    }
    runForTwoHours(left);
  }

  private void runForTwoHours(InMemoryStore store) {
    try (ConnectorRuntime node = node(store)) {
      for (int minute = 0; minute < 120; minute++) {
        clock.advance(Duration.ofMinutes(1));
        node.triggerModule().runDue();
      }
    }
  }

  private static int status(ConnectorRuntime node, URI url) throws IOException {
    byte[] body = "{\"id\":\"T-1\",\"group\":\"\"}".getBytes(StandardCharsets.UTF_8);
    return node.triggers()
        .receive(
            new WebhookRequest(
                "POST", url.getRawPath(), null, Map.of(), new ByteArrayInputStream(body)))
        .status();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @DisplayName("G14: wherever it dies, one registration is live, and what else is left is listed")
  void oneRegistrationIsLiveAndWhatElseIsLeftIsListed(boolean canBeFound) throws IOException {
    finds = canBeFound;
    for (int step = 1; ; step++) {
      InMemoryStore left = subscribed();
      var dying = new DyingStore(step);
      live(left, dying, RegistrationCrashTest::watchAnother);

      try (ConnectorRuntime node = node(left)) {
        Subscription subscription = node.triggers().list(ADAS_FLOW).get(0);
        assertThat(subscription.phase()).as("dead at step %d", step).isEqualTo(Phase.ACTIVE);
        assertThat(hooks.size())
            .as("dead at step %d", step)
            .isBetween(1, 1 + subscription.orphans());
        int live = 0;
        for (URI url : List.copyOf(hooks.values())) {
          int status = status(node, url);
          assertThat(status).as("dead at step %d", step).isIn(200, 410);
          live += status == 200 ? 1 : 0;
        }
        assertThat(live).as("dead at step %d", step).isEqualTo(1);
        if (canBeFound) {
          assertThat(hooks).as("dead at step %d", step).hasSize(1);
        }
      }
      if (!dying.isDead()) {
        assertThat(step).as("so many steps there were").isGreaterThan(20);
        return;
      }
    }
  }

  private static void watchAnother(ConnectorRuntime node) {
    Subscription subscription = node.triggers().list(ADAS_FLOW).get(0);
    node.triggers().change(ADAS_FLOW, subscription.id(), spec("p2"));
  }

  @Test
  @DisplayName("G14: wherever it dies while a connection is deleted, the service has to forget it")
  void aDeletedConnectionLeavesNothingAtTheServiceWhereverItDies() {
    finds = true;
    for (int step = 1; ; step++) {
      InMemoryStore left = subscribed();
      var dying = new DyingStore(step);
      refusals = 2;
      live(left, dying, RegistrationCrashTest::deleteConnection);
      try (ConnectorRuntime node = node(left)) {
        deleteConnection(node); // If it died before that was stored.
      }
      runForTwoHours(left);

      assertThat(hooks).as("dead at step %d", step).isEmpty();
      assertThat(left.listDeletedConnections()).as("dead at step %d", step).isEmpty();
      assertThat(left.countCredentialsByKey()).as("dead at step %d", step).isEmpty();
      if (!dying.isDead()) {
        assertThat(step).as("so many steps there were").isGreaterThan(20);
        return;
      }
    }
  }

  private static void deleteConnection(ConnectorRuntime node) {
    node.connections().list(ADA).forEach(one -> delete(node, one.id()));
  }

  private static void delete(ConnectorRuntime node, ConnectionId id) {
    assertThat(node.connections().delete(ADA, id)).isTrue();
  }
}
