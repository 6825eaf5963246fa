package dev.connectorsdk.consent;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.ConsentStrategy.ConsentStart;
import dev.connectorsdk.api.error.ConsentException;
import dev.connectorsdk.api.error.ConsentException.Reason;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.ConnectorStore.StoredTicket;
import dev.connectorsdk.api.spi.SecretCipher.Place;
import dev.connectorsdk.connection.ConnectionAuth;
import dev.connectorsdk.connection.ConnectionRoom;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.connection.Connections;
import dev.connectorsdk.connection.CredentialBox;
import dev.connectorsdk.connection.OpenConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Lets users sign in at a service: begin, send the browser to the link, complete. Safe for use by
 * several threads; what is pending is in the store, encrypted, so another process can complete it.
 *
 * <pre>{@code
 * PendingConsent pending = runtime.consents().begin(ada, spec, redirectUri, session.getId());
 * response.sendRedirect(pending.authorizationUrl().toString());
 * // ... and where the redirect URI leads:
 * Connection connection = runtime.consents().complete(ada, requestedUri, session.getId());
 * }</pre>
 *
 * <p>A sign-in can be completed once, within 10 minutes, by the caller and in the browser session
 * that began it (RFC 9700 section 4.7). Use one redirect URI for each connector, such as {@code
 * https://app.example.com/callback/tickets}: the callback must arrive at the very URI that was used
 * (RFC 9700 section 4.4).
 */
public final class Consents {

  private static final Duration LIFETIME = Duration.ofMinutes(10);
  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "[::1]", "localhost");

  private static final String CONNECTION = "connection";
  private static final String PRINCIPAL = "principal";
  private static final String ENVIRONMENT = "environment";
  private static final String SESSION = "session";
  private static final String REDIRECT_URI = "redirectUri";
  private static final String CONFIGURATION = "configuration";
  private static final String MEMO = "memo.";

  private final ConnectorStore store;
  private final ConnectionRoom room;
  private final Connections connections;
  private final CredentialBox box;
  private final Clock clock;
  private final RandomGenerator random;

  /** For the runtime, which hosts get this object from. */
  public Consents(
      ConnectorStore store,
      ConnectionRoom room,
      CredentialBox box,
      Clock clock,
      RandomGenerator random) {
    this.store = store;
    this.room = room;
    this.connections = room.connections();
    this.box = box;
    this.clock = clock;
    this.random = random;
  }

  /**
   * Makes a connection and begins the sign-in for it.
   *
   * @param redirectUri where the service sends the browser back to: https, or http on this machine
   * @param browserSession what identifies the user's browser session at the host, such as its
   *     session id; kept as a hash
   * @throws dev.connectorsdk.api.error.InvalidInputException if a parameter does not fit
   * @throws IllegalArgumentException if the auth option has no sign-in
   */
  public PendingConsent begin(
      Caller caller, ConnectionSpec spec, URI redirectUri, String browserSession) {
    requireRedirectUri(redirectUri, browserSession);
    room.requireSignIn(spec);
    Connection connection = connections.create(caller, spec);
    try {
      return begin(caller, connection.id(), redirectUri, browserSession);
    } catch (RuntimeException e) {
      connections.delete(caller, connection.id());
      throw e;
    }
  }

  /**
   * Begins a sign-in for a connection that exists, to fix it. Its credentials stay until the
   * sign-in is completed.
   *
   * @throws NotFoundException if the caller has no such connection
   * @throws IllegalArgumentException if its auth option has no sign-in
   */
  public PendingConsent begin(
      Caller caller, ConnectionId connection, URI redirectUri, String browserSession) {
    requireRedirectUri(redirectUri, browserSession);
    Connection own = connections.get(caller, connection);
    String state = newState();
    ConnectionAuth<?> auth = auth(connection);
    ConsentStart start = auth.beginConsent(redirectUri, state);
    Instant expiresAt = clock.instant().plus(LIFETIME);
    Map<String, Secret> content = new HashMap<>();
    content.put(CONNECTION, Secret.of(connection.value()));
    content.put(PRINCIPAL, Secret.of(caller.principal().toString()));
    content.put(ENVIRONMENT, Secret.of(caller.environment().name()));
    content.put(SESSION, Secret.of(hash(browserSession)));
    content.put(REDIRECT_URI, Secret.of(redirectUri.toString()));
    content.put(CONFIGURATION, Secret.of(hash(auth.configuration())));
    start.memo().forEach((name, value) -> content.put(MEMO + name, value));
    String id = hash(state);
    store.deleteExpiredTickets(clock.instant());
    store.insertTicket(new StoredTicket(id, box.encrypt(content, place(id)), expiresAt));
    return new PendingConsent(start.authorizationUrl(), connection, own.connector(), expiresAt);
  }

  /**
   * Completes a sign-in and returns the connection, tested if its connector has a test.
   *
   * @param callback the full URL that the browser was sent to, query included
   * @param browserSession the same as at the beginning
   * @throws ConsentException if the callback belongs to no pending sign-in of this caller and
   *     session, the connection was changed meanwhile, or the user or the service refused; nothing
   *     was stored
   * @throws dev.connectorsdk.api.error.AuthenticationException if the code could not be exchanged
   */
  public Connection complete(Caller caller, URI callback, String browserSession) {
    Map<String, List<String>> query = CallbackQuery.parse(callback);
    List<String> states = query.getOrDefault("state", List.of());
    if (states.size() != 1 || states.get(0).isEmpty()) {
      throw new ConsentException(Reason.MALFORMED, "The callback must carry one state");
    }
    Map<String, Secret> content = take(hash(states.get(0)));
    requireSame(content, caller, browserSession);
    URI redirectUri = URI.create(content.getOrDefault(REDIRECT_URI, Secret.of("")).reveal());
    if (!CallbackQuery.address(redirectUri).equals(CallbackQuery.address(callback))) {
      throw new ConsentException(
          Reason.MALFORMED, "The callback did not arrive at the redirect URI of its sign-in");
    }
    ConnectionId connection = ConnectionId.of(text(content, CONNECTION));
    connections.get(caller, connection);
    ConnectionAuth<?> auth = auth(connection);
    if (!text(content, CONFIGURATION).equals(hash(auth.configuration()))) {
      // The code is from the service that it was; it must not reach the one that it is now.
      throw new ConsentException(
          Reason.STATE_UNKNOWN, "The connection was changed since its sign-in began");
    }
    Map<String, Secret> memo = new HashMap<>();
    content.forEach(
        (name, value) -> {
          if (name.startsWith(MEMO)) {
            memo.put(name.substring(MEMO.length()), value);
          }
        });
    auth.completeConsent(redirectUri, memo, query);
    return room.signedIn(caller, connection);
  }

  private Map<String, Secret> take(String id) {
    StoredTicket ticket =
        store
            .takeTicket(id)
            .orElseThrow(
                () ->
                    new ConsentException(
                        Reason.STATE_UNKNOWN, "No sign-in is pending for this callback"));
    if (!clock.instant().isBefore(ticket.expiresAt())) {
      throw new ConsentException(Reason.STATE_UNKNOWN, "The sign-in took longer than allowed");
    }
    return box.decrypt(ticket.ciphertext(), place(id));
  }

  private static void requireSame(
      Map<String, Secret> content, Caller caller, String browserSession) {
    boolean same =
        text(content, PRINCIPAL).equals(caller.principal().toString())
            && text(content, ENVIRONMENT).equals(caller.environment().name())
            && MessageDigest.isEqual(
                text(content, SESSION).getBytes(StandardCharsets.UTF_8),
                hash(browserSession).getBytes(StandardCharsets.UTF_8));
    if (!same) {
      throw new ConsentException(
          Reason.SESSION_MISMATCH,
          "The sign-in was begun by somebody else or in another browser session");
    }
  }

  private static String text(Map<String, Secret> content, String name) {
    return content.getOrDefault(name, Secret.of("")).reveal();
  }

  private ConnectionAuth<?> auth(ConnectionId id) {
    room.open().refresh(id);
    OpenConnection connection =
        room.open()
            .find(id)
            .orElseThrow(() -> new NotFoundException("connection", id.value(), "Deleted."));
    return room.open().auth(connection);
  }

  private static void requireRedirectUri(URI redirectUri, String browserSession) {
    boolean local = "http".equals(redirectUri.getScheme()) && isLoopback(redirectUri);
    if (!(local || "https".equals(redirectUri.getScheme()))
        || redirectUri.getRawAuthority() == null
        || redirectUri.getRawUserInfo() != null
        || redirectUri.getRawFragment() != null) {
      throw new IllegalArgumentException(
          "A redirect URI is an https URL, or http on this machine, without user and fragment");
    }
    if (browserSession.isBlank()) {
      throw new IllegalArgumentException("The browser session must not be blank");
    }
  }

  private static boolean isLoopback(URI uri) {
    return uri.getHost() != null && LOOPBACK.contains(uri.getHost());
  }

  private String newState() {
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static Place place(String id) {
    return new Place(id, "consent", 1);
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("Every JVM has SHA-256", e);
    }
  }
}
