package dev.connectorsdk.internal.consent;

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
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.connection.Connections;
import dev.connectorsdk.consent.CompletedConsent;
import dev.connectorsdk.consent.ConsentOptions;
import dev.connectorsdk.consent.Consents;
import dev.connectorsdk.consent.PendingConsent;
import dev.connectorsdk.consent.PendingDeviceConsent;
import dev.connectorsdk.internal.connection.Candidate;
import dev.connectorsdk.internal.connection.ConnectionAuth;
import dev.connectorsdk.internal.connection.ConnectionRoom;
import dev.connectorsdk.internal.connection.CredentialBox;
import dev.connectorsdk.internal.connection.OpenConnection;
import dev.connectorsdk.internal.event.EventHub;
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

/** Sign-ins, of which what is pending is kept in the store, encrypted. */
public final class DefaultConsents implements Consents {

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

  public DefaultConsents(
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

  @Override
  public PendingConsent begin(
      Caller caller, ConnectionSpec spec, URI redirectUri, String browserSession) {
    return begin(caller, spec, redirectUri, browserSession, ConsentOptions.standard());
  }

  @Override
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

  @Override
  public PendingConsent begin(
      Caller caller, ConnectionId connection, URI redirectUri, String browserSession) {
    return begin(caller, connection, redirectUri, browserSession, ConsentOptions.standard());
  }

  @Override
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
        auth.beginConsent(
            new ConsentRequest(redirectUri, state, scopes, options.requestParameters()));
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

  @Override
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

  @Override
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

  @Override
  public PendingDeviceConsent beginDevice(Caller caller, ConnectionSpec spec) {
    return beginDevice(caller, spec, ConsentOptions.standard());
  }

  @Override
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

  @Override
  public PendingDeviceConsent beginDevice(
      Caller caller, ConnectionId connection, ConsentOptions options) {
    Connection own = connections.get(caller, connection);
    Candidate candidate = room.candidate(caller, connection);
    List<String> scopes = scopes(own, candidate.declaredScopes(), options);
    DeviceStart start = candidate.beginDevice(scopes);
    return new DeviceConsent(
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
    List<String> exactly = options.exactScopes();
    if (exactly != null) {
      scopes.addAll(exactly);
    } else {
      List<String> before = room.scopesAskedBefore(own.id());
      scopes.addAll(before.isEmpty() ? declared : before);
    }
    if (!options.additionalScopes().isEmpty()) {
      scopes.addAll(own.grantedScopes());
      scopes.addAll(options.additionalScopes());
    }
    return scopes.stream()
        .flatMap(scope -> Arrays.stream(scope.strip().split(" +")))
        .filter(scope -> !scope.isEmpty())
        .distinct()
        .toList();
  }

  @Override
  public CompletedConsent complete(Caller caller, URI callback, String browserSession) {
    return complete(caller, callback, callback.getRawQuery(), browserSession);
  }

  @Override
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
    if (!CallbackQuery.isSameAddress(redirectUri, callback)) {
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
