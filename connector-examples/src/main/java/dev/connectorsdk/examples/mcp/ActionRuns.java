package dev.connectorsdk.examples.mcp;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.examples.mcp.ToolClient.Reply;
import dev.connectorsdk.invocation.CallOptions;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Runs actions for agents: asks, calls, and says in words what went wrong. Throws nothing. */
final class ActionRuns {

  /** As much as a person reads, of each text and of all. */
  private static final int SHOWN_OF_A_TEXT = 100;

  private static final int SHOWN_CHARACTERS = 8_000;

  /** No link is opened for a person for less than that. */
  private static final Duration TO_OPEN = Duration.ofSeconds(5);

  private final ConnectorRuntime runtime;
  private final SignInLinks links;
  private final Set<String> allowed;
  private final Duration deadline;
  private final Clock clock;
  private final KeptAnswers answers;
  private final CallProgress progress;
  private final RepeatKeys keys;

  /**
   * @param allowed the tools that need a confirmation and are called without one, where nobody can
   *     be asked
   * @param deadline how long a call takes at most, questions included
   */
  ActionRuns(
      ConnectorRuntime runtime,
      SignInLinks links,
      Set<String> allowed,
      Duration deadline,
      Clock clock,
      KeptAnswers answers,
      CallProgress progress) {
    this.runtime = runtime;
    this.links = links;
    this.allowed = allowed;
    this.deadline = deadline;
    this.clock = clock;
    this.answers = answers;
    this.progress = progress;
    this.keys = new RepeatKeys(clock);
  }

  /**
   * Runs an action.
   *
   * @param callers returns the caller, who runs the flow of the tools as it is permitted now
   */
  ToolAnswer run(
      Supplier<Caller> callers,
      ToolClient client,
      ServedAction served,
      Action<?, ?> action,
      ToolCall call) {
    Caller caller = callers.get();
    Instant end = clock.instant().plus(deadline);
    CallProgress.Call told = progress.begin(caller.principal(), client);
    try {
      // First, so that nobody is asked about what cannot be done.
      runtime.references().resolve(caller, served.reference());
      ToolAnswer refusal = confirmation(client, served, action, call, end);
      if (refusal != null) {
        return refusal;
      }
      // Policies may have changed while a person was asked.
      Caller confirmed = action.needsConfirmation() ? callers.get() : caller;
      return invoke(confirmed, served, action, call, end);
    } catch (ConnectorException e) {
      return failure(caller, client, served.reference(), e, end);
    } catch (RuntimeException e) {
      return ToolAnswer.error(FailureWords.of(e));
    } finally {
      told.end();
    }
  }

  /** Returns why an action is not called, or {@code null} if it may be. */
  private @Nullable ToolAnswer confirmation(
      ToolClient client, ServedAction served, Action<?, ?> action, ToolCall call, Instant end) {
    if (!action.needsConfirmation()) {
      return null;
    }
    if (!client.asksPeople()) {
      return allowed.contains(served.name())
          ? null
          : ToolAnswer.error(
              "Nothing was done: '"
                  + served.name()
                  + "' needs a person's confirmation, and your client cannot ask for one. Whoever serves"
                  + " these tools may allow it without.");
    }
    String input = shown(call.arguments()).toString();
    if (input.length() > SHOWN_CHARACTERS) {
      return ToolAnswer.error(
          "Nothing was done: a person has to confirm it, and the input is too much to be read. Give"
              + " it in several calls.");
    }
    Reply reply = client.ask(question(served, action, input), remaining(end).dividedBy(2));
    return switch (reply) {
      case YES -> null;
      case NO -> ToolAnswer.error("Nothing was done: the person has said no.");
      case NONE ->
          ToolAnswer.error("Nothing was done: nobody has confirmed it in time. Call again to ask.");
    };
  }

  private static String question(ServedAction served, Action<?, ?> action, String input) {
    return "Run \""
        + Tool.shortened(action.title(), Tool.LONGEST_TITLE)
        + "\" of "
        + Tool.shortened(served.connectorTitle(), Tool.LONGEST_TITLE)
        + "? Input: "
        + input;
  }

  /** Returns an input with each long text cut, so that none hides what is behind it. */
  private static JsonNode shown(JsonNode input) {
    if (input.isString()) {
      String text = input.stringValue();
      return text.length() <= SHOWN_OF_A_TEXT
          ? input
          : JsonNodeFactory.instance.stringNode(
              Tool.shortened(text, SHOWN_OF_A_TEXT) + " (" + text.length() + " characters)");
    }
    if (input.isObject()) {
      ObjectNode object = JsonNodeFactory.instance.objectNode();
      input.properties().forEach(one -> object.set(one.getKey(), shown(one.getValue())));
      return object;
    }
    if (input.isArray()) {
      ArrayNode array = JsonNodeFactory.instance.arrayNode();
      input.forEach(one -> array.add(shown(one)));
      return array;
    }
    return input;
  }

