package dev.connectorsdk.examples.mcp;

import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.api.http.ConnectorHttp;
import dev.connectorsdk.api.http.HttpCall;
import dev.connectorsdk.api.http.HttpResponse;
import java.util.Iterator;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A session at an MCP server over streamable HTTP, for one call of an action. It goes through the
 * connection's own client, and declares nothing that a server could ask for. Close it.
 */
final class McpSession implements AutoCloseable {

  private static final String PROTOCOL = "2025-11-25";
  private static final String SESSION = "Mcp-Session-Id";
  private static final Pattern VERSION = Pattern.compile("[0-9A-Za-z._-]{1,32}");
  private static final JsonMapper JSON = JsonMapper.shared();

  private final ConnectorHttp http;
  private final String path;
  private @Nullable String protocol;
  private @Nullable String session;
  private int requests;

  private McpSession(ConnectorHttp http, String path) {
    this.http = http;
    this.path = path;
  }

  /** Begins a session at the path of the server. */
  static McpSession begin(ConnectorHttp http, String path) {
    McpSession session = new McpSession(http, path);
    ObjectNode hello = JsonNodeFactory.instance.objectNode();
    hello.put("protocolVersion", PROTOCOL);
    hello.putObject("capabilities");
    hello.putObject("clientInfo").put("name", "connectors").put("version", "0");
    JsonNode welcome = session.request("initialize", hello);
    String protocol = welcome.path("protocolVersion").asString(PROTOCOL);
    if (!VERSION.matcher(protocol).matches()) {
      throw new ResponseException("The MCP server has answered with no version of the protocol");
    }
    session.protocol = protocol;
    ObjectNode ready = message("notifications/initialized");
    session.post(ready).accepting().send();
    return session;
  }

  private static ObjectNode message(String method) {
    return JsonNodeFactory.instance.objectNode().put("jsonrpc", "2.0").put("method", method);
  }

  private HttpCall post(ObjectNode message) {
    return withSession(http.callEncoded("POST", path))
        .header("Accept", "application/json, text/event-stream")
        .json(message);
  }

  private HttpCall withSession(HttpCall call) {
    HttpCall known = call;
    if (session != null) {
      known = known.header(SESSION, session);
    }
    if (protocol != null) {
      known = known.header("MCP-Protocol-Version", protocol);
    }
    return known;
  }

  /**
   * Returns the result of a request.
   *
   * @throws ResponseException if the answer is an error, or none of the protocol
   */
  JsonNode request(String method, ObjectNode parameters) {
    int id = ++requests;
    ObjectNode message = message(method).put("id", id);
    message.set("params", parameters);
    HttpResponse response = post(message).send();
    if (session == null) {
      session = response.header(SESSION);
    }
    JsonNode answer = answer(response, id);
    if (answer.has("error")) {
      throw new ResponseException(
          "The MCP server has refused "
              + method
              + " with error "
              + answer.path("error").path("code").asInt(0));
    }
    return answer.path("result");
  }

  private static JsonNode answer(HttpResponse response, int id) {
    String type = response.contentType();
    if (type == null || !type.toLowerCase(Locale.ROOT).startsWith("text/event-stream")) {
      return response.json();
    }
    StringBuilder data = new StringBuilder();
    Iterator<String> lines = Stream.concat(response.text().lines(), Stream.of("")).iterator();
    while (lines.hasNext()) {
      String line = lines.next();
      if (line.startsWith("data:")) {
        data.append(line.substring(5)).append('\n');
      } else if (line.isEmpty() && data.length() > 0) {
        JsonNode event = event(data.toString());
        if (event.path("id").asInt(0) == id && !event.has("method")) {
          return event;
        }
        data.setLength(0);
      }
    }
    throw new ResponseException("The MCP server has ended its stream without an answer");
  }

  private static JsonNode event(String data) {
    try {
      return JSON.readTree(data);
    } catch (JacksonException e) {
      throw new ResponseException("The MCP server has sent an event that is no JSON");
    }
  }

  /** Ends the session. A server that does not end sessions, or not this one, does so by itself. */
  @Override
  public void close() {
    if (session != null) {
      try {
        withSession(http.callEncoded("DELETE", path)).accepting(400, 404, 405).send();
      } catch (ConnectorException e) {
        return; // what was asked for is answered
      }
    }
  }
}
