package dev.connectorsdk.examples.mcp;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.definition.DefinitionCatalogue;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Actions as tools of agents. A set of tools is a flow, which declares references and operations:
 * whoever may run the flow may call the tools, with the connections that a run would use, and data
 * policies judge what the agent can combine.
 *
 * <pre>{@code
 * Flow agent = Flow.of("desk-agent", owner).runnableBy(users);
 * try (Tools tools =
 *     Tools.of(runtime, Environment.of("prod"), agent)
 *         .choosing(ActionFilter.all().connectors("helpdesk"))
 *         .build()) {
 *   ToolAnswer answer = tools.call(ada, ToolClient.plain(), ToolCall.of("helpdesk__getStatus", input));
 * }
 * }</pre>
 *
 * <p>What policies do not allow by itself is not listed, and a call of it says why. Nothing here
 * throws what a caller could cause: each failure is an answer. Safe for use by several threads.
 */
public final class Tools implements ToolSet {

  /** More than an agent can choose from; they are searched. */
  public static final int MOST_LISTED = 128;

  /** The list is one message, of which clients take 10 MiB. */
  private static final long MOST_BYTES_OF_SCHEMAS = 4 * 1024 * 1024;

  private final ConnectorRuntime runtime;
  private final Environment environment;
  private final ServedSet served;
  private final PermittedActions permitted;
  private final ActionSearch search;
  private final boolean isSearched;
  private final KeptAnswers answers;
  private final ActionRuns runs;
  private final CallProgress progress;
  private final Map<String, Optional<Tool>> made = new ConcurrentHashMap<>();

  private Tools(Builder builder) {
    this.runtime = builder.runtime;
    this.environment = builder.environment;
    this.served = builder.served();
    this.permitted = new PermittedActions(runtime.policies(), environment, served.flow());
    this.search = new ActionSearch(served, permitted);
    this.isSearched = served.all().size() > builder.mostListed;
    this.answers = new KeptAnswers(builder.clock);
    this.progress = new CallProgress(builder.progressEvery);
    this.runs =
        new ActionRuns(
            runtime,
            builder.links,
            Set.copyOf(builder.allowed),
            builder.deadline,
            builder.clock,
            answers,
            progress);
  }

  /**
   * Starts a set of tools.
   *
   * @param flow what the tools are; the actions that it declares are served, and those that are
   *     {@linkplain Builder#choosing chosen} besides
   */
  public static Builder of(ConnectorRuntime runtime, Environment environment, Flow flow) {
    return new Builder(runtime, environment, flow);
  }

  /** Returns the flow, with the references and operations that are served. */
  public Flow flow() {
    return served.flow();
  }

  /**
   * Returns the tools: one for each action, or, if there are too many, tools that search, describe
   * and call them. Which there are stays the same as long as this object is.
   */
  @Override
  public List<Tool> all() {
    if (isSearched) {
      return ActionSearch.tools();
    }
    List<Tool> tools = new ArrayList<>();
    long bytes = 0;
    for (ServedAction action : served.all()) {
      Tool tool = tool(action).orElse(null);
      if (tool != null) {
        bytes += tool.bytesOfSchemas();
        tools.add(bytes <= MOST_BYTES_OF_SCHEMAS ? tool : tool.withoutSchemas());
      }
    }
    return tools;
  }

  /** Returns those of {@link #all} that data policies allow now. */
  public List<Tool> permitted() {
    return all().stream().filter(tool -> isPermitted(tool.name())).toList();
  }

  /** Returns whether data policies allow a tool now. */
  @Override
  public boolean isPermitted(String tool) {
    try {
      return served.find(tool).map(permitted::permits).orElse(true);
    } catch (ConnectorException e) {
      FailureWords.log(e);
      return false; // what is not known is not allowed
    }
  }

  private Optional<Tool> tool(ServedAction action) {
    return made.computeIfAbsent(
        action.name(), any -> served.read(action).map(read -> tool(action, read)));
  }

  private Tool tool(ServedAction served, Action<?, ?> action) {
    String about = action.description().isEmpty() ? action.title() : action.description();
    return new Tool(
        served.name(),
        Tool.shortened(served.connectorTitle(), Tool.LONGEST_TITLE / 2)
            + ": "
            + Tool.shortened(action.title(), Tool.LONGEST_TITLE),
        Tool.shortened(about, Tool.LONGEST_DESCRIPTION)
            + (action.isDeprecated() ? " Deprecated: new work should not use it." : ""),
        ToolSchemas.input(runtime.schema(action.input())),
        ToolSchemas.output(runtime.schema(action.output())),
        action.effect(),
        action.needsConfirmation());
  }

  @Override
  public ToolAnswer call(Principal caller, ToolClient client, ToolCall call) {
    try {
      return isSearched ? searched(caller, client, call) : action(caller, client, call);
    } catch (RuntimeException e) {
      return ToolAnswer.error(FailureWords.of(e));
    }
  }

  private ToolAnswer searched(Principal caller, ToolClient client, ToolCall call) {
    JsonNode name = call.arguments().path("name");
    return switch (call.tool()) {
      case ActionSearch.SEARCH -> search.find(call.arguments());
      case ActionSearch.DESCRIBE -> described(caller, name.asString(""));
      case ActionSearch.CALL ->
          call.arguments().path("arguments") instanceof ObjectNode input
              ? action(
                  caller, client, new ToolCall(name.asString(""), input, call.idempotencyKey()))
              : ToolAnswer.error(
                  "Nothing was done: give 'arguments' as an object, not as text. "
                      + ActionSearch.DESCRIBE
                      + " says what goes in.");
      default -> unknown(call.tool());
    };
  }

