package dev.connectorsdk.internal.trigger;

import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.PollingTrigger.Start;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.trigger.SubscriptionSpec;
import dev.connectorsdk.trigger.SubscriptionSpec.Order;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * How a subscription watches, as it is kept.
 *
 * @param configuration valid for the trigger
 * @param owner to whom the reference says that it belongs, or {@code null}
 */
record SubscriptionSettings(
    JsonNode configuration, @Nullable String owner, Watching watching, Handling handling) {

  private static final String NOW = "now";
  private static final String ALL = "all";
  private static final String LAST = "last ";
  private static final String SINCE = "since ";

  /**
   * How events are looked for.
   *
   * @param start where a poll without a cursor begins: {@code now}, {@code all}, {@code last 10},
   *     {@code since 2026-01-01T00:00:00Z}
   */
  record Watching(long everyMillis, String start, int mostPerMinute) {

    Watching from(Start other) {
      return new Watching(everyMillis, text(other), mostPerMinute);
    }
  }

  /** How events are handled. */
  record Handling(Order order, boolean batches, int attempts, long retentionMillis) {}

  static SubscriptionSettings of(SubscriptionSpec spec, Duration every, JsonNode configuration) {
    Principal owner = spec.reference().owner();
    return new SubscriptionSettings(
        configuration,
        owner == null ? null : owner.toString(),
        new Watching(every.toMillis(), text(spec.start()), spec.mostPerMinute()),
        new Handling(
            spec.order(), spec.isInBatches(), spec.attempts(), spec.retention().toMillis()));
  }

  /** Returns the same without what it watches. */
  SubscriptionSettings withoutConfiguration() {
    return new SubscriptionSettings(
        JsonNodeFactory.instance.objectNode(), owner, watching, handling);
  }

  /** Reads what {@link #json} wrote. */
  static SubscriptionSettings read(JsonNode json) {
    JsonNode owner = json.path("owner");
    JsonNode watching = json.path("watching");
    JsonNode handling = json.path("handling");
    return new SubscriptionSettings(
        json.path("configuration"),
        owner.isString() ? owner.asString() : null,
        new Watching(
            watching.path("everyMillis").asLong(),
            watching.path("start").asString(),
            watching.path("mostPerMinute").asInt()),
        new Handling(
            Order.valueOf(handling.path("order").asString()),
            handling.path("batches").asBoolean(),
            handling.path("attempts").asInt(),
            handling.path("retentionMillis").asLong()));
  }

  /** Returns it as it is kept. By hand: as a module, this package is closed to Jackson. */
  JsonNode json(JsonNodeFactory nodes) {
    ObjectNode json = nodes.objectNode();
    json.set("configuration", configuration);
    json.put("owner", owner);
    json.set(
        "watching",
        nodes
            .objectNode()
            .put("everyMillis", watching.everyMillis())
            .put("start", watching.start())
            .put("mostPerMinute", watching.mostPerMinute()));
    json.set(
        "handling",
        nodes
            .objectNode()
            .put("order", handling.order().name())
            .put("batches", handling.batches())
            .put("attempts", handling.attempts())
            .put("retentionMillis", handling.retentionMillis()));
    return json;
  }

  private static String text(Start start) {
    if (start instanceof Start.Last last) {
      return LAST + last.count();
    }
    if (start instanceof Start.All) {
      return ALL;
    }
    return start instanceof Start.Since since ? SINCE + since.instant() : NOW;
  }

  SubscriptionSettings startingAgain(Start start) {
    return new SubscriptionSettings(configuration, owner, watching.from(start), handling);
  }

  Start start() {
    String text = watching.start();
    if (text.startsWith(LAST)) {
      return new Start.Last(Integer.parseInt(text.substring(LAST.length())));
    }
    if (text.equals(ALL)) {
      return new Start.All();
    }
    return text.startsWith(SINCE)
        ? new Start.Since(Instant.parse(text.substring(SINCE.length())))
        : new Start.Now();
  }

  Duration every() {
    return Duration.ofMillis(watching.everyMillis());
  }

  ConnectionReference reference(String logicalName, ConnectorId connector) {
    ConnectionReference reference = ConnectionReference.embedded(logicalName, connector);
    String named = owner;
    return named == null ? reference : reference.ownedBy(Principal.parse(named));
  }
}
