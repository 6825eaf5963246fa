package dev.connectorsdk.internal.definition.trigger;

import dev.connectorsdk.api.ActionContext;
import dev.connectorsdk.api.Event;
import dev.connectorsdk.api.PollingTrigger;
import dev.connectorsdk.api.Shape;
import dev.connectorsdk.internal.definition.document.Lookup;
import dev.connectorsdk.internal.definition.document.PathString;
import dev.connectorsdk.internal.definition.policy.PollingPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A trigger of a definition that asks: for a list, comparing it with what it knows, or as the
 * service wants to be asked, which then keeps count itself (202, Location, Retry-After).
 */
final class DefinitionPollingTrigger extends DefinitionTrigger
    implements PollingTrigger<JsonNode, String, JsonNode> {

  private static final Shape<String> CURSOR = Shape.of(String.class);
  private static final int ACCEPTED = 202;

  private final @Nullable PollingPolicy policy;
  private final ServiceLocation locations;

  /**
   * @param policy how to compare, or {@code null} if the service keeps count
   */
  DefinitionPollingTrigger(
      TriggerOperation trigger, @Nullable PollingPolicy policy, ServiceLocation locations) {
    super(trigger);
    this.policy = policy;
    this.locations = locations;
  }

  @Override
  public Shape<String> cursor() {
    return CURSOR;
  }

  @Override
  public Batch<String, JsonNode> poll(Poll<JsonNode, String> poll, ActionContext context) {
    return policy == null
        ? ask(poll.configuration(), PollState.of(poll.cursor()), poll.limit(), context)
        : compare(policy, poll.configuration(), poll.cursor(), poll.limit(), context);
  }

  private Batch<String, JsonNode> compare(
      PollingPolicy how,
      JsonNode configuration,
      @Nullable String cursor,
      int limit,
      ActionContext context) {
    PollState state = PollState.of(cursor);
    JsonNode body = asked(configuration, state, context).path("body");
    List<JsonNode> found = new ArrayList<>();
    JsonNode items = how.items(body);
    if (items != null && items.isArray()) {
      items.forEach(found::add);
    }
    if (found.isEmpty()) {
      return Batch.of(List.of(), (cursor == null ? PollState.NONE : state).cursor());
    }
    if (how.newestFirst()) {
      Collections.reverse(found);
    }
    PollState all = new PollState(how.state(body), null, Set.of());
    PollState next = all.having(PollState.NONE.unseen(found));
    if (cursor == null) {
      return Batch.of(List.of(), next.cursor());
    }
    List<Event<JsonNode>> events = state.unseen(found);
    return events.size() <= limit ? Batch.of(events, next.cursor()) : part(state, events, limit);
  }

  /** Asks for the list, with the state in parameters that the operation need not declare. */
  private JsonNode asked(JsonNode configuration, PollState state, ActionContext context) {
    ObjectNode declared = JsonNodeFactory.instance.objectNode();
    ObjectNode undeclared = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> entry : state.query().properties()) {
      String name = locations.parameter(trigger.operation(), entry.getKey());
      if (name != null) {
        declared.set(name, entry.getValue());
      } else {
        undeclared.set(entry.getKey(), entry.getValue());
      }
    }
    return trigger
        .client()
        .exchange(
            TriggerOperation.with(configuration, declared),
            context,
            request ->
                undeclared.forEachEntry((name, value) -> request.addQuery(name, value.asString())));
  }

  /** The rest is found again by asking in the same state. */
  private static Batch<String, JsonNode> part(
      PollState state, List<Event<JsonNode>> events, int limit) {
    List<Event<JsonNode>> first = events.subList(0, limit);
    return new Batch<>(first, state.having(first).cursor(), true);
  }

  private Batch<String, JsonNode> ask(
      JsonNode configuration, PollState state, int limit, ActionContext context) {
    JsonNode output =
        state.location() == null
            ? trigger.client().exchange(configuration, context, request -> {})
            : locations.follow(trigger.client(), configuration, state.location(), context);
    JsonNode headers = output.path("headers");
    String location = Lookup.findText(headers, "location");
    Duration pause = pause(Lookup.findText(headers, "retry-after"));
    PollState next =
        new PollState(
            JsonNodeFactory.instance.objectNode(),
            location == null ? state.location() : location,
            Set.of());
    JsonNode body = output.has("body") ? output.get("body") : MissingNode.getInstance();
    if (output.path("statusCode").asInt() == ACCEPTED || body.isMissingNode()) {
      return new Batch<>(List.of(), next.cursor(), false, pause);
    }
    List<Event<JsonNode>> events = state.unseen(trigger.events().in(body));
    if (events.size() > limit) {
      return part(state, events, limit);
    }
    boolean more = pause != null && pause.isZero();
    return new Batch<>(events, next.cursor(), more, more ? null : pause);
  }

  /** Reads Retry-After in seconds; a date leaves the pause to the subscription. */
  private static @Nullable Duration pause(@Nullable String retryAfter) {
    String seconds = retryAfter == null ? "" : retryAfter.trim();
    return PathString.isIndex(seconds) ? Duration.ofSeconds(Integer.parseInt(seconds)) : null;
  }
}
