package dev.connectorsdk.examples.cli;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.reference.ImpactPreview;
import dev.connectorsdk.reference.ImpactPreview.Item;
import dev.connectorsdk.reference.References;
import dev.connectorsdk.reference.UsedConnection;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "share",
    description = {
      "Says what sharing would bring about.",
      "",
      "Flows, apps and connections are one JSON file:",
      "  { \"environment\": \"dev\",",
      "    \"flows\": { \"deals\": {",
      "      \"kind\": \"APP\", \"owner\": \"user:ada\", \"users\": [\"group:sales\"],",
      "      \"references\": { \"team-crm\": {",
      "        \"connector\": \"crm\", \"operations\": [\"ListDeals\"],",
      "        \"connection\": \"CRM\" } } } },",
      "    \"connections\": { \"CRM\": {",
      "      \"connector\": \"crm\", \"owner\": \"user:ada\",",
      "      \"account\": \"desk@crm\", \"privileged\": true } } }",
      "An embedded reference for which the users of a flow bring own connections has",
      "\"usersBringOwn\": true; one for which everybody does, \"source\": \"INVOKER\".",
      "A connection may say which \"auth\" option it has; the first is taken otherwise."
    },
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Examples:",
      "  connectors share preview world.json deals --connectors connectors/",
      "  connectors share preview world.json deals --co-owner user:ben",
      "  connectors share preview world.json deals --bind team-crm=CRM"
    })
final class ShareCommand extends TerminalCommand {

  ShareCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    throw new UsageException("say which: preview");
  }

  @Command(
      name = "preview",
      description = {
        "Says what the users of a flow or an app get.",
        "",
        "With --co-owner or --bind it says what changes if the flow gets another co-owner, or a",
        "reference is bound. Changes nothing. Ends with code 1 if something has to be confirmed."
      })
  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  static final class Preview extends DataCommand {

    @Parameters(index = "0", paramLabel = "FILE", description = "Flows and connections.")
    private Path file;

    @Parameters(index = "1", paramLabel = "FLOW", description = "Which flow or app.")
    private String flow;

    @Option(
        names = "--co-owner",
        paramLabel = "PRINCIPAL",
        description = "Who would be a co-owner, such as user:ben or group:sales.")
    private List<String> coOwners = List.of();

    @Option(
        names = "--bind",
        paramLabel = "REFERENCE=CONNECTION",
        description = "What would be bound, by the owner of the connection.")
    private @Nullable String bind;

    @Mixin private ConnectorsOption connectors;

    Preview(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      if (bind != null && !coOwners.isEmpty()) {
        throw new UsageException("--bind and --co-owner are two questions: ask them one by one");
      }
      try (World world = World.read(file, connectors.catalogue())) {
        ImpactPreview preview = preview(world);
        if (isJson()) {
          print(json(preview));
        } else {
          preview.text().lines().forEach(this::say);
        }
        return preview.warnings().isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
      }
    }

    private ImpactPreview preview(World world) {
      References references = world.runtime().references();
      Caller owner = world.ownerOf(flow);
      if (bind != null) {
        return bound(world, bind);
      }
      return coOwners.isEmpty()
          ? references.previewShare(owner)
          : references.previewChange(owner, changed(owner));
    }

    private Flow changed(Caller owner) {
      try {
        return running(owner)
            .coOwnedBy(coOwners.stream().map(Principal::parse).toArray(Principal[]::new));
      } catch (IllegalArgumentException e) {
        throw new UsageException(String.valueOf(e.getMessage()));
      }
    }

    private static Flow running(Caller owner) {
      return Objects.requireNonNull(owner.flow());
    }

    private ImpactPreview bound(World world, String binding) {
      String[] parts = binding.split("=", 2);
      if (parts.length < 2) {
        throw new UsageException("--bind takes REFERENCE=CONNECTION");
      }
      Flow running = running(world.ownerOf(flow));
      StoredConnection connection = world.connection(parts[1]);
      try {
        return world
            .runtime()
            .references()
            .previewBind(
                connection.owner().in(world.environment()).running(running),
                running
                    .reference(parts[0])
                    .orElseThrow(() -> new UsageException("no reference '" + parts[0] + "'")),
                connection.id());
      } catch (ResolutionException e) {
        throw new FailedException(String.valueOf(e.getMessage()));
      }
    }

    private static ObjectNode json(ImpactPreview preview) {
      ObjectNode json = Json.object().put("act", preview.act());
      preview.flows().forEach(json.putArray("flows")::add);
      json.put("otherFlows", preview.otherFlows());
      ArrayNode references = json.putArray("references");
      preview.references().forEach(item -> references.add(json(item)));
      ArrayNode users = json.putArray("users");
      preview
          .users()
          .forEach(
              user -> {
                ObjectNode one = users.addObject().put("user", user.user().toString());
                user.gains().forEach(one.putArray("gains")::add);
                user.brings().forEach(one.putArray("brings")::add);
              });
      preview.information().forEach(json.putArray("information")::add);
      preview.warnings().forEach(json.putArray("warnings")::add);
      return json;
    }

    private static ObjectNode json(Item item) {
      ObjectNode json =
          Json.object()
              .put("reference", item.reference().logicalName())
              .put("connector", item.reference().connector().value())
              .put("treatment", item.treatment().name());
      UsedConnection used = item.connection();
      if (used != null) {
        json.put("connection", used.displayName());
        json.put("account", used.account() == null ? null : used.account().label());
      }
      json.put("why", item.why());
      item.operations().forEach(json.putArray("operations")::add);
      item.choices().forEach(choice -> json.withArray("choices").add(choice.verdict()));
      return json;
    }
  }
}
