package dev.connectorsdk.examples.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.connectorsdk.api.Principal;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.server.transport.DefaultServerTransportSecurityValidator;
import io.modelcontextprotocol.server.transport.HttpServletStreamableServerTransportProvider;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Serves tools over streamable HTTP. Map it, with asynchronous requests allowed, to the path of its
 * address and to {@link #metadataPath}.
 *
 * <p>Each request needs a bearer token; a session is of the user who began it, and for others it is
 * not there. Requests for other hosts, and from pages of other sites, are refused.
 */
public final class ToolServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  static final String SESSION = "mcp-session-id";

  private static final String WELL_KNOWN = "/.well-known/oauth-protected-resource";
  private static final String CALLER = ToolServlet.class.getName() + ".caller";
  private static final String BEARER = "bearer ";
  private static final int MOST_BYTES = 8 * 1024 * 1024;
  private static final int INVALID_REQUEST = -32600;

  private final transient AccessTokens tokens;
  private final transient URI address;
  private final transient List<String> origins;
  private final transient HttpServletStreamableServerTransportProvider transport;
  private final transient McpSyncServer server;
  private final transient Sessions sessions;

  private ToolServlet(
      ToolSet tools, URI address, AccessTokens tokens, List<String> origins, Clock clock) {
    this.tokens = Objects.requireNonNull(tokens, "tokens");
    this.address = address;
    this.origins = List.copyOf(origins);
    this.sessions = new Sessions(clock);
    this.transport =
        HttpServletStreamableServerTransportProvider.builder()
            .jsonMapper(ToolServer.mapper())
            .mcpEndpoint(address.getPath())
            .maxRequestSize(MOST_BYTES)
            .sessionSweepInterval(null) // its thread would outlive the server; see Sessions
            .httpHeaderValidator(
                DefaultServerTransportSecurityValidator.builder()
                    .allowedHost(address.getAuthority())
                    .allowedOrigin(address.getScheme() + "://" + address.getAuthority())
                    .allowedOrigins(origins)
                    .build())
            .contextExtractor(
                request -> McpTransportContext.create(Map.of(CALLER, request.getAttribute(CALLER))))
            .build();
    this.server = ToolServer.over(transport, tools, context -> (Principal) context.get(CALLER));
  }

  /**
   * Serves tools at an address.
   *
   * @param address the whole URL, as clients know it: its host is the only one that is served
   * @param origins of pages whose scripts may call besides those of the address itself, such as
   *     {@code https://app.example}
   * @throws IllegalArgumentException if the address is no URL with a host and a path
   */
  public static ToolServlet of(ToolSet tools, URI address, AccessTokens tokens, String... origins) {
    return of(tools, address, tokens, List.of(origins), Clock.systemUTC());
  }

  static ToolServlet of(
      ToolSet tools, URI address, AccessTokens tokens, List<String> origins, Clock clock) {
    if (address.getHost() == null || address.getPath() == null || address.getPath().length() < 2) {
      throw new IllegalArgumentException("Tools are served at a URL with a path, not " + address);
    }
    return new ToolServlet(tools, address, tokens, origins, clock);
  }

  /** Returns the path of the address. */
  public String path() {
    return address.getPath();
  }

  /** Returns the path of the metadata of this protected resource (RFC 9728 section 3.1). */
  public String metadataPath() {
    return WELL_KNOWN + address.getPath();
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    if (request.getRequestURI().equals(metadataPath())) {
      metadata(request, response);
      return;
    }
    String origin = request.getHeader("Origin");
    if (origin != null && origins.contains(origin)) {
      share(response, origin);
      if (request.getMethod().equals("OPTIONS")) {
        response.setStatus(HttpServletResponse.SC_NO_CONTENT);
        return;
      }
    }
    Principal caller = caller(request, response);
    if (caller == null) {
      return;
    }
    String session = request.getHeader(SESSION);
    if (session != null && !sessions.isOf(session, caller)) {
      refuse(response, HttpServletResponse.SC_NOT_FOUND);
      return;
    }
    request.setAttribute(CALLER, caller);
    Set<String> forgotten = new LinkedHashSet<>();
    OwnErrors answer =
        new OwnErrors(response, begun -> forgotten.addAll(sessions.begin(begun, caller)));
    if (session == null) {
      transport.service(request, answer);
    } else {
      serve(session, request, answer);
    }
    if (answer.isRefusal()) {
      refuse(response, answer.getStatus());
    }
    for (String one : forgotten) {
      transport.service(new SessionEnd(request, one), SessionEnd.unheard(response));
    }
  }

  private void serve(String session, HttpServletRequest request, OwnErrors answer)
      throws ServletException, IOException {
    sessions.open(session);
    boolean isClosedLater = false;
    try {
      transport.service(request, answer);
      isClosedLater = SessionStream.onEnd(request, () -> sessions.close(session));
    } finally {
      if (!isClosedLater) {
        sessions.close(session);
      }
    }
    boolean isEnded = request.getMethod().equals("DELETE") && !answer.isRefusal();
    if (isEnded || answer.getStatus() == HttpServletResponse.SC_NOT_FOUND) {
      sessions.end(session);
    }
  }

  /** Browsers ask before they send a token, and hide what they are not told to show. */
  private static void share(HttpServletResponse response, String origin) {
    response.setHeader("Access-Control-Allow-Origin", origin);
    response.addHeader("Vary", "Origin");
    response.setHeader("Access-Control-Expose-Headers", "Mcp-Session-Id, WWW-Authenticate");
    response.setHeader("Access-Control-Allow-Methods", "GET, POST, DELETE");
    response.setHeader(
        "Access-Control-Allow-Headers",
        "Authorization, Content-Type, Accept, Last-Event-ID, Mcp-Session-Id, MCP-Protocol-Version");
  }

  private void metadata(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (!request.getMethod().equals("GET")) {
      refuse(response, HttpServletResponse.SC_METHOD_NOT_ALLOWED);
      return;
    }
    ObjectNode metadata = tokens.metadata().orElse(null);
    if (metadata == null) {
      refuse(response, HttpServletResponse.SC_NOT_FOUND);
      return;
    }
    // Public, and asked for by clients in browsers.
    response.setHeader("Access-Control-Allow-Origin", "*");
    write(response, HttpServletResponse.SC_OK, metadata);
  }

  private @Nullable Principal caller(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String authorization = request.getHeader("Authorization");
    if (authorization == null || !authorization.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
      challenge(response, HttpServletResponse.SC_UNAUTHORIZED, "");
      return null;
    }
    try {
      return tokens.check(authorization.substring(BEARER.length()).trim());
    } catch (TokenRefusedException e) {
      if (e.scope() == null) {
        challenge(response, HttpServletResponse.SC_UNAUTHORIZED, ", error=\"invalid_token\"");
      } else {
        challenge(
            response,
            HttpServletResponse.SC_FORBIDDEN,
            ", error=\"insufficient_scope\", scope=\"" + e.scope() + "\"");
      }
      return null;
    } catch (UncheckedIOException e) {
      refuse(response, HttpServletResponse.SC_SERVICE_UNAVAILABLE);
      return null;
    }
  }

  private void challenge(HttpServletResponse response, int status, String more) throws IOException {
    String challenge = "Bearer realm=\"tools\"" + more;
    if (tokens.metadata().isPresent()) {
      challenge += ", resource_metadata=\"" + address.resolve(metadataPath()) + "\"";
    }
    response.setHeader("WWW-Authenticate", challenge);
    refuse(response, status);
  }

  private static void refuse(HttpServletResponse response, int status) throws IOException {
    ObjectNode error = JsonNodeFactory.instance.objectNode();
    error.put("jsonrpc", "2.0");
    error.putNull("id");
    error.putObject("error").put("code", INVALID_REQUEST).put("message", words(status));
    write(response, status, error);
  }

  private static String words(int status) {
    return switch (status) {
      case 401 -> "This needs an access token; the header WWW-Authenticate says where to get one.";
      case 403 -> "This is not allowed with this token, or from this origin.";
      case 404 -> "There is no such session. Initialize another one.";
      case 405 -> "This method is not served here.";
      case 406 -> "Accept application/json and text/event-stream.";
      case 413 -> "The request is larger than " + MOST_BYTES + " bytes.";
      case 415 -> "Send application/json.";
      case 421 -> "This host is not served here.";
      default ->
          status < 500
              ? "This is no request that could be understood here."
              : "The server failed, and nothing is known of the request. Try again later.";
    };
  }

  private static void write(HttpServletResponse response, int status, ObjectNode json)
      throws IOException {
    if (response.isCommitted()) {
      return;
    }
    response.resetBuffer();
    response.setStatus(status);
    response.setContentType("application/json");
    response.getOutputStream().write(json.toString().getBytes(UTF_8));
  }

  /** Ends all sessions. The tools stay open. */
  @Override
  public void destroy() {
    server.close();
  }
}
