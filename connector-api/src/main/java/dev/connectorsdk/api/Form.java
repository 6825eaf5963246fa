package dev.connectorsdk.api;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Helps people to fill in the input of an action or the configuration of a trigger: which values
 * they may choose, and which further inputs follow from what they chose. An operation offers it by
 * {@link ConnectorOperation#form}.
 *
 * <pre>{@code
 * public Choices choices(String path, JsonNode inputs, Choice parent, Calls calls) {
 *   return path.equals("project")
 *       ? Choices.of(Kind.LIST, projects(calls.call("listProjects", inputs)))
 *       : Choices.none();
 * }
 * }</pre>
 *
 * <p>A form is shared by all connections and threads and keeps no state. Whatever it throws is
 * treated as for {@link Action#execute}.
 */
public interface Form {

  /**
   * Returns what may be chosen for one input.
   *
   * @param path the name of the input, followed by the names of the properties inside it, such as
   *     {@code body/address/city}; a slash inside a name is written {@code ~1}
   * @param inputs an object with what was filled in so far
   * @param parent the choice of a tree to look below, or {@code null} for the top
   * @throws dev.connectorsdk.api.error.NotFoundException if there is no such input
   */
  Choices choices(String path, JsonNode inputs, Choices.@Nullable Choice parent, Calls calls)
      throws Exception;

  /** Returns what the input looks like, given what was filled in so far. */
  FormSchema input(JsonNode inputs, Calls calls) throws Exception;

  /** Returns what the output or event looks like, given what was filled in so far. */
  FormSchema output(JsonNode inputs, Calls calls) throws Exception;

  /** Runs actions of the same connector on the connection that the form is filled in for. */
  interface Calls {

    /**
     * Runs an action, or returns its recent output for the same input. Call only actions that
     * change nothing: it is not known whether the service was asked.
     *
     * @throws dev.connectorsdk.api.error.ConnectorException as for a call of the action
     */
    JsonNode call(String actionId, JsonNode input);
  }
}