  private ToolAnswer described(Principal caller, String name) {
    ServedAction action = served.find(name).orElse(null);
    if (action == null) {
      return unknown(name);
    }
    String refusal = permitted.refusal(action);
    if (refusal != null) {
      return ToolAnswer.error(refusal);
    }
    return served
        .read(action)
        .map(read -> ActionSearch.describe(action, read, runtime.schema(read.input())))
        .map(new AnswerContent(answers, caller, ActionSearch.DESCRIBE)::fitting)
        .orElseGet(() -> uncallable(name));
  }

  private ToolAnswer action(Principal principal, ToolClient client, ToolCall call) {
    ServedAction action = served.find(call.tool()).orElse(null);
    if (action == null) {
      return unknown(call.tool());
    }
    Action<?, ?> read = served.read(action).orElse(null);
    if (read == null) {
      return uncallable(call.tool());
    }
    return runs.run(
        () -> principal.in(environment).running(permitted.calling(action)),
        client,
        action,
        read,
        call);
  }

  private ToolAnswer unknown(String name) {
    return ToolAnswer.error(
        "There is no tool or action '"
            + Tool.shortened(name, 100)
            + "'. "
            + (isSearched ? "Find one with " + ActionSearch.SEARCH + "." : "List the tools."));
  }

  private static ToolAnswer uncallable(String name) {
    return ToolAnswer.error("'" + name + "' cannot be called: its definition is not supported.");
  }

  @Override
  public Optional<KeptAnswer> read(Principal caller, String uri) {
    return answers.find(caller, uri);
  }

  /** Ends the threads that report progress. The runtime stays open. */
  @Override
  public void close() {
    progress.close();
  }

  /** Collects what is served, and how. Not safe for use by several threads. */
  public static final class Builder {

    private final ConnectorRuntime runtime;
    private final Environment environment;
    private final Flow flow;
    private @Nullable ActionFilter filter;
    private @Nullable DefinitionCatalogue catalogue;
    private SignInLinks links = SignInLinks.none();
    private Set<String> allowed = Set.of();
    private Duration deadline = Duration.ofSeconds(50);
    private Duration progressEvery = Duration.ofSeconds(5);
    private Clock clock = Clock.systemUTC();
    private int mostListed = MOST_LISTED;

    private Builder(ConnectorRuntime runtime, Environment environment, Flow flow) {
      this.runtime = Objects.requireNonNull(runtime, "runtime");
      this.environment = Objects.requireNonNull(environment, "environment");
      this.flow = Objects.requireNonNull(flow, "flow");
    }

    /** Serves the actions that pass, too; each caller uses an own connection for them. */
    public Builder choosing(ActionFilter filter) {
      this.filter = Objects.requireNonNull(filter, "filter");
      return this;
    }

    /**
     * Knows the actions of a catalogue by its list, so that no definition is read before one of its
     * actions is needed.
     */
    public Builder catalogue(DefinitionCatalogue catalogue) {
      this.catalogue = Objects.requireNonNull(catalogue, "catalogue");
      return this;
    }

    /** Says where people make and mend connections. By default there is no such place. */
    public Builder signIns(SignInLinks links) {
      this.links = Objects.requireNonNull(links, "links");
      return this;
    }

    /**
     * Lets these tools be called without a confirmation where the agent's program cannot ask a
     * person. All others that need one are refused there. Where a person can be asked, each call
     * is.
     */
    public Builder allowing(String... tools) {
      this.allowed = Set.copyOf(List.of(tools));
      return this;
    }

    /**
     * Sets how many actions are listed at most, one tool each; with more, they are searched. 0 has
     * them searched in any case. The default is 128.
     */
    public Builder listingAtMost(int actions) {
      this.mostListed = actions;
      return this;
    }

    /**
     * Sets how long a call takes at most, questions to a person included. The default is 50 s:
     * clients give up after 60 s, and nobody hears of what is done after that.
     */
    public Builder deadline(Duration deadline) {
      this.deadline = Objects.requireNonNull(deadline, "deadline");
      return this;
    }

    /** Sets how often a client hears that a call goes on. The default is every 5 s. */
    public Builder progressEvery(Duration pause) {
      this.progressEvery = Objects.requireNonNull(pause, "pause");
      return this;
    }

    /** Sets the clock. */
    public Builder clock(Clock clock) {
      this.clock = Objects.requireNonNull(clock, "clock");
      return this;
    }

    private ServedSet served() {
      Caller any = flow.in(environment);
      return filter == null
          ? ServedSet.declaredBy(flow, runtime, any, catalogue)
          : ServedSet.chosenBy(filter, flow, runtime, any, catalogue);
    }

    /**
     * Returns the tools.
     *
     * @throws ConnectorException if a connector of the flow is not registered, or its definition
     *     cannot be read
     * @throws IllegalArgumentException if no action is served, a tool is allowed that is not, or
     *     the flow declares another reference with the name of a chosen connector
     */
    public Tools build() {
      Tools tools = new Tools(this);
      String problem =
          tools.served.all().isEmpty()
              ? "No action is served by " + flow + ": declare or choose some"
              : allowed.stream()
                  .filter(name -> tools.served.find(name).isEmpty())
                  .findFirst()
                  .map(name -> "No tool '" + name + "' is served that could be allowed")
                  .orElse(null);
      if (problem != null) {
        tools.close();
        throw new IllegalArgumentException(problem);
      }
      return tools;
    }
  }
}
