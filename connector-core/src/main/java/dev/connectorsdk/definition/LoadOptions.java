package dev.connectorsdk.definition;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a host application adds to a definition when it loads it. Immutable: each method that
 * changes something returns a copy.
 */
public final class LoadOptions {

  private static final LoadOptions STANDARD =
      new LoadOptions(null, Map.of(), List.of(), Map.of(), null, true, 0);

  private final @Nullable ScriptPort script;
  private final Map<String, ScriptPort> scripts;
  private final List<String> allowedHosts;
  private final Map<String, String> environmentVariables;
  private final @Nullable WorkflowContext workflow;
  private final boolean waiting;
  private final int items;

  private LoadOptions(
      @Nullable ScriptPort script,
      Map<String, ScriptPort> scripts,
      List<String> allowedHosts,
      Map<String, String> environmentVariables,
      @Nullable WorkflowContext workflow,
      boolean waiting,
      int items) {
    this.script = script;
    this.scripts = scripts;
    this.allowedHosts = List.copyOf(allowedHosts);
    this.environmentVariables = Collections.unmodifiableMap(environmentVariables);
    this.workflow = workflow;
    this.waiting = waiting;
    this.items = items;
  }

  /** Returns the options of a definition to which nothing is added. */
  public static LoadOptions standard() {
    return STANDARD;
  }

  /** Returns a copy with a port of the connector's script, for all operations without their own. */
  public LoadOptions script(ScriptPort port) {
    return new LoadOptions(
        Objects.requireNonNull(port, "port"),
        scripts,
        allowedHosts,
        environmentVariables,
        workflow,
        waiting,
        items);
  }

  /** Returns a copy with a port of the connector's script for one operation. */
  public LoadOptions script(String operationId, ScriptPort port) {
    Map<String, ScriptPort> more = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    more.putAll(scripts);
    more.put(operationId, Objects.requireNonNull(port, "port"));
    return new LoadOptions(
        script, more, allowedHosts, environmentVariables, workflow, waiting, items);
  }

  /**
   * Returns a copy that lets the input of calls lead requests, with the connection's credentials,
   * to this host. About one in fifty published definitions takes its host from a parameter of the
   * operation; such a call is refused unless the host is below a domain that the definition names,
   * among the choices that it offers, the connection's own, or allowed here.
   *
   * @param host a host name, or {@code *.} with a domain for all hosts below it
   */
  public LoadOptions allowingHost(String host) {
    if (host.isBlank() || host.equals("*.") || host.indexOf('/') >= 0 || host.indexOf(':') >= 0) {
      throw new IllegalArgumentException("'" + host + "' is not a host name");
    }
    List<String> more = new ArrayList<>(allowedHosts);
    more.add(host);
    return new LoadOptions(script, scripts, more, environmentVariables, workflow, waiting, items);
  }

  /** Returns a copy with the value of an environment variable that policies ask for. */
  public LoadOptions environmentVariable(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(environmentVariables);
    more.put(name, Objects.requireNonNull(value, "value"));
    return new LoadOptions(script, scripts, allowedHosts, more, workflow, waiting, items);
  }

  /** Returns a copy with what evaluates defaults that are expressions. */
  public LoadOptions workflow(WorkflowContext workflow) {
    return new LoadOptions(
        script,
        scripts,
        allowedHosts,
        environmentVariables,
        Objects.requireNonNull(workflow, "workflow"),
        waiting,
        items);
  }

  /**
   * Returns a copy whose operations return an answer {@code 202} at once. By default one with a
   * {@code Location} is followed, as long as the call's time lasts, until the work is done: its
   * result is the operation's. Between looks the runtime waits as the service asks in {@code
   * Retry-After}, else 20 s.
   */
  public LoadOptions withoutWaiting() {
    return new LoadOptions(
        script, scripts, allowedHosts, environmentVariables, workflow, false, items);
  }

  /**
   * Returns a copy whose pageable operations ({@code x-ms-pageable}) follow their next links until
   * they have this many items or the list ends. By default an operation returns its first page,
   * link included. Links to hosts that the connection may not go to are refused.
   *
   * @param minimumItems at least 1, at most 100,000
   */
  public LoadOptions collectingPages(int minimumItems) {
    if (minimumItems < 1 || minimumItems > 100_000) {
      throw new IllegalArgumentException("1 to 100,000 items, not " + minimumItems);
    }
    return new LoadOptions(
        script, scripts, allowedHosts, environmentVariables, workflow, waiting, minimumItems);
  }

  @Nullable ScriptPort script(String operationId) {
    return scripts.getOrDefault(operationId, script);
  }

  List<String> allowedHosts() {
    return allowedHosts;
  }

  @Nullable String environmentVariable(String name) {
    return environmentVariables.get(name);
  }

  boolean waits() {
    return waiting;
  }

  /** Returns how many items to collect, or 0 for one page. */
  int items() {
    return items;
  }

  @Nullable WorkflowContext workflow() {
    return workflow;
  }
}
