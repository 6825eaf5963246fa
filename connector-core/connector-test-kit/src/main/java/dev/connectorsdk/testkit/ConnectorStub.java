package dev.connectorsdk.testkit;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.auth.NoneScheme;
import dev.connectorsdk.api.error.OperationUnsupportedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.JsonNode;

/**
 * Stands for a connector in the tests of a host, so that they need no HTTP: what an action answers
 * is said by a lambda. Inputs are checked by the runtime against the schema of the connector's own
 * action, outputs here; connections are made as those of the connector, and need no sign-in.
 *
 * <pre>{@code
 * ConnectorStub tasks =
 *     ConnectorStub.of(new TasksPlugin().connectors().get(0))
 *         .on(ADD_TASK, task -> new Task("7", task.title()));
 *
 * ConnectorRuntime.builder().connector(tasks.connector())
 * }</pre>
 *
 * <p>An action about which nothing was said fails with an {@link OperationUnsupportedException}.
 * Triggers and the test of connections are left out. Safe for use by several threads.
 */
public final class ConnectorStub {

  private final Connector like;
  private final Map<String, Answer<Object, Object>> answers = new ConcurrentHashMap<>();
  private final Map<String, List<Object>> inputs = new ConcurrentHashMap<>();

  /**
   * What a stub answers.
   *
   * @param <I> the input
   * @param <O> the output
   */
  @FunctionalInterface
  public interface Answer<I, O> {

    /**
     * Returns the output; never {@code null}.
     *
     * @throws Exception as the action would, such as a {@code ServiceException}
     */
    O to(I input) throws Exception;
  }

  private ConnectorStub(Connector like) {
    this.like = like;
  }

  /** Returns a stub of a connector that answers nothing yet. */
  public static ConnectorStub of(Connector connector) {
    return new ConnectorStub(Objects.requireNonNull(connector, "connector"));
  }

  /**
   * Says what an action answers, from now on.
   *
   * @throws IllegalArgumentException if the connector has no such action
   */
  public <I, O> ConnectorStub on(Action<I, O> action, Answer<? super I, ? extends O> answer) {
    return put(action.id(), answer);
  }

  /** Says what an action answers by its id, as for connectors that are written as data. */
  public ConnectorStub on(String action, Answer<JsonNode, JsonNode> answer) {
    return put(action, answer);
  }

  @SuppressWarnings("unchecked") // Whoever names the action knows its types, and they are checked.
  private ConnectorStub put(String action, Answer<?, ?> answer) {
    if (like.action(action).isEmpty()) {
      throw new IllegalArgumentException(
          "The connector '"
              + like.id()
              + "' has no action '"
              + action
              + "', but "
              + like.actions().stream().map(Action::id).toList());
    }
    answers.put(action, (Answer<Object, Object>) Objects.requireNonNull(answer, "answer"));
    return this;
  }

  /** Returns the inputs with which an action was called so far, the first one first. */
  @SuppressWarnings("unchecked") // Only inputs of the action are in its list.
  public <I> List<I> inputs(Action<I, ?> action) {
    return (List<I>) List.copyOf(inputs.getOrDefault(action.id(), List.of()));
  }

  /** Returns the connector to register with a runtime. What is said later counts as well. */
  public Connector connector() {
    Connector.Builder stub =
        Connector.builder(like.id().value(), like.baseUrl())
            .titled(like.title())
            .described(like.description())
            .version(like.version());
    like.parameters().forEach(stub::parameter);
    for (AuthOption option : like.authOptions()) {
      stub.auth(
          AuthOption.of(option.id(), NoneScheme.INSTANCE)
              .titled(option.title())
              .asking(option.parameters().toArray(ConnectionParameter[]::new)));
    }
    List<Action<?, ?>> actions = new ArrayList<>();
    like.actions().forEach(action -> actions.add(stubbed(action)));
    return new AdaptedConnector(stub.build(), actions, List.of(), Optional.empty());
  }

  private <I, O> Action<I, O> stubbed(Action<I, O> action) {
    return SyntheticActions.answering(action, input -> answer(action, input));
  }

  @SuppressWarnings("unchecked") // What was given for the action is of its type.
  private <I, O> O answer(Action<I, O> action, I input) throws Exception {
    inputs.computeIfAbsent(action.id(), none -> new CopyOnWriteArrayList<>()).add(input);
    Answer<Object, Object> answer = answers.get(action.id());
    if (answer == null) {
      throw new OperationUnsupportedException(
          action.id(), "its stub does not answer; say on(\"" + action.id() + "\", ...)");
    }
    O output = (O) Objects.requireNonNull(answer.to(input), "A stub returned null");
    OutputProbe.require(action, output);
    return output;
  }
}
