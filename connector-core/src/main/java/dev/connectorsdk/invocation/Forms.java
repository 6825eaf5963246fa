package dev.connectorsdk.invocation;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Choices;
import dev.connectorsdk.api.Choices.Choice;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.FormSchema;
import dev.connectorsdk.api.error.NotFoundException;

/**
 * Helps people to fill in the input of an action or the configuration of a trigger, on the
 * connection that they will use.
 *
 * <pre>{@code
 * Choices projects = runtime.forms().choices(ada, reference, "AddTask", "body/project", inputs);
 * FormSchema input = runtime.forms().input(ada, reference, "AddTask", inputs);
 * }</pre>
 *
 * <p>Inputs so far are an object as the operation takes it, incomplete: JSON, or anything that
 * Jackson can turn into it. The service is asked through actions of the connector, which are calls
 * like any other: they are resolved, authorised, limited and reported to listeners. Nothing is
 * asked while an input is missing on which the question depends. Answers are remembered for a
 * minute, for one connection and version of it and one input.
 *
 * <p>All methods block, are safe for use by several threads, and throw what a call of an action
 * throws, and {@link NotFoundException} if there is no such operation or input.
 *
 * <p>Not done: long lists are what the service returns at once, without paging or search.
 */
public interface Forms {

  /**
   * Returns what may be chosen for an input.
   *
   * @param operation the id of an action or trigger of the reference's connector
   * @param path the input, such as {@code project} or {@code body/address/city}
   * @param inputs what was filled in so far
   */
  Choices choices(
      Caller caller, ConnectionReference reference, String operation, String path, Object inputs);

  /**
   * Returns what may be chosen below a choice of a tree.
   *
   * @param parent a choice that {@link Choice#isParent}; the one that was returned, unchanged
   */
  Choices choicesBelow(
      Caller caller,
      ConnectionReference reference,
      String operation,
      String path,
      Object inputs,
      Choice parent);

  /** Returns what the input of an action or the configuration of a trigger looks like. */
  FormSchema input(Caller caller, ConnectionReference reference, String operation, Object inputs);

  /** Returns what the output of an action or the event of a trigger looks like. */
  FormSchema output(Caller caller, ConnectionReference reference, String operation, Object inputs);

  /** Has the service asked again for everything about the connection behind a reference. */
  void refresh(Caller caller, ConnectionReference reference);
}
