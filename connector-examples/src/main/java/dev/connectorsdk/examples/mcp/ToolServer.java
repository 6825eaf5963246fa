package dev.connectorsdk.examples.mcp;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.connectorsdk.api.Principal;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.jackson3.JacksonMcpJsonMapper;
import io.modelcontextprotocol.json.schema.JsonSchemaValidator;
import io.modelcontextprotocol.json.schema.JsonSchemaValidator.ValidationResponse;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpServerFeatures.SyncResourceTemplateSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.server.transport.StdioServerTransportProvider;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Content;
import io.modelcontextprotocol.spec.McpSchema.ElicitFormRequest;
import io.modelcontextprotocol.spec.McpSchema.ElicitRequest;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceRequest;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceResult;
import io.modelcontextprotocol.spec.McpSchema.ResourceContents;
import io.modelcontextprotocol.spec.McpSchema.ResourceLink;
import io.modelcontextprotocol.spec.McpSchema.ResourceTemplate;
import io.modelcontextprotocol.spec.McpSchema.ServerCapabilities;
import io.modelcontextprotocol.spec.McpSchema.TextResourceContents;
import io.modelcontextprotocol.spec.McpSchema.ToolAnnotations;
import io.modelcontextprotocol.spec.McpServerTransportProvider;
import io.modelcontextprotocol.spec.McpStreamableServerTransportProvider;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Serves tools by the protocol. What it says of failures are {@linkplain ToolAnswer answers}. */
public final class ToolServer {

  /** By which a client that repeats a call may say so. */
  static final String IDEMPOTENCY_KEY = "dev.connectorsdk/idempotencyKey";

  /** How long a person has to answer; the call still has to fit into what clients wait for. */
  private static final Duration FOR_A_PERSON = Duration.ofSeconds(25);

  private static final int MOST_IN_A_LINE = 9 * 1024 * 1024;

