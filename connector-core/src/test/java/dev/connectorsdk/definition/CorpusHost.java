package dev.connectorsdk.definition;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.WebhookTrigger;
import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.runtime.TriggersByHand;
import dev.connectorsdk.trigger.Subscription;
import dev.connectorsdk.trigger.SubscriptionSpec;
import dev.connectorsdk.trigger.WebhookRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import okhttp3.OkHttpClient;
import tools.jackson.databind.JsonNode;

/** A host with a flow that is called back by the service of a published definition. */
final class CorpusHost implements AutoCloseable {

  static final String ADDRESS = "https://host.example/hooks";

  private static final Caller ADA = Principal.user("ada").in("dev");
  private static final Flow FLOW = Flow.of("desk", ADA.principal());
  private static final Caller ADAS_FLOW = ADA.running(FLOW);

  private final ConnectorRuntime runtime;
  private final ConnectionReference reference;
  private final List<JsonNode> handled = new ArrayList<>();

  CorpusHost(Definition definition, OkHttpClient network) {
    var option = CorpusContext.option(definition.connector());
    Connector.Builder open = CorpusContext.open(definition.connector()).auth(option);
    definition.connector().triggers().stream()
        .filter(WebhookTrigger.class::isInstance)
        .forEach(open::trigger);
    Connector connector = open.build();
    this.reference = ConnectionReference.embedded("it", connector.id());
    this.runtime =
        TriggersByHand.stopped(
            ConnectorRuntime.builder()
                .connector(connector)
                .httpClient(network)
                .flows(FlowDirectory.of(FLOW))
                .publicAddress(ADDRESS)
                .handler("handle", JsonNode.class, (payload, event) -> handled.add(payload)));
    var entered = CorpusContext.filled(connector, option, new HashMap<>());
    runtime.references().bind(ADA, reference, runtime.connections().create(ADA, entered).id());
  }

  Subscription subscribe(String trigger, JsonNode configuration) {
    Subscription made =
        runtime
            .triggers()
            .subscribe(ADAS_FLOW, SubscriptionSpec.of(reference, trigger, configuration, "handle"));
    TriggersByHand.run(runtime);
    return runtime.triggers().inspect(ADAS_FLOW, made.id());
  }

  /** Returns how a delivery is answered. */
  int deliver(URI callback, JsonNode body) throws IOException {
    byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
    return runtime
        .triggers()
        .receive(
            new WebhookRequest(
                "POST",
                callback.getRawPath(),
                callback.getRawQuery(),
                Map.of("content-type", List.of("application/json")),
                new ByteArrayInputStream(bytes)))
        .status();
  }

  /** Returns what the handler gets until there is nothing more to do. */
  List<JsonNode> handled() {
    handled.clear();
    TriggersByHand.run(runtime);
    return handled;
  }

  void unsubscribe(Subscription subscription) {
    runtime.triggers().unsubscribe(ADAS_FLOW, subscription.id());
    TriggersByHand.run(runtime);
  }

  @Override
  public void close() {
    runtime.close();
  }
}
