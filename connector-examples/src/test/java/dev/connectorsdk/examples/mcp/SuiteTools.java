package dev.connectorsdk.examples.mcp;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Shape;
import dev.connectorsdk.api.file.FileInfo;
import java.util.List;
import java.util.Optional;

/**
 * Actions as the tools that the conformance suite calls, by the names that it has for them: text,
 * files, an error, progress, and a question to a person.
 */
record SuiteTools(Tools tools) implements ToolSet {

  private static final String SUITE = "suite";
  private static final String BEFORE = SUITE + "__";

  record Text(String text) {}

  record Message(String message) {}

  /** Returns a connector of which everything is served. */
  static Connector at(String baseUrl) {
    return Connector.builder(SUITE, baseUrl)
        .titled("Suite")
        .auth(AuthOption.none())
        .action(reading("test_simple_text", "/text"))
        .action(reading("test_error_handling", "/error"))
        .action(reading("test_tool_with_progress", "/slow"))
        .action(downloading("test_image_content", "/picture"))
        .action(downloading("test_embedded_resource", "/notes"))
        .action(
            Action.builder(
                    "test_multiple_content_types",
                    Effect.READ,
                    Shape.of(Nothing.class),
                    Shape.json(Desk.object("{'type':'object'}")))
                .titled("Read several files")
                .run((nothing, call) -> call.http().get("/files").fetchJson()))
        .action(
            Action.builder("test_elicitation", Effect.DESTRUCTIVE, Message.class, Text.class)
                .titled("Ask")
                .run((message, call) -> call.http().post("/text").json(message).fetch(Text.class)))
        .build();
  }

  private static Action<Nothing, Text> reading(String id, String path) {
    return Action.builder(id, Effect.READ, Nothing.class, Text.class)
        .titled("Read " + path)
        .run((nothing, call) -> call.http().get(path).fetch(Text.class));
  }

  private static Action<Nothing, FileInfo> downloading(String id, String path) {
    return Action.builder(id, Effect.READ, Nothing.class, FileInfo.class)
        .titled("Read " + path)
        .run((nothing, call) -> call.http().get(path).download(call.target()));
  }

  @Override
  public List<Tool> all() {
    return tools.all().stream().map(SuiteTools::renamed).toList();
  }

  private static Tool renamed(Tool tool) {
    return new Tool(
        tool.name().substring(BEFORE.length()),
        tool.title(),
        tool.description(),
        tool.input(),
        tool.output(),
        tool.effect(),
        tool.needsConfirmation());
  }

  @Override
  public boolean isPermitted(String tool) {
    return tools.isPermitted(BEFORE + tool);
  }

  @Override
  public ToolAnswer call(Principal caller, ToolClient client, ToolCall call) {
    return tools.call(
        caller,
        client,
        new ToolCall(BEFORE + call.tool(), call.arguments(), call.idempotencyKey()));
  }

  @Override
  public Optional<KeptAnswer> read(Principal caller, String uri) {
    return tools.read(caller, uri);
  }

  @Override
  public void close() {
    tools.close();
  }
}
