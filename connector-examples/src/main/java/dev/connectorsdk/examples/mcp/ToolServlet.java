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
 * not there. Requests for other hosts, and from pages of other sites, are refused, and so are more
 * at a time of one user than {@link Builder#exchangesOfOneAtMost} says: with the status 429.
 */
public final class ToolServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;
  private static final System.Logger LOG = System.getLogger(ToolServlet.class.getName());

  static final String SESSION = "mcp-session-id";

  private static final String WELL_KNOWN = "/.well-known/oauth-protected-resource";
  private static final String CALLER = ToolServlet.class.getName() + ".caller";
  private static final String BEARER = "bearer ";
  private static final int MOST_BYTES = 8 * 1024 * 1024;
  private static final int INVALID_REQUEST = -32600;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final String SECONDS_TO_RETRY = "5";

  private final transient AccessTokens tokens;
  private final transient URI address;
  private final transient List<String> origins;
  private final transient HttpServletStreamableServerTransportProvider transport;
  private final transient McpSyncServer server;
  private final transient Sessions sessions;
  private final transient Exchanges exchanges;
  private final transient Exchanges replies;

  private ToolServlet(Builder builder) {
    this.tokens = builder.tokens;
    this.address = builder.address;
    this.origins = builder.origins;
    this.sessions = new Sessions(builder.clock);
    this.exchanges = new Exchanges(builder.exchanges);
    this.replies = new Exchanges(builder.exchanges);
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
    this.server =
        ToolServer.over(transport, builder.tools, context -> (Principal) context.get(CALLER));
  }

  /**
   * Serves tools at an address.
   *
   * @param address the whole URL, as clients know it: its host is the only one that is served
   * @param origins as {@link Builder#origins} takes them
   * @throws IllegalArgumentException if the address is no URL with a host and a path
   */
  public static ToolServlet of(ToolSet tools, URI address, AccessTokens tokens, String... origins) {
    return builder(tools, address, tokens).origins(origins).build();
  }

  /**
   * Starts what serves tools at an address.
   *
   * @param address the whole URL, as clients know it: its host is the only one that is served
   * @throws IllegalArgumentException if the address is no URL with a host and a path
   */
  public static Builder builder(ToolSet tools, URI address, AccessTokens tokens) {
    if (address.getHost() == null || address.getPath() == null || address.getPath().length() < 2) {
      throw new IllegalArgumentException("Tools are served at a URL with a path, not " + address);
    }
    return new Builder(tools, address, tokens);
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
    if (!request.getMethod().equals("POST")) {
      serve(session, caller, request, response);
    } else if (exchanges.begin(caller)) {
      try {
        serve(session, caller, request, response);
      } finally {
        exchanges.end(caller);
      }
    } else if (session != null && replies.begin(caller)) {
      try {
        reply(session, caller, request, response);
      } finally {
        replies.end(caller);
      }
    } else {
      refuseMore(response);
    }
  }

  /** Serves a reply while all exchanges may wait for it. */
  private void reply(
      String session, Principal caller, HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    ReadRequest read = ReadRequest.of(request);
    if (read.isReply()) {
      serve(session, caller, read, response);
    } else {
      refuseMore(response);
    }
  }

  private static void refuseMore(HttpServletResponse response) throws IOException {
    response.setHeader("Retry-After", SECONDS_TO_RETRY);
    refuse(response, TOO_MANY_REQUESTS);
  }

  private void serve(
      @Nullable String session,
      Principal caller,
      HttpServletRequest request,
      HttpServletResponse response)
      throws ServletException, IOException {
    Set<String> forgotten = new LinkedHashSet<>();
    OwnErrors answer =
        new OwnErrors(response, begun -> forgotten.addAll(sessions.begin(begun, caller)));
    try {
      if (session == null) {
        transport.service(request, answer);
      } else {
        serve(session, request, answer);
      }
      if (answer.isRefusal()) {
        refuse(response, answer.getStatus());
      }
    } finally {
      forgotten.forEach(one -> end(one, request, response));
    }
  }

  /** Has the server keep nothing of a session, whatever becomes of the answer to this request. */
  private void end(String session, HttpServletRequest request, HttpServletResponse response) {
    try {
      transport.service(new SessionEnd(request, session), SessionEnd.unheard(response));
    } catch (ServletException | IOException | RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "A session did not end: {0}", e.getClass().getName());
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
    response.setHeader(
        "Access-Control-Expose-Headers", "Mcp-Session-Id, WWW-Authenticate, Retry-After");
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
      case TOO_MANY_REQUESTS ->
          "Too many of your requests are still being answered. Read the answers, and try again.";
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

  /** Collects how tools are served. Not safe for use by several threads. */
  public static final class Builder {

    private final ToolSet tools;
    private final URI address;
    private final AccessTokens tokens;
    private List<String> origins = List.of();
    private int exchanges = 16;
    private Clock clock = Clock.systemUTC();

    private Builder(ToolSet tools, URI address, AccessTokens tokens) {
      this.tools = Objects.requireNonNull(tools, "tools");
      this.address = address;
      this.tokens = Objects.requireNonNull(tokens, "tokens");
    }

    /**
     * Sets the origins of pages whose scripts may call besides those of the address itself, such as
     * {@code https://app.example}. By default there are none.
     */
    public Builder origins(String... origins) {
      this.origins = List.of(origins);
      return this;
    }

    /**
     * Sets how many requests of one user are served at a time, in all sessions; what comes besides
     * is refused, in a session once it is known to be no reply. Each has a thread of the container
     * until its client has read the answer, so a few users who do not read should not be able to
     * take all. As many replies to questions, of 64 KiB each, are served besides: otherwise calls
     * that all wait for one would keep it out. A stream on which a client listens, one for each
     * session, is none. The default is 16.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public Builder exchangesOfOneAtMost(int exchanges) {
      if (exchanges < 1) {
        throw new IllegalArgumentException("No request would be served, with " + exchanges);
      }
      this.exchanges = exchanges;
      return this;
    }

    Builder clock(Clock clock) {
      this.clock = clock;
      return this;
    }

    /** Returns the servlet. */
    public ToolServlet build() {
      return new ToolServlet(this);
    }
  }
}
