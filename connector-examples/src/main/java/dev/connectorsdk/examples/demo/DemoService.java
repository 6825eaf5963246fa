package dev.connectorsdk.examples.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The other side of the demo: a help desk and a house with rooms, on this machine only, once for
 * each environment. It checks every credential, issues tokens that last an hour, and accepts each
 * refresh token once.
 */
final class DemoService implements AutoCloseable {

  static final String PASSWORD = "correct-horse-1";
  static final String API_KEY = "key-of-the-bot-2";
  static final String PERSONAL_TOKEN = "personal-token-3";
  static final String CLIENT_SECRET = "client-secret-4";
  static final String ROOMS_KEY = "key-of-the-house-5";
  static final long TOKEN_SECONDS = 3600;

  private record Token(String account, Instant until) {}

  private record Opened(String title, Instant at) {}

  private record Code(String account, String challenge) {}

  private final InstantSource clock;
  private final JsonMapper json = new JsonMapper();
  private final HttpServer server;
  private final Map<String, Token> tokens = new HashMap<>();
  private final Map<String, String> refreshTokens = new HashMap<>();
  private final Map<String, Code> codes = new HashMap<>();
  private final Map<String, String> sessions = new HashMap<>();
  private final Map<String, List<Opened>> opened = new HashMap<>();
  private final List<String> grants = new ArrayList<>();

  private DemoService(InstantSource clock, HttpServer server) {
    this.clock = clock;
    this.server = server;
  }

  static DemoService start(InstantSource clock) throws IOException {
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    DemoService service =
        new DemoService(clock, HttpServer.create(new InetSocketAddress(loopback, 0), 0));
    service.server.createContext("/", service::answer);
    service.server.start();
    return service;
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** Returns the address of the help desk in an environment. */
  String site(String environment) {
    return "http://127.0.0.1:" + port() + "/" + environment;
  }

  /** Returns the grants that led to a token so far, in order. */
  synchronized List<String> grants() {
    return List.copyOf(grants);
  }

  /** Returns every token and session that was given out. */
  synchronized List<String> issued() {
    List<String> all = new ArrayList<>(tokens.keySet());
    all.addAll(refreshTokens.keySet());
    all.addAll(sessions.keySet());
    return all;
  }

  /** Forgets all sessions, as a service does when it restarts. */
  synchronized void forgetSessions() {
    sessions.clear();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private synchronized void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String[] path = exchange.getRequestURI().getPath().substring(1).split("/", 2);
      String environment = path[0];
      switch (exchange.getRequestMethod() + " /" + path[1]) {
        case "GET /api/status" -> send(exchange, 200, Map.of("state", "all is well"));
        case "GET /api/me" -> me(exchange);
        case "GET /api/tickets" -> tickets(exchange, environment);
        case "POST /api/tickets" -> open(exchange, environment);
        case "GET /api/opened" -> opened(exchange, environment);
        case "POST /login" -> logIn(exchange);
        case "GET /oauth/authorize" -> authorize(exchange);
        case "POST /oauth/token" -> token(exchange);
        case "GET /free" -> rooms(exchange);
        default -> {
          if (path[1].endsWith("/bookings")) {
            book(exchange);
          } else {
            send(exchange, 404, Map.of("error", "no such place"));
          }
        }
      }
    }
  }

  private void me(HttpExchange exchange) throws IOException {
    String account = hasCredential(exchange) ? account(exchange) : "guest";
    if (account == null) {
      send(exchange, 401, Map.of("error", "who are you?"));
    } else {
      send(exchange, 200, Map.of("login", account, "name", account));
    }
  }

  private void tickets(HttpExchange exchange, String environment) throws IOException {
    if (account(exchange) == null) {
      send(exchange, 401, Map.of("error", "sign in first"));
      return;
    }
    String after = parameters(exchange.getRequestURI().getRawQuery()).get("after");
    List<Map<String, String>> all = new ArrayList<>();
    all.add(ticket("1", "Coffee machine is cold (" + environment + ")"));
    all.add(ticket("2", "No light on the stairs (" + environment + ")"));
    opened
        .getOrDefault(environment, List.of())
        .forEach(one -> all.add(ticket(String.valueOf(all.size() + 1), one.title())));
    int from = after == null ? 0 : Integer.parseInt(after);
    int to = Math.min(all.size(), from + 2);
    String next = to < all.size() ? String.valueOf(to) : "";
    send(exchange, 200, Map.of("tickets", all.subList(from, to), "next", next));
  }

  private static Map<String, String> ticket(String id, String title) {
    Map<String, String> ticket = new LinkedHashMap<>();
    ticket.put("id", id);
    ticket.put("title", title);
    ticket.put("status", "open");
    return ticket;
  }

  private void open(HttpExchange exchange, String environment) throws IOException {
    String account = account(exchange);
    if (account == null) {
      send(exchange, 401, Map.of("error", "sign in first"));
      return;
    }
    String title = json.readTree(body(exchange)).path("title").asString();
    Opened ticket = new Opened(title + " (by " + account + ")", clock.instant());
    List<Opened> tickets = opened.computeIfAbsent(environment, e -> new ArrayList<>());
    tickets.add(ticket);
    send(exchange, 201, ticket(String.valueOf(tickets.size() + 2), ticket.title()));
  }

  /** The newest first. */
  private void opened(HttpExchange exchange, String environment) throws IOException {
    if (account(exchange) == null) {
      send(exchange, 401, Map.of("error", "sign in first"));
      return;
    }
    List<Map<String, String>> tickets = new ArrayList<>();
    for (Opened ticket : opened.getOrDefault(environment, List.of())) {
      Map<String, String> shown = ticket(String.valueOf(tickets.size() + 3), ticket.title());
      shown.put("openedAt", ticket.at().toString());
      tickets.add(0, shown);
    }
    send(exchange, 200, Map.of("tickets", tickets));
  }