  private static final JsonMapper JSON =
      JsonMapper.builder().addMixIn(ElicitRequest.class, ModeIsThere.class).build();
  private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};

  private static final String INSTRUCTIONS =
      "Tools act with the connections of the person who is signed in. An answer that is an error"
          + " says what to do about it.";

  private final ToolSet tools;
  private final Function<McpTransportContext, Principal> callers;

  private ToolServer(ToolSet tools, Function<McpTransportContext, Principal> callers) {
    this.tools = tools;
    this.callers = callers;
  }

  /**
   * Serves tools to the program at the other end of two streams, for one person, and blocks until
   * the input ends. Nothing else may write to {@code out}: point {@code System.out} elsewhere.
   *
   * @throws InterruptedException if the thread is interrupted
   */
  public static void serve(ToolSet tools, Principal caller, InputStream in, OutputStream out)
      throws InterruptedException {
    EndOfInput input = new EndOfInput(in);
    var transport = new StdioServerTransportProvider(mapper(), input, out, MOST_IN_A_LINE);
    McpSyncServer server = new ToolServer(tools, context -> caller).over(transport);
    try {
      input.await();
    } finally {
      server.close();
    }
  }

  /**
   * Serves tools over HTTP, to whoever each request comes from, on the thread of the request: other
   * threads are few, and all would wait for clients that do not read.
   */
  static McpSyncServer over(
      McpStreamableServerTransportProvider transport,
      ToolSet tools,
      Function<McpTransportContext, Principal> callers) {
    ToolServer server = new ToolServer(tools, callers);
    return server.described(McpServer.sync(transport)).immediateExecution(true).build();
  }

  private McpSyncServer over(McpServerTransportProvider transport) {
    return described(McpServer.sync(transport)).build();
  }

  /** As the SDK declares it, Jackson 3.2 refuses to write the member: it would be there twice. */
  @JsonTypeInfo(
      use = JsonTypeInfo.Id.NAME,
      include = JsonTypeInfo.As.EXISTING_PROPERTY,
      property = "mode",
      defaultImpl = ElicitFormRequest.class,
      visible = true)
  private interface ModeIsThere {}

  static McpJsonMapper mapper() {
    return new JacksonMcpJsonMapper(JSON);
  }

  private McpServer.SyncSpecification<?> described(McpServer.SyncSpecification<?> server) {
    return server
        .serverInfo("connectors", version())
        .instructions(INSTRUCTIONS)
        .capabilities(ServerCapabilities.builder().tools(false).resources(false, false).build())
        .requestTimeout(FOR_A_PERSON)
        .jsonMapper(mapper())
        .jsonSchemaValidator(new CheckedElsewhere())
        .validateToolInputs(false)
        .addToolFilter((context, tool) -> tools.isPermitted(tool.name()))
        .tools(tools.all().stream().map(this::specification).toList())
        .resourceTemplates(List.of(new SyncResourceTemplateSpecification(template(), this::read)));
  }

  private static String version() {
    String version = ToolServer.class.getPackage().getImplementationVersion();
    return version == null ? "0" : version;
  }

  /** The runtime checks inputs, in its words, and outputs are described and not checked. */
  private static final class CheckedElsewhere implements JsonSchemaValidator {

    @Override
    public ValidationResponse validate(Map<String, Object> schema, Object content) {
      return ValidationResponse.asValid("");
    }

    @Override
    public ValidationResponse validateSchema(Map<String, Object> schema) {
      return ValidationResponse.asValid("");
    }

    @Override
    public void assertConforms(String what, Map<String, Object> schema) {}
  }

  private SyncToolSpecification specification(Tool tool) {
    McpSchema.Tool described =
        McpSchema.Tool.builder(tool.name(), JSON.convertValue(tool.input(), MAP))
            .title(tool.title())
            .description(tool.description())
            .outputSchema(JSON.convertValue(tool.output(), MAP))
            .annotations(
                ToolAnnotations.builder()
                    .title(tool.title())
                    .readOnlyHint(tool.isReadOnly())
                    .destructiveHint(tool.isDestructive())
                    .idempotentHint(tool.isIdempotent())
                    .openWorldHint(true)
                    .build())
            .build();
    return new SyncToolSpecification(described, this::call);
  }

  /** What is thrown would be an error of the protocol, after which clients call again. */
  private CallToolResult call(McpSyncServerExchange exchange, CallToolRequest request) {
    try {
      return result(answer(exchange, request));
    } catch (RuntimeException e) {
      return result(ToolAnswer.error(FailureWords.of(e)));
    }
  }

  private ToolAnswer answer(McpSyncServerExchange exchange, CallToolRequest request) {
    Map<String, Object> meta = request.meta() == null ? Map.of() : request.meta();
    Map<String, Object> given = request.arguments() == null ? Map.of() : request.arguments();
    ToolClient client = new SessionClient(exchange, meta.get("progressToken"));
    String key = meta.get(IDEMPOTENCY_KEY) instanceof String text ? text : null;
    ObjectNode arguments = JSON.valueToTree(given);
    return tools.call(
        callers.apply(exchange.transportContext()),
        client,
        new ToolCall(request.name(), arguments, key));
  }

  private static CallToolResult result(ToolAnswer answer) {
    CallToolResult.Builder result =
        CallToolResult.builder().addTextContent(answer.text()).isError(answer.isError());
    if (answer.content() != null) {
      result.structuredContent(answer.content());
    }
    ShownFiles shown = new ShownFiles();
    for (KeptAnswer kept : answer.kept()) {
      result.addContent(
          ResourceLink.builder()
              .uri(kept.uri())
              .name(kept.name())
              .mimeType(kept.mediaType())
              .size((long) kept.size())
              .build());
      Content content = shown.next(kept);
      if (content != null) {
        result.addContent(content);
      }
    }
    return result.build();
  }

  private static ResourceTemplate template() {
    return ResourceTemplate.builder(KeptAnswers.TEMPLATE, "answer")
        .title("Answer of a tool")
        .description("A file or a large answer, for half an hour, for whoever called the tool.")
        .build();
  }

  private ReadResourceResult read(McpSyncServerExchange exchange, ReadResourceRequest request) {
    Principal caller = callers.apply(exchange.transportContext());
    ResourceContents contents =
        tools
            .read(caller, request.uri())
            .map(ShownFiles::contents)
            .orElseGet(
                () ->
                    TextResourceContents.builder(
                            request.uri(), "There is nothing here any more. Call the tool again.")
                        .mimeType("text/plain")
                        .build());
    return ReadResourceResult.builder(List.of(contents)).build();
  }
}
