package dev.connectorsdk.consent;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.auth.ConsentStrategy.ConsentCallback;
import dev.connectorsdk.api.auth.ConsentStrategy.ConsentRequest;
import dev.connectorsdk.api.auth.ConsentStrategy.ConsentResult;
import dev.connectorsdk.api.auth.ConsentStrategy.ConsentStart;
import dev.connectorsdk.api.auth.ConsentStrategy.DeviceStart;
import dev.connectorsdk.api.error.ConsentException;
import dev.connectorsdk.api.error.ConsentException.Reason;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.event.ConnectorEvent.ConsentCompleted;
import dev.connectorsdk.api.event.ConnectorEvent.ConsentRefused;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.ConnectorStore.StoredTicket;
import dev.connectorsdk.api.spi.SecretCipher.Place;
import dev.connectorsdk.api.spi.Sleeper;
import dev.connectorsdk.connection.Candidate;
import dev.connectorsdk.connection.ConnectionAuth;
import dev.connectorsdk.connection.ConnectionRoom;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.connection.Connections;
import dev.connectorsdk.connection.CredentialBox;
import dev.connectorsdk.connection.OpenConnection;
import dev.connectorsdk.event.EventHub;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Lets users sign in at a service: begin, send the browser to the link, complete. Safe for use by
 * several threads; what is pending is in the store, encrypted, so another process can complete it.
 *
 * <pre>{@code
 * PendingConsent pending = runtime.consents().begin(ada, spec, redirectUri, session.getId());
 * response.sendRedirect(pending.authorizationUrl().toString());
 * // ... and where the redirect URI leads:
 * CompletedConsent done =
 *     runtime.consents().complete(ada, redirectUri, request.getQueryString(), session.getId());
 * }</pre>
 *
 * <p>A sign-in can be completed once, within 10 minutes, by the caller and in the browser session
 * that began it (RFC 9700 section 4.7). The path of the redirect URI names the connector, such as
 * {@code https://app.example.com/callback/tickets}, and the callback must arrive at the very URI
 * that was used (RFC 9700 section 4.4). The package says more.
 */
public final class Consents {

  private static final Duration LIFETIME = Duration.ofMinutes(10);

  private final ConnectorStore store;
  private final ConnectionRoom room;
  private final Connections connections;
  private final CredentialBox box;
  private final EventHub events;
  private final HostAddress host;
  private final Clock clock;
  private final Sleeper sleeper;
  private final RandomGenerator random;

  /** For the runtime, which hosts get this object from. */
  public Consents(
      ConnectorStore store,
      ConnectionRoom room,
      CredentialBox box,
      EventHub events,
      List<String> hostOrigins,
      Clock clock,
      Sleeper sleeper,
      RandomGenerator random) {
    this.store = store;
    this.room = room;
    this.connections = room.connections();
    this.box = box;
    this.events = events;
    this.host = new HostAddress(hostOrigins);
    this.clock = clock;
    this.sleeper = sleeper;
    this.random = random;
  }

  /** Makes a connection and begins the usual sign-in for it. */
  public PendingConsent begin(
      Caller caller, ConnectionSpec spec, URI redirectUri, String browserSession) {
    return begin(caller, spec, redirectUri, browserSession, ConsentOptions.standard());
  }

  /**
   * Makes a connection and begins the sign-in for it. The connection is there at once and stays
   * until somebody deletes it: unauthenticated, and used by no call, if nobody completes the
   * sign-in. Begin again for its id rather than for another connection.
   *
   * @param redirectUri where the service sends the browser back to: https, or http at 127.0.0.1 or
   *     [::1]; its path names the connector
   * @param browserSession what identifies the user's browser session at the host, such as its
   *     session id; kept as a hash
   * @throws dev.connectorsdk.api.error.InvalidInputException if a parameter or {@code returnTo}
   *     does not fit
   * @throws dev.connectorsdk.api.error.AuthenticationException if the service could not be asked to
   *     begin, or no client is registered
   * @throws IllegalArgumentException if the auth option has no sign-in, or the redirect URI is none
   */
  public PendingConsent begin(
      Caller caller,
      ConnectionSpec spec,
      URI redirectUri,
      String browserSession,
      ConsentOptions options) {
    host.requireRedirectUri(redirectUri, spec.connector());
    requireSession(browserSession);
    host.returnTo(options.returnTo(), redirectUri);
    room.requireSignIn(spec);
    Connection connection = connections.create(caller, spec);
    try {
      return begin(caller, connection.id(), redirectUri, browserSession, options);
    } catch (RuntimeException e) {
      connections.delete(caller, connection.id());
      throw e;
    }
  }

  /** Begins the usual sign-in for a connection that exists, to fix it. */
  public PendingConsent begin(
      Caller caller, ConnectionId connection, URI redirectUri, String browserSession) {
    return begin(caller, connection, redirectUri, browserSession, ConsentOptions.standard());
  }

  /**
   * Begins a sign-in for a connection that exists: to fix it, or to ask for more. Its credentials
   * stay and work until the sign-in is completed, as the same account unless the options say
   * otherwise.
   *
   * @throws NotFoundException if the caller has no such connection
   * @throws dev.connectorsdk.api.error.InvalidInputException if {@code returnTo} does not fit
   * @throws dev.connectorsdk.api.error.AuthenticationException as for a new connection
   * @throws IllegalArgumentException if its auth option has no sign-in, or the redirect URI is none
   */
  public PendingConsent begin(
      Caller caller,
      ConnectionId connection,
      URI redirectUri,
      String browserSession,
      ConsentOptions options) {
    requireSession(browserSession);
    return begin(caller, connection, redirectUri, browserSession, options, newState());
  }

  private PendingConsent begin(
      Caller caller,
      ConnectionId connection,
      URI redirectUri,
      String browserSession,
      ConsentOptions options,
      String state) {
    Connection own = connections.get(caller, connection);
    host.requireRedirectUri(redirectUri, own.connector());
    URI returnTo = host.returnTo(options.returnTo(), redirectUri);
    ConnectionAuth<?> auth = auth(connection);
    List<String> scopes = scopes(own, auth.declaredScopes(), options);
    ConsentStart start =
        auth.beginConsent(new ConsentRequest(redirectUri, state, scopes, options.parameters()));
    PendingTicket ticket =
        new PendingTicket(
            connection,
            caller.principal().toString(),
            caller.environment().name(),
            hash(browserSession),
            redirectUri,
            hash(auth.configuration()),
            scopes,
            returnTo,
            options.isOtherAccountAllowed(),
            start.memo());
    Instant expiresAt = clock.instant().plus(LIFETIME);
    String id = hash(state);
    store.deleteExpiredTickets(clock.instant());
    store.insertTicket(new StoredTicket(id, box.encrypt(ticket.values(), place(id)), expiresAt));
    return new PendingConsent(start.authorizationUrl(), connection, own.connector(), expiresAt);
  }

  /**
   * Makes a connection and has the user sign in with a browser on this very machine, as a command
   * line does it; RFC 8252 section 7.3. Opens a port of 127.0.0.1, to which the browser comes back:
   * {@code http://127.0.0.1:port/callback/connector}, with a port that is free.
   *
   * @param browser gets the link: opens it, or prints it for the user to open
   * @param timeout how long to wait for the user
   * @throws ConsentException if the user did not come back in time, and as {@link #complete} says;
   *     the connection is deleted again
   * @throws dev.connectorsdk.api.error.InvalidInputException if a parameter does not fit
   * @throws dev.connectorsdk.api.error.AuthenticationException as {@code begin} and {@code
   *     complete} say
   * @throws InterruptedException at once if the thread is interrupted
   */
  public CompletedConsent signInHere(
      Caller caller,
      ConnectionSpec spec,
      ConsentOptions options,
      Duration timeout,
      Consumer<URI> browser)
      throws InterruptedException {
    room.requireSignIn(spec);
    Connection connection = connections.create(caller, spec);
    boolean completed = false;
    try {
      CompletedConsent done = signInHere(caller, connection.id(), options, timeout, browser);
      completed = true;
      return done;
    } finally {
      if (!completed) {
        connections.delete(caller, connection.id());
      }
    }
  }

  /**
   * Has the user sign in with a browser on this machine for a connection that exists, to fix it or
   * to ask for more.
   */
  public CompletedConsent signInHere(
      Caller caller,
      ConnectionId connection,
      ConsentOptions options,
      Duration timeout,
      Consumer<URI> browser)
      throws InterruptedException {
    Connection own = connections.get(caller, connection);
    try (LoopbackCallback callback = new LoopbackCallback(own.connector())) {
      String session = newState();
      String state = newState();
      PendingConsent pending =
          begin(caller, connection, callback.redirectUri(), session, options, state);
      callback.expect(state);
      browser.accept(pending.authorizationUrl());
      URI arrived =
          callback
              .await(timeout)
              .orElseThrow(
                  () ->
                      new ConsentException(
                          Reason.NOT_IN_TIME, "Nobody came back from the sign-in in time"));
      CompletedConsent done = complete(caller, arrived, session);
      callback.ended(true);
      return done;
    }
  }

  /** Makes a connection and begins the usual sign-in on another device for it. */
  public PendingDeviceConsent beginDevice(Caller caller, ConnectionSpec spec) {
    return beginDevice(caller, spec, ConsentOptions.standard());
  }

  /**
   * Makes a connection and begins a sign-in for it on another device; RFC 8628. For programs
   * without a browser. Show the code and the address to the user, then wait; only this process can
   * wait for it.
   *
   * @throws dev.connectorsdk.api.error.InvalidInputException if a parameter does not fit
   * @throws dev.connectorsdk.api.error.AuthenticationException if the service could not be asked to
   *     begin, or no client is registered
   * @throws IllegalArgumentException if the auth option has no such sign-in
   */
  public PendingDeviceConsent beginDevice(
      Caller caller, ConnectionSpec spec, ConsentOptions options) {
    room.requireSignIn(spec);
    Connection connection = connections.create(caller, spec);
    try {
      return beginDevice(caller, connection.id(), options);
    } catch (RuntimeException e) {
      connections.delete(caller, connection.id());
      throw e;
    }
  }

  /** Begins a sign-in on another device for a connection that exists, to fix it. */
  public PendingDeviceConsent beginDevice(
      Caller caller, ConnectionId connection, ConsentOptions options) {
    Connection own = connections.get(caller, connection);
    Candidate candidate = room.candidate(caller, connection);
    List<String> scopes = scopes(own, candidate.declaredScopes(), options);
    DeviceStart start = candidate.beginDevice(scopes);
    return new PendingDeviceConsent(
        own,
        start,
        () -> candidate.pollDevice(start),
        result -> finish(caller, candidate, result, scopes, options.isOtherAccountAllowed(), null),
        clock,
        sleeper);
  }

  /** Incremental consent keeps what was granted, and a repair what was asked for. */
  private List<String> scopes(Connection own, List<String> declared, ConsentOptions options) {
    Set<String> scopes = new LinkedHashSet<>();
    List<String> exactly = options.scopes();
    if (exactly != null) {
      scopes.addAll(exactly);
    } else {
      List<String> before = room.scopesAskedBefore(own.id());
      scopes.addAll(before.isEmpty() ? declared : before);
    }
    if (!options.moreScopes().isEmpty()) {
      scopes.addAll(own.grantedScopes());
      scopes.addAll(options.moreScopes());
    }
    return scopes.stream()
        .flatMap(scope -> Arrays.stream(scope.strip().split(" +")))
        .filter(scope -> !scope.isEmpty())
        .distinct()
        .toList();
  }

  /**
   * Completes a sign-in and returns the connection, tested if its connector has a test.
   *
   * @param callback the full URL that the browser was sent to, query included
   * @param browserSession the same as at the beginning
   * @throws ConsentException if the callback belongs to no pending sign-in of this caller and
   *     session, the connection was changed meanwhile, the user or the service refused, or somebody
   *     signed in as another account; nothing was stored, and what the connection had still works
   * @throws dev.connectorsdk.api.error.AuthenticationException if the code could not be exchanged,
   *     and beginning again would not help
   * @throws NotFoundException if the connection was deleted meanwhile
   */
  public CompletedConsent complete(Caller caller, URI callback, String browserSession) {
    return complete(caller, callback, callback.getRawQuery(), browserSession);
  }

  /**
   * Completes a sign-in like {@link #complete(Caller, URI, String)}, with the query as it arrived.
   * Browsers send characters that no {@link URI} takes, whose exceptions quote the code.
   *
   * @param address where the callback arrived; a query in it does not count
   * @param query as a servlet's {@code getQueryString()} returns it, not decoded; {@code null} for
   *     none
   */
  public CompletedConsent complete(
      Caller caller, URI address, @Nullable String query, String browserSession) {
    Map<String, List<String>> parameters = CallbackQuery.parse(query);
    List<String> states = parameters.getOrDefault("state", List.of());
    if (states.size() != 1 || states.get(0).isEmpty()) {
      throw new ConsentException(Reason.MALFORMED, "The callback must carry one state");
    }
    PendingTicket ticket = take(hash(states.get(0)));
    try {
      requireSame(ticket, caller, browserSession);
    } catch (ConsentException e) {
      // Who sent the callback gets to know nothing of the sign-in, not even where it was to end.
      refused(caller, ticket, e);
      throw e;
    }
    try {
      return complete(caller, address, parameters, ticket);
    } catch (ConsentException e) {
      refused(caller, ticket, e);
      throw e.returningTo(ticket.returnTo());
    }
  }

  private CompletedConsent complete(
      Caller caller, URI callback, Map<String, List<String>> query, PendingTicket ticket) {
    URI redirectUri = ticket.redirectUri();
    if (!CallbackQuery.address(redirectUri).equals(CallbackQuery.address(callback))) {
      throw new ConsentException(
          Reason.CONTEXT_MISMATCH,
          "The callback did not arrive at the redirect URI of its sign-in");
    }
    Candidate candidate = room.candidate(caller, ticket.connection());
    if (!ticket.configuration().equals(hash(candidate.configuration()))) {
      // The code is from the service that it was; it must not reach the one that it is now.
      throw new ConsentException(
          Reason.STATE_UNKNOWN, "The connection was changed since its sign-in began");
    }
    ConsentResult result =
        candidate.complete(new ConsentCallback(redirectUri, ticket.memo(), query));
    return finish(
        caller,
        candidate,
        result,
        ticket.scopes(),
        ticket.otherAccountAllowed(),
        ticket.returnTo());
  }

  private CompletedConsent finish(
      Caller caller,
      Candidate candidate,
      ConsentResult result,
      List<String> asked,
      boolean otherAccountAllowed,
      @Nullable URI returnTo) {
    Connection connection = room.signedIn(caller, candidate, result, asked, otherAccountAllowed);
    List<String> missing = new ArrayList<>(asked);
    missing.removeAll(connection.grantedScopes());
    // It gets a refresh token and no access, and Entra ID for one grants it without saying so.
    missing.remove("offline_access");
    if (!events.isQuiet()) {
      events.publish(
          new ConsentCompleted(
              clock.instant(),
              connection.id(),
              connection.connector(),
              caller.principal(),
              connection.grantedScopes(),
              missing));
    }
    return new CompletedConsent(connection, missing, returnTo);
  }

  private PendingTicket take(String id) {
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
    return PendingTicket.read(box.decrypt(ticket.ciphertext(), place(id)));
  }

  private static void requireSame(PendingTicket ticket, Caller caller, String browserSession) {
    boolean same =
        ticket.isOf(caller)
            && MessageDigest.isEqual(
                ticket.session().getBytes(StandardCharsets.UTF_8),
                hash(browserSession).getBytes(StandardCharsets.UTF_8));
    if (!same) {
      throw new ConsentException(
          Reason.SESSION_MISMATCH,
          "The sign-in was begun by somebody else or in another browser session");
    }
  }

  private void refused(Caller caller, PendingTicket ticket, ConsentException e) {
    if (!events.isQuiet()) {
      room.open()
          .find(ticket.connection())
          .ifPresent(
              connection ->
                  events.publish(
                      new ConsentRefused(
                          clock.instant(),
                          ticket.connection(),
                          connection.view().connector(),
                          ticket.begunBy(),
                          caller.principal(),
                          e.reason())));
    }
  }

  private ConnectionAuth<?> auth(ConnectionId id) {
    room.open().refresh(id);
    OpenConnection connection =
        room.open()
            .find(id)
            .orElseThrow(() -> new NotFoundException("connection", id.value(), "Deleted."));
    return room.open().auth(connection);
  }

  private static void requireSession(String browserSession) {
    if (browserSession.isBlank()) {
      throw new IllegalArgumentException("The browser session must not be blank");
    }
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
