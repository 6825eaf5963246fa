package dev.connectorsdk.examples.cli;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.event.AuditRecord;
import dev.connectorsdk.api.event.AuditRecord.Kind;
import dev.connectorsdk.api.spi.AuditStore.Filter;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "audit",
    description = "Lists what was done with stored connections, and what was refused.",
    footer = {
      "",
      "Examples:",
      "  connectors audit",
      "  connectors audit --connection 0f3e --since 2026-01-01T00:00:00Z",
      "  connectors audit --refused --json"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class AuditCommand extends DataCommand {

  private static final int MOST = 10_000;

  /** What is about the records themselves. */
  private static final Set<Kind> OF_RUNTIME = Set.of(Kind.STARTED, Kind.ENDED);

  @Option(
      names = "--connection",
      paramLabel = "ID|NAME",
      description = "Only what was done with this one. An id may be one of a deleted one.")
  private @Nullable String connection;

  @Option(names = "--refused", description = "Only what was refused.")
  private boolean refused;

  @Option(
      names = "--since",
      paramLabel = "INSTANT",
      description = "Only from then on, such as 2026-01-31T12:00:00Z.")
  private @Nullable String since;

  @Option(
      names = "--limit",
      defaultValue = "50",
      description = "At most so many, up to 10000. Default: ${DEFAULT-VALUE}")
  private int limit;

  @Mixin private HomeOption home;

  AuditCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() throws IOException {
    if (limit < 1 || limit > MOST) {
      throw new UsageException("--limit is from 1 to " + MOST);
    }
    Instant from = since();
    List<AuditRecord> records = List.of();
    if (Home.exists(home.folder())) {
      try (Home open = home.open();
          ConnectorRuntime runtime = open.bare()) {
        records = records(runtime, from);
      }
    }
    if (isJson()) {
      ArrayNode json = Json.array();
      records.forEach(record -> json.add(json(record)));
      print(json);
    } else {
      tell(records);
    }
    return ExitCode.OK;
  }

  private @Nullable Instant since() {
    try {
      return since == null ? null : Instant.parse(since);
    } catch (DateTimeParseException e) {
      throw new UsageException("--since is an instant such as 2026-01-31T12:00:00Z, not " + since);
    }
  }

  private List<AuditRecord> records(ConnectorRuntime runtime, @Nullable Instant from) {
    var filter = new Filter(null, null, null, null, connection(runtime), refused, from);
    return runtime
        .audit()
        .list(Administrator.ofRuntime(Home.me().principal()), filter, null, MOST)
        .stream()
        .filter(record -> !OF_RUNTIME.contains(record.kind()))
        .limit(limit)
        .toList();
  }

  /** What is not there any more has no name, but records. */
  private @Nullable ConnectionId connection(ConnectorRuntime runtime) {
    if (connection == null) {
      return null;
    }
    List<Connection> all = runtime.connections().list(Home.me());
    boolean isThere = all.stream().anyMatch(one -> one.id().value().equals(connection));
    return !isThere && connection.matches("[0-9a-f]{32}")
        ? ConnectionId.of(connection)
        : Home.named(connection, all).id();
  }

  private void tell(List<AuditRecord> records) {
    if (records.isEmpty()) {
      say("no records in " + home.folder());
    }
    Table table = Table.of("WHEN", "WHO", "WHAT", "CONNECTOR", "CONNECTION", "GATEWAY", "RESULT");
    for (AuditRecord record : records) {
      table.row(
          record.position().at().toString(),
          text(record.actor().who()),
          text(record.subject().operation()),
          text(record.subject().connector()),
          text(record.subject().connection()),
          text(record.subject().gateway()),
          result(record));
    }
    table.print(terminal());
  }

  private static String text(@Nullable Object value) {
    return value == null ? "-" : value.toString();
  }

  private static String result(AuditRecord record) {
    String result = record.verdict().result();
    if (record.verdict().allowed()) {
      return result.isEmpty() ? "done" : result;
    }
    String rule = record.verdict().rule();
    return "refused: " + (rule.isEmpty() ? result : rule);
  }

  private static ObjectNode json(AuditRecord record) {
    var actor = record.actor();
    var subject = record.subject();
    var verdict = record.verdict();
    return Json.object()
        .put("at", record.position().at().toString())
        .put("kind", record.kind().name().toLowerCase(Locale.ROOT))
        .put("who", Objects.toString(actor.who(), null))
        .put("onBehalfOf", Objects.toString(actor.onBehalfOf(), null))
        .put("environment", Objects.toString(actor.environment(), null))
        .put("flow", actor.flow())
        .put("connector", Objects.toString(subject.connector(), null))
        .put("operation", subject.operation())
        .put("effect", Objects.toString(subject.effect(), null))
        .put("connection", Objects.toString(subject.connection(), null))
        .put("account", subject.account())
        .put("origin", subject.origin())
        .put("gateway", subject.gateway())
        .put("allowed", verdict.allowed())
        .put("rule", verdict.rule())
        .put("result", verdict.result())
        .put("tookMillis", record.took().toMillis());
  }
}
