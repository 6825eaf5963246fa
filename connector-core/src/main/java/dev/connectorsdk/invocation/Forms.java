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
 * <p>The inputs so far are given as for a call of the operation, and may be incomplete: JSON, or
 * anything that Jackson can turn into JSON. The service is asked through actions of the connector.
 * These are calls like any other: resolved, authorised, limited and reported to listeners. Nothing
 * is asked as long as an input is missing that the request needs. Answers are kept in memory for a
 * minute, per version of a connection and per input.
 *
 * <p>All methods block, are safe for use by several threads, and throw what a call of an action
 * throws, and {@link NotFoundException} if there is no such operation or input.
 *
 * <p>Not included: paging and search in long lists. What the service returns at once is returned.
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

  /**
   * Forgets all answers for the connection behind a reference, so that the service is asked anew.
   */
  void refresh(Caller caller, ConnectionReference reference);
}