  private void rooms(HttpExchange exchange) throws IOException {
    if (!ROOMS_KEY.equals(header(exchange, "X-Rooms-Key"))) {
      send(exchange, 401, Map.of("error", "which key is that?"));
      return;
    }
    String floor = parameters(exchange.getRequestURI().getRawQuery()).getOrDefault("floor", "0");
    send(exchange, 200, List.of(Map.of("name", "Ada Lovelace, floor " + floor, "seats", 6)));
  }

  private void book(HttpExchange exchange) throws IOException {
    boolean known = ROOMS_KEY.equals(header(exchange, "X-Rooms-Key"));
    send(exchange, known ? 201 : 401, Map.of(known ? "booked" : "error", known ? "yes" : "no key"));
  }

  private void logIn(HttpExchange exchange) throws IOException {
    Map<String, String> form = parameters(body(exchange));
    if (!PASSWORD.equals(form.get("password"))) {
      send(exchange, 401, Map.of("error", "wrong password"));
      return;
    }
    String session = "session-" + UUID.randomUUID();
    sessions.put(session, form.getOrDefault("username", ""));
    send(exchange, 200, Map.of("session", session));
  }

  /** Behaves as if the user had signed in and agreed: redirects at once. */
  private void authorize(HttpExchange exchange) throws IOException {
    Map<String, String> query = parameters(exchange.getRequestURI().getRawQuery());
    String code = UUID.randomUUID().toString();
    codes.put(code, new Code("ben", query.getOrDefault("code_challenge", "")));
    exchange
        .getResponseHeaders()
        .set(
            "Location",
            query.get("redirect_uri") + "?code=" + code + "&state=" + query.get("state"));
    exchange.sendResponseHeaders(302, -1);
  }

  private void token(HttpExchange exchange) throws IOException {
    Map<String, String> form = parameters(body(exchange));
    String grant = form.getOrDefault("grant_type", "");
    String account = null;
    if (isClient(exchange)) {
      account =
          switch (grant) {
            case "client_credentials" -> "app";
            case "authorization_code" -> accountOf(codes.remove(form.get("code")), form);
            case "refresh_token" -> refreshTokens.remove(form.get("refresh_token"));
            default -> null;
          };
    }
    if (account == null) {
      send(exchange, 400, Map.of("error", "invalid_grant"));
      return;
    }
    grants.add(grant);
    Map<String, Object> answer = new LinkedHashMap<>();
    String token = "access-" + UUID.randomUUID();
    tokens.put(token, new Token(account, clock.instant().plusSeconds(TOKEN_SECONDS)));
    answer.put("access_token", token);
    answer.put("token_type", "Bearer");
    answer.put("expires_in", TOKEN_SECONDS);
    if (!grant.equals("client_credentials")) {
      String refresh = "refresh-" + UUID.randomUUID();
      refreshTokens.put(refresh, account);
      answer.put("refresh_token", refresh);
    }
    send(exchange, 200, answer);
  }

  private static boolean isClient(HttpExchange exchange) {
    String basic = header(exchange, "Authorization");
    return basic.startsWith("Basic ") && decoded(basic).endsWith(":" + CLIENT_SECRET);
  }

  /** RFC 7636, section 4.6. */
  private static @Nullable String accountOf(@Nullable Code code, Map<String, String> form) {
    String verifier = form.getOrDefault("code_verifier", "");
    return code != null && code.challenge().equals(sha256(verifier)) ? code.account() : null;
  }

  private static boolean hasCredential(HttpExchange exchange) {
    return List.of("Authorization", "X-Api-Key", "X-Session").stream()
        .anyMatch(name -> !header(exchange, name).isEmpty());
  }

  private @Nullable String account(HttpExchange exchange) {
    String authorization = header(exchange, "Authorization");
    if (header(exchange, "X-Api-Key").equals(API_KEY)) {
      return "helpdesk-bot";
    }
    if (authorization.startsWith("Basic ")) {
      String[] parts = decoded(authorization).split(":", 2);
      return parts[1].equals(PASSWORD) ? parts[0] : null;
    }
    if (authorization.equals("Bearer " + PERSONAL_TOKEN)) {
      return "ada";
    }
    if (authorization.startsWith("Bearer ")) {
      Token token = tokens.get(authorization.substring(7));
      return token != null && clock.instant().isBefore(token.until()) ? token.account() : null;
    }
    return sessions.get(header(exchange, "X-Session"));
  }

  private static String header(HttpExchange exchange, String name) {
    String value = exchange.getRequestHeaders().getFirst(name);
    return value == null ? "" : value;
  }

  private static String decoded(String basic) {
    byte[] bytes = Base64.getDecoder().decode(basic.substring("Basic ".length()));
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static String body(HttpExchange exchange) throws IOException {
    return new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
  }

  private static Map<String, String> parameters(@Nullable String encoded) {
    Map<String, String> parameters = new HashMap<>();
    for (String pair : encoded == null ? new String[0] : encoded.split("&")) {
      String[] parts = pair.split("=", 2);
      parameters.put(decode(parts[0]), parts.length == 2 ? decode(parts[1]) : "");
    }
    return parameters;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static String sha256(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("Every JVM has SHA-256", e);
    }
  }

  private void send(HttpExchange exchange, int status, Object body) throws IOException {
    byte[] bytes = json.writeValueAsBytes(body);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }
}
