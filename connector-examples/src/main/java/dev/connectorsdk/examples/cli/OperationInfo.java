package dev.connectorsdk.examples.cli;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.ConnectorOperation;
import dev.connectorsdk.api.Trigger;
import dev.connectorsdk.definition.Definition;
import dev.connectorsdk.definition.DefinitionReport;
import dev.connectorsdk.plugin.ConnectorLint;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An operation with everything that the commands tell of it.
 *
 * @param reported what became of it
 * @param action what runs it, or {@code null} if it is a trigger
 * @param trigger what subscribes to it, or {@code null} if it is none or cannot be used
 * @param isEffectDoubtful whether the name suggests another effect than the action has
 */
record OperationInfo(
    DefinitionReport.Operation reported,
    @Nullable Action<?, ?> action,
    @Nullable Trigger<?, ?> trigger,
    boolean isEffectDoubtful) {

  /** Returns all operations of a definition, in the order of the file. */
  static List<OperationInfo> of(Definition definition) {
    Connector connector = definition.connector();
    Set<String> doubtful =
        ConnectorLint.checkAtStart(connector).stream()
            .filter(finding -> finding.id().equals("effect-contradicts-name"))
            .map(ConnectorLint.Finding::place)
            .collect(Collectors.toSet());
    return definition.report().operations().stream()
        .map(
            reported ->
                new OperationInfo(
                    reported,
                    connector.action(reported.id()).orElse(null),
                    connector.trigger(reported.id()).orElse(null),
                    doubtful.contains("action '" + reported.id() + "'")))
        .toList();
  }

  /**
   * Returns the operation that somebody named, whatever the case.
   *
   * @throws UsageException if there is none, with those that have a similar name
   */
  static OperationInfo named(Definition definition, String id) {
    List<OperationInfo> all = of(definition);
    return all.stream()
        .filter(o -> o.id().equals(id))
        .findFirst()
        .or(() -> all.stream().filter(o -> o.id().equalsIgnoreCase(id)).findFirst())
        .orElseThrow(() -> new UsageException(unknown(definition, id, all)));
  }

  private static String unknown(Definition definition, String id, List<OperationInfo> all) {
    List<String> similar = Similar.to(id, all.stream().map(OperationInfo::id).toList(), 5);
    return "connector '"
        + definition.report().connector()
        + "' has no operation '"
        + id
        + "'; "
        + (similar.isEmpty()
            ? "see: connectors operations DIR"
            : "did you mean " + String.join(", ", similar) + "?");
  }

  String id() {
    return reported.id();
  }

  String title() {
    ConnectorOperation operation = operation();
    return operation == null ? id() : operation.title();
  }

  String description() {
    ConnectorOperation operation = operation();
    return operation == null ? "" : operation.description();
  }

  private @Nullable ConnectorOperation operation() {
    return action != null ? action : trigger;
  }

  /** Returns {@code action} or {@code trigger}. */
  String kind() {
    return reported.isTrigger() ? "trigger" : "action";
  }

  /** Returns how a trigger learns of events, in words, or {@code null} if it is an action. */
  @Nullable String triggerKind() {
    DefinitionReport.Trigger trigger = reported.trigger();
    return trigger == null ? null : lower(trigger.kind()) + (trigger.batch() ? ", batch" : "");
  }

  /** Returns whether it is a trigger that takes several events at once. */
  boolean isBatch() {
    DefinitionReport.Trigger trigger = reported.trigger();
    return trigger != null && trigger.batch();
  }

  /** Returns what running it does, in words, or {@code null} if it is a trigger. */
  @Nullable String effect() {
    return action == null ? null : lower(action.effect());
  }

  boolean isSupported() {
    return reported.isSupported();
  }

  String whyNot() {
    return Terminal.oneLine(String.join("; ", reported.obstacles()));
  }

  /** Returns whether it can be used, in words. */
  String usable() {
    if (!isSupported()) {
      return "no: " + whyNot();
    }
    String host = reported.hostOfCaller();
    return host == null
        ? "yes"
        : "yes, for hosts that LoadOptions.allowingHost allows: " + Terminal.oneLine(host);
  }

  /** Returns the schema of the input, or of a trigger's configuration; {@code null} if unknown. */
  @Nullable JsonNode input() {
    return action != null
        ? action.input().givenSchema()
        : trigger != null ? trigger.configuration().givenSchema() : null;
  }

  /** Returns the schema of the output, or of a trigger's event; {@code null} if unknown. */
  @Nullable JsonNode output() {
    return action != null
        ? action.output().givenSchema()
        : trigger != null ? trigger.event().givenSchema() : null;
  }

  private static String lower(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  ObjectNode toJson() {
    ObjectNode json = Json.object();
    json.put("id", id());
    json.put("title", title());
    json.put("method", reported.method());
    json.put("path", reported.path());
    json.put("kind", kind());
    DefinitionReport.Trigger kind = reported.trigger();
    if (kind != null) {
      json.put("trigger", kind.kind().name());
      json.put("batch", kind.batch());
    }
    if (action != null) {
      json.put("effect", action.effect().name());
      json.put("effectDoubtful", isEffectDoubtful);
      json.put("deprecated", action.isDeprecated());
      json.put("internal", action.isInternal());
    }
    json.put("supported", isSupported());
    reported.obstacles().forEach(json.putArray("obstacles")::add);
    json.put("hostOfCaller", reported.hostOfCaller());
    return json;
  }
}
