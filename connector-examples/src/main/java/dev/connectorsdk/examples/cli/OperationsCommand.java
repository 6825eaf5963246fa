package dev.connectorsdk.examples.cli;

import dev.connectorsdk.api.Effect;
import dev.connectorsdk.definition.Definition;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;

@Command(
    name = "operations",
    description = "Lists the operations of a definition.",
    footer = {
      "",
      "Examples:",
      "  connectors operations connectors/rooms",
      "  connectors operations connectors/rooms --effect read --find room",
      "  connectors operations connectors/rooms --unsupported --json"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class OperationsCommand extends DataCommand {

  @Parameters(paramLabel = "DIR", description = "The folder of the definition.")
  private Path folder;

  @Option(names = "--actions", description = "Actions only.")
  private boolean actions;

  @Option(names = "--triggers", description = "Triggers only.")
  private boolean triggers;

  @Option(names = "--supported", description = "Only what is supported.")
  private boolean supported;

  @Option(names = "--unsupported", description = "Only what is not supported.")
  private boolean unsupported;

  @Option(
      names = "--effect",
      paramLabel = "EFFECT",
      description = "Only with this effect: read, idempotent_write, write, destructive.")
  private @Nullable Effect effect;

  @Option(
      names = "--find",
      paramLabel = "TEXT",
      description = "Only with this text in id, title or path.")
  private @Nullable String find;

  @Option(names = "--no-internal", description = "Without those that people are not offered.")
  private boolean noInternal;

  @Mixin private OverlayOption overlay;

  OperationsCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    Definition definition = overlay.of(folder).load();
    List<OperationInfo> all = OperationInfo.of(definition);
    List<OperationInfo> chosen = all.stream().filter(this::isChosen).toList();
    if (isJson()) {
      ArrayNode json = Json.array();
      chosen.forEach(operation -> json.add(operation.toJson()));
      print(json);
      return ExitCode.OK;
    }
    Table table = Table.of("OPERATION", "METHOD", "PATH", "KIND", "EFFECT", "TITLE");
    for (OperationInfo operation : chosen) {
      String kind = operation.triggerKind();
      String what = operation.effect();
      table.row(
          operation.id(),
          operation.reported().method(),
          operation.reported().path(),
          operation.kind(),
          what != null
              ? what + (operation.isEffectDoubtful() ? " ?" : "")
              : kind != null ? "(" + kind + ")" : "-",
          operation.title() + note(operation));
    }
    table.print(terminal());
    if (chosen.stream().anyMatch(OperationInfo::isEffectDoubtful)) {
      say("");
      say(
          "?  The name suggests another effect. If the name is right, correct the effect by an --overlay.");
    }
    List<OperationInfo> limited = chosen.stream().filter(o -> !o.isSupported()).toList();
    if (!limited.isEmpty()) {
      say("");
      say(terminal().bold("Not usable"));
      Table reasons = Table.plain("  ");
      limited.forEach(o -> reasons.row(o.id(), o.whyNot()));
      reasons.print(terminal());
    }
    if (chosen.size() < all.size()) {
      say((chosen.isEmpty() ? "" : "\n") + chosen.size() + " of " + all.size() + " operations");
    }
    return ExitCode.OK;
  }

  private static String note(OperationInfo operation) {
    return operation.isSupported() ? "" : " (not usable)";
  }

  private boolean isChosen(OperationInfo operation) {
    boolean trigger = operation.reported().isTrigger();
    return (!actions || !trigger || triggers)
        && (!triggers || trigger || actions)
        && (!supported || operation.isSupported() || unsupported)
        && (!unsupported || !operation.isSupported() || supported)
        && (effect == null || (operation.action() != null && operation.action().effect() == effect))
        && (!noInternal || operation.action() == null || !operation.action().isInternal())
        && (find == null || mentions(operation, find.toLowerCase(Locale.ROOT)));
  }

  private static boolean mentions(OperationInfo operation, String text) {
    return (operation.id() + "\n" + operation.title() + "\n" + operation.reported().path())
        .toLowerCase(Locale.ROOT)
        .contains(text);
  }
}
