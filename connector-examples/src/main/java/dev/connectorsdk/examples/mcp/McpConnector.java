package dev.connectorsdk.examples.mcp;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.ActionContext;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.Shape;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.error.ActionFailedException;
import dev.connectorsdk.api.error.ResponseException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The tools of an MCP server, over streamable HTTP, as the actions of a connector. What they are
 * the server says to those who are signed in, so there are two steps: a connector that lists tools,
 * and with their list one that has an action for each.
 *
 * <pre>{@code
 * McpConnector notes = McpConnector.at("notes", uri).auth(AuthOption.bearer());
 * JsonNode tools = runtime.invoke(ada, NOTES, McpConnector.LIST_TOOLS, Map.of());
 * Connector connector = notes.with(tools);
 * }</pre>
 *
 * <p>Every request goes through the client of the connection: credentials, host rules, data
 * policies and limits hold as for any action. Immutable.
 */
public final class McpConnector {

  /** The id of the action that lists the server's tools. */
  public static final String LIST_TOOLS = "listTools";

  private static final int MOST_PAGES = 100;
  private static final int MOST_TOOLS = 1_000;
  private static final int MOST_CHARACTERS = 10 * 1024 * 1024;

  private final String id;
  private final URI address;
  private final List<AuthOption> options;
  private final boolean isTrusted;

  private McpConnector(String id, URI address, List<AuthOption> options, boolean isTrusted) {
    this.id = id;
    this.address = address;
    this.options = options;
    this.isTrusted = isTrusted;
  }

  /**
   * Returns a server that nobody has to sign in to.
   *
   * @param id of the connector
   * @param address of the server, such as {@code https://notes.example/mcp}
   */
  public static McpConnector at(String id, URI address) {
    if (address.getRawAuthority() == null) {
      throw new IllegalArgumentException("An MCP server has a URL with a host, not " + address);
    }
    return new McpConnector(id, address, List.of(), false);
  }

  /** Returns a server with a way to authenticate, besides those before. */
  public McpConnector auth(AuthOption option) {
    List<AuthOption> more = new ArrayList<>(options);
    more.add(Objects.requireNonNull(option, "option"));
    return new McpConnector(id, address, List.copyOf(more), isTrusted);
  }

  /**
   * Returns a server whose word is taken for what its tools do. Otherwise each counts as
   * destructive, because a server may say anything: people are asked, and nothing is repeated.
   */
  public McpConnector trustingAnnotations() {
    return new McpConnector(id, address, options, true);
  }

  /**
   * Returns a sign-in at an authorization server at which clients register themselves (RFC 7591),
   * with tokens for this server alone (RFC 8707).
   *
   * @param issuer as the server's protected resource metadata names it
   */
  public AuthOption signIn(String issuer) {
    return AuthOption.oauth2(
        OAuth2Scheme.issuer(issuer).registeringClients().resources(address.toString()));
  }

  /** Returns the connector that lists the server's tools, before they are known. */
  public Connector connector() {
    return builder().build();
  }

  /**
   * Returns the connector with an action for each tool.
   *
   * @param tools what {@link #LIST_TOOLS} has returned
   * @throws IllegalArgumentException if two tools have one name
   */
  public Connector with(JsonNode tools) {
    Connector.Builder builder = builder();
    tools.path("tools").forEach(tool -> builder.action(action(tool)));
    return builder.build();
  }

  private Connector.Builder builder() {
    Connector.Builder builder =
        Connector.builder(id, address.getScheme() + "://" + address.getRawAuthority());
    List<AuthOption> all = options.isEmpty() ? List.of(AuthOption.none()) : options;
    all.forEach(builder::auth);
    return builder.action(
        Action.builder(LIST_TOOLS, Effect.READ, Shape.of(Nothing.class), Shape.json(anything()))
            .titled("List tools")
            .described("Lists the tools that the server offers to whoever is signed in.")
            .run((nothing, call) -> list(call)));
  }

  private static ObjectNode anything() {
    return JsonNodeFactory.instance.objectNode().put("type", "object");
  }

  private String path() {
    String path = address.getRawPath();
    String query = address.getRawQuery();
    return (path == null || path.isEmpty() ? "/" : path) + (query == null ? "" : "?" + query);
  }

  private JsonNode list(ActionContext call) {
    ObjectNode all = JsonNodeFactory.instance.objectNode();
    var tools = all.putArray("tools");
    int characters = 0;
    try (McpSession session = McpSession.begin(call.http(), path())) {
      ObjectNode page = JsonNodeFactory.instance.objectNode();
      for (int i = 0; i < MOST_PAGES; i++) {
        JsonNode found = session.request("tools/list", page);
        characters += found.toString().length();
        found.path("tools").forEach(tools::add);
        if (tools.size() > MOST_TOOLS || characters > MOST_CHARACTERS) {
          break;
        }
        JsonNode next = found.path("nextCursor");
        if (!next.isString()) {
          return all;
        }
        page = JsonNodeFactory.instance.objectNode().put("cursor", next.stringValue());
      }
    }
    throw new ResponseException(
        "The MCP server's list is longer than %d tools, %d pages or %d characters"
            .formatted(MOST_TOOLS, MOST_PAGES, MOST_CHARACTERS));
  }

  private Action<?, ?> action(JsonNode tool) {
    String name = tool.path("name").asString("");
    return Action.dynamic(
            actionId(name),
            effect(tool.path("annotations")),
            ToolSchemas.wholeInput(tool.path("inputSchema")),
            anything())
        .titled(tool.path("title").asString(name))
        .described(tool.path("description").asString(""))
        .run((input, call) -> run(name, input, call));
  }

  /** A name that is no id of an action gets a digest, so that no two become the same. */
  private static String actionId(String name) {
    return name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}") && !name.equals(LIST_TOOLS)
        ? name
        : ToolNames.of("tool", "_" + name);
  }

  private Effect effect(JsonNode annotations) {
    if (isTrusted && annotations.path("readOnlyHint").asBoolean(false)) {
      return Effect.READ;
    }
    if (!isTrusted || annotations.path("destructiveHint").asBoolean(true)) {
      return Effect.DESTRUCTIVE;
    }
    return annotations.path("idempotentHint").asBoolean(false)
        ? Effect.IDEMPOTENT_WRITE
        : Effect.WRITE;
  }

  private JsonNode run(String tool, JsonNode input, ActionContext call) {
    ObjectNode parameters = JsonNodeFactory.instance.objectNode().put("name", tool);
    parameters.set("arguments", input);
    JsonNode result;
    try (McpSession session = McpSession.begin(call.http(), path())) {
      result = session.request("tools/call", parameters);
    }
    if (result.path("isError").asBoolean(false)) {
      throw new ActionFailedException(
          "The tool '" + tool + "' of the MCP server says that it has failed");
    }
    JsonNode structured = result.path("structuredContent");
    if (structured.isObject()) {
      return structured;
    }
    ObjectNode content = JsonNodeFactory.instance.objectNode();
    content.set("content", result.path("content"));
    return content;
  }
}
