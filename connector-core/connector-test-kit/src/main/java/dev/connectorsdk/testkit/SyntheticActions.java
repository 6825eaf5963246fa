package dev.connectorsdk.testkit;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.ActionContext;
import dev.connectorsdk.api.ConnectionTest;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Form;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.PollingTrigger;
import dev.connectorsdk.api.PollingTrigger.Batch;
import dev.connectorsdk.api.PollingTrigger.Poll;
import dev.connectorsdk.api.PollingTrigger.Start;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.Shape;
import dev.connectorsdk.api.Trigger;
import dev.connectorsdk.api.WebhookTrigger;
import java.net.URI;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Code of triggers as actions, and actions whose code is watched. */
final class SyntheticActions {

  /** What the callbacks of these actions are signed with. */
  static final String CALLBACK_SECRET = "whsec_c2FtcGxlLXNlY3JldC1vZi1jYW5hcmllcw==";

  /** The id of the test of connections as an action. */
  static final String TEST = "contract.test";

  private static final int EVENTS = 100;
  private static final JsonNode ANY_OBJECT =
      JsonNodeFactory.instance.objectNode().put("type", "object");

  private SyntheticActions() {}

  static String idOf(Trigger<?, ?> trigger) {
    return "contract." + trigger.id();
  }

  /** Returns the trigger's requests as an action: a poll, or the registration of a callback. */
  static Action<?, JsonNode> of(Trigger<?, ?> trigger, Clock clock) {
    return trigger instanceof PollingTrigger<?, ?, ?> polling
        ? poll(polling, clock)
        : subscription((WebhookTrigger<?, ?>) trigger);
  }

  /** Returns the test of connections as an action. */
  static Action<?, JsonNode> of(ConnectionTest test) {
    return Action.builder(TEST, Effect.READ, Shape.of(Nothing.class), Shape.json(ANY_OBJECT))
        .titled("Test")
        .described("What the test of a connection does.")
        .run(
            (nothing, context) -> {
              String account = String.valueOf(test.test(context));
              return JsonNodeFactory.instance.objectNode().put("account", account);
            });
  }

  private static <C, K, E> Action<C, JsonNode> poll(PollingTrigger<C, K, E> trigger, Clock clock) {
    return Action.builder(
            idOf(trigger), Effect.READ, trigger.configuration(), Shape.json(ANY_OBJECT))
        .titled("Poll " + trigger.id())
        .described("What a poll of the trigger does.")
        .run(
            (configuration, context) -> {
              Poll<C, K> poll =
                  new Poll<>(configuration, null, start(trigger), EVENTS, clock.instant());
              Batch<K, E> batch = trigger.poll(poll, context);
              return JsonNodeFactory.instance
                  .objectNode()
                  .put("events", batch.events().size())
                  .put("next", String.valueOf(batch.next()));
            });
  }

  /** Returns where a poll begins, with all there is where that can be said. */
  static Start start(PollingTrigger<?, ?, ?> trigger) {
    Set<Class<? extends Start>> starts = trigger.starts();
    if (starts.contains(Start.Now.class)) {
      return new Start.Now();
    }
    return starts.contains(Start.All.class) ? new Start.All() : new Start.Last(EVENTS);
  }

  private static <C, E> Action<C, JsonNode> subscription(WebhookTrigger<C, E> trigger) {
    return Action.builder(
            idOf(trigger), Effect.WRITE, trigger.configuration(), Shape.json(ANY_OBJECT))
        .titled("Register " + trigger.id())
        .described("What a subscription to the trigger does.")
        .run(
            (configuration, context) -> {
              URI url = URI.create("https://host.test/hooks/" + UUID.randomUUID());
              Secret secret = Secret.of(CALLBACK_SECRET);
              var made =
                  trigger.subscribe(
                      configuration, new WebhookTrigger.Callback(url, secret), context);
              return JsonNodeFactory.instance.objectNode().put("id", made.id());
            });
  }

  /** Returns the same action, whose code gets another context. */
  static <I, O> Action<I, O> watched(Action<I, O> action, UnaryOperator<ActionContext> watch) {
    return new Adapted<>(action, (input, context) -> action.execute(input, watch.apply(context)));
  }

  /** Returns the same action, with other code, which sends nothing. */
  static <I, O> Action<I, O> answering(Action<I, O> action, ConnectorStub.Answer<I, O> answer) {
    return new Adapted<>(action, (input, context) -> answer.to(input));
  }

  private record Adapted<I, O>(Action<I, O> like, Action.Handler<I, O> code)
      implements Action<I, O> {

    @Override
    public O execute(I input, ActionContext context) throws Exception {
      return code.execute(input, context);
    }

    @Override
    public boolean needsConfirmation() {
      return like.needsConfirmation();
    }

    @Override
    public Effect effect() {
      return like.effect();
    }

    @Override
    public Shape<I> input() {
      return like.input();
    }

    @Override
    public Shape<O> output() {
      return like.output();
    }

    @Override
    public Optional<String> idempotencyHeader() {
      return like.idempotencyHeader();
    }

    @Override
    public Set<String> requiredScopes() {
      return like.requiredScopes();
    }

    @Override
    public String id() {
      return like.id();
    }

    @Override
    public String title() {
      return like.title();
    }

    @Override
    public String description() {
      return like.description();
    }

    @Override
    public boolean isDeprecated() {
      return like.isDeprecated();
    }

    @Override
    public boolean isInternal() {
      return like.isInternal();
    }

    @Override
    public Optional<Form> form() {
      return like.form();
    }
  }
}