  private Duration remaining(Instant end) {
    Duration left = Duration.between(clock.instant(), end);
    return left.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : left;
  }

  private ToolAnswer invoke(
      Caller caller, ServedAction served, Action<?, ?> action, ToolCall call, Instant end) {
    var content = new AnswerContent(answers, caller.principal(), served.name());
    CallOptions options = CallOptions.standard().within(remaining(end)).saveTo(content.target());
    JsonNode input = unwrapped(action, call.arguments());
    if (action.effect().isRepeatable()) {
      return content.of(runtime.invoke(caller, served.reference(), action.id(), input, options));
    }
    var write = RepeatKeys.Write.of(caller.principal(), served.name(), call.arguments());
    String key = call.idempotencyKey();
    String own = keys.begin(write);
    RepeatKeys.Outcome outcome = RepeatKeys.Outcome.UNKNOWN;
    JsonNode answer;
    try {
      CallOptions once = options.idempotencyKey(key == null ? own : key);
      answer = runtime.invoke(caller, served.reference(), action.id(), input, once);
      outcome = RepeatKeys.Outcome.ANSWERED;
    } catch (RuntimeException e) {
      if (FailureWords.isOutcomeKnown(e)) {
        outcome = RepeatKeys.Outcome.NOT_DONE;
        throw e;
      }
      return ToolAnswer.error(
          FailureWords.of(e)
              + (action.idempotencyHeader().isPresent()
                  ? " Call again with the same input: the service recognises it."
                  : " It may have been carried out: look before you call again."));
    } finally {
      keys.end(write, outcome);
    }
    return content.of(answer);
  }

  private JsonNode unwrapped(Action<?, ?> action, ObjectNode arguments) {
    String member = ToolSchemas.wrapped(runtime.schema(action.input()));
    return member == null ? arguments : arguments.path(member);
  }

  private ToolAnswer failure(
      Caller caller,
      ToolClient client,
      ConnectionReference reference,
      ConnectorException e,
      Instant end) {
    String words = FailureWords.of(e);
    ConnectionId own = own(caller, e);
    if (own == null && !needsOther(e, reference)) {
      return ToolAnswer.error(words);
    }
    Optional<URI> link = link(caller, reference.connector(), own);
    if (link.isEmpty()) {
      return ToolAnswer.error(
          links.advice(reference.connector()).map(more -> words + " " + more + ".").orElse(words));
    }
    if (!client.opensLinks()) {
      return ToolAnswer.error(
          words + " Have the person open this link, and call again after that: " + link.get());
    }
    Duration left = Duration.between(clock.instant(), end);
    if (left.compareTo(TO_OPEN) < 0) {
      return ToolAnswer.error(words + " Call again for the link where a person can do that.");
    }
    Reply reply = client.open("Sign in, to go on with what was asked for.", link.get(), left);
    return ToolAnswer.error(
        words
            + (reply == Reply.YES
                ? " The person has got a link for that. Call again when it is done."
                : " The person was offered a link for that, and has not opened it."));
  }

  /** Returns whether the caller has to bring or to choose a connection. */
  private static boolean needsOther(ConnectorException e, ConnectionReference reference) {
    return e instanceof ResolutionException.ConnectionRequired
        || (reference.source() == ConnectionReference.Source.INVOKER
            && (e instanceof ResolutionException.Deleted
                || e instanceof ResolutionException.Ambiguous));
  }

  /**
   * Returns the connection of the caller's that a sign-in would mend, or {@code null}: those of
   * others are none of the caller's business.
   */
  private @Nullable ConnectionId own(Caller caller, ConnectorException e) {
    ConnectionId concerned =
        e instanceof AuthenticationException authentication
            ? concerned(authentication)
            : e instanceof ResolutionException.Broken broken ? concerned(broken) : null;
    return concerned != null && isOwn(caller, concerned) ? concerned : null;
  }

  private static @Nullable ConnectionId concerned(AuthenticationException e) {
    return switch (e.reason()) {
      case CONSENT_PENDING, REJECTED, EXPIRED, GRANT_ENDED, INSUFFICIENT_SCOPE -> e.connection();
      case CONFIGURATION, DISABLED, GATEWAY_NOT_SHARED, TEMPORARY -> null;
    };
  }

  private static @Nullable ConnectionId concerned(ResolutionException.Broken e) {
    return e.trail().stream()
        .map(ResolutionException.Candidate::connection)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  private boolean isOwn(Caller caller, ConnectionId connection) {
    return runtime.connections().list(caller).stream()
        .anyMatch(one -> one.id().equals(connection) && one.owner().equals(caller.principal()));
  }

  private Optional<URI> link(
      Caller caller, ConnectorId connector, @Nullable ConnectionId connection) {
    try {
      return links.link(caller, connector, connection);
    } catch (RuntimeException e) {
      FailureWords.log(e);
      return Optional.empty();
    }
  }
}
