package dev.connectorsdk.internal.definition.trigger;

import dev.connectorsdk.api.ActionContext;
import dev.connectorsdk.api.Event;
import dev.connectorsdk.api.PollingTrigger;
import dev.connectorsdk.api.Shape;
import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.internal.definition.document.Lookup;
import dev.connectorsdk.internal.definition.policy.PollingPolicy;
import dev.connectorsdk.internal.http.RetryAfter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
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
    implements PollingTrigger<JsonNode, JsonNode, JsonNode> {

  private static final int ACCEPTED = 202;
  private static final int MOST_PAGES = 100;

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

  /** A list can be begun with what is in it; a service that keeps count decides by itself. */
  @Override
  public Set<Class<? extends Start>> starts() {
    return policy == null ? Set.of(Start.Now.class) : Set.of(Start.Now.class, Start.All.class);
  }

  @Override
  public Shape<JsonNode> cursor() {
    return PollState.SHAPE;
  }

  /** All of them: a state is one of what was asked for. */
  @Override
  public Set<String> cursorFields() {
    JsonNode schema = configuration().givenSchema();
    return schema == null ? Set.of() : Set.copyOf(schema.path("properties").propertyNames());
  }

  @Override
  public Batch<JsonNode, JsonNode> poll(Poll<JsonNode, JsonNode> poll, ActionContext context) {
    JsonNode cursor = poll.cursor();
    PollState state = cursor == null ? PollState.beginning(poll.now()) : PollState.of(cursor);
    return policy == null ? ask(poll, state, context) : compare(policy, poll, state, context);
  }

  private Batch<JsonNode, JsonNode> compare(
      PollingPolicy how, Poll<JsonNode, JsonNode> poll, PollState state, ActionContext context) {
    JsonNode configuration = poll.configuration();
    boolean first = poll.cursor() == null;
    JsonNode body = asked(configuration, state, context).path("body");
    List<JsonNode> found = items(how, configuration, body, context);
    if (found.isEmpty() && !first) {
      return Batch.of(List.of(), state.cursor());
    }
    PollState next = state.with(how.state(body));
    if (!first && found.size() > PollState.MOST_SEEN && state.isHeldBy(found)) {
      throw new ResponseException(
          "A list of "
              + found.size()
              + " items that no state makes shorter cannot be compared: 4,000 can. Have the"
              + " subscription watch less");
    }
    boolean known = first && poll.start() instanceof Start.Now;
    List<Event<JsonNode>> events = known ? List.of() : state.unseen(found);
    return Batch.of(events, next.having(found, !events.isEmpty()).cursor());
  }

  /** Returns the items of all pages, the oldest first. */
  private List<JsonNode> items(
      PollingPolicy how, JsonNode configuration, JsonNode body, ActionContext context) {
    List<JsonNode> found = new ArrayList<>();
    Set<String> followed = new HashSet<>();
    JsonNode page = body;
    while (true) {
      JsonNode items = how.items(page);
      if (items != null && items.isArray()) {
        items.forEach(found::add);
      }
      String link = how.nextLink(page);
      if (link == null) {
        break;
      }
      if (!followed.add(link)) {
        throw new ResponseException("The pages of '" + id() + "' do not come to an end");
      }
      if (followed.size() == MOST_PAGES) {
        throw new ResponseException(
            "'" + id() + "' has more than 100 pages: have the subscription watch less");
      }
      page = trigger.client().follow(configuration, context, link).path("body");
    }
    if (how.newestFirst()) {
      Collections.reverse(found);
    }
    return found;
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

  private Batch<JsonNode, JsonNode> ask(
      Poll<JsonNode, ?> poll, PollState state, ActionContext context) {
    JsonNode configuration = poll.configuration();
    JsonNode output =
        state.location() == null
            ? trigger.client().exchange(configuration, context, request -> {})
            : locations.follow(trigger.client(), configuration, state.location(), context);
    String named = Lookup.findText(output.path("headers"), "location");
    boolean moved = named != null && !named.equals(state.location());
    JsonNode body = output.has("body") ? output.get("body") : MissingNode.getInstance();
    boolean nothing = output.path("statusCode").asInt() == ACCEPTED || body.isMissingNode();
    List<JsonNode> items = nothing ? List.of() : trigger.events().in(body);
    List<Event<JsonNode>> events = state.unseen(items);
    PollState next =
        moved || (nothing && !state.seen().isEmpty())
            ? state.at(named == null ? state.location() : named)
            : state.having(items, !events.isEmpty());
    return answered(events, next, moved, output.path("headers"), poll.now());
  }

  /** Zero seconds mean that there is more, unless everything is as it was before. */
  private static Batch<JsonNode, JsonNode> answered(
      List<Event<JsonNode>> events, PollState next, boolean moved, JsonNode headers, Instant now) {
    String retryAfter = Lookup.findText(headers, "retry-after");
    boolean atOnce = retryAfter != null && retryAfter.strip().matches("0+");
    boolean more = atOnce && (moved || !events.isEmpty());
    Duration pause =
        atOnce ? null : RetryAfter.of(retryAfter, Lookup.findText(headers, "date"), now);
    return new Batch<>(events, next.cursor(), more, pause);
  }
}
