package dev.connectorsdk.internal.consent;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.auth.ConsentStrategy.DeviceRequest;
import dev.connectorsdk.api.auth.ConsentStrategy.DeviceStart;
import dev.connectorsdk.api.spi.TicketStore;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.connection.Connections;
import dev.connectorsdk.consent.CompletedConsent;
import dev.connectorsdk.consent.ConsentOptions;
import dev.connectorsdk.consent.Consents;
import dev.connectorsdk.consent.PendingConsent;
import dev.connectorsdk.consent.PendingDeviceConsent;
import dev.connectorsdk.internal.connection.Candidate;
import dev.connectorsdk.internal.connection.ConnectionModule;
import dev.connectorsdk.internal.connection.CredentialBox;
import dev.connectorsdk.internal.connection.Registry;
import dev.connectorsdk.internal.connection.Registry.ClientKey;
import dev.connectorsdk.internal.connection.RuntimeServices;
import dev.connectorsdk.internal.consent.BrowserSignIns.Return;
import dev.connectorsdk.internal.consent.SignInEnd.Wish;
import dev.connectorsdk.internal.event.EventHub;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Sign-ins in the host's own pages, with a browser on this machine, and on another device. */
public final class DefaultConsents implements Consents {

  private final Registry registry;
  private final ConnectionModule module;
  private final Connections connections;
  private final HostAddress host;
  private final RedirectUris redirectUris;
  private final SignInEnd end;
  private final BrowserSignIns browserSignIns;
  private final RuntimeServices services;

  /**
   * For the runtime.
   *
   * @param redirectUris where services send browsers back to
   */
  public DefaultConsents(
      TicketStore tickets,
      Registry registry,
      ConnectionModule module,
      CredentialBox box,
      EventHub events,
      RedirectUris redirectUris,
      RuntimeServices services) {
    this.registry = registry;
    this.module = module;
    this.connections = module.connections();
    this.host = redirectUris.host();
    this.redirectUris = redirectUris;
    this.end = new SignInEnd(module, events, services.clock());
    this.browserSignIns =
        new BrowserSignIns(module, new PendingTickets(tickets, box, services.clock()), end);
    this.services = services;
  }

  /** What is done with a connection that was made for it. */
  private interface SignIn<T, E extends Exception> {
    T of(ConnectionId connection) throws E;
  }

  /** Makes a connection for a sign-in, and deletes it again if that fails. */
  private <T, E extends Exception> T onNew(Caller caller, ConnectionSpec spec, SignIn<T, E> signIn)
      throws E {
    module.requireSignIn(caller, spec);
    ConnectionId id = connections.create(caller, spec).id();
    boolean done = false;
    try {
      T result = signIn.of(id);
      done = true;
      return result;
    } finally {
      if (!done) {
        connections.delete(caller, id);
      }
    }
  }

  @Override
  public PendingConsent begin(Caller caller, ConnectionSpec spec, String browserSession) {
    return begin(caller, spec, browserSession, ConsentOptions.standard());
  }

  @Override
  public PendingConsent begin(
      Caller caller, ConnectionSpec spec, String browserSession, ConsentOptions options) {
    URI redirectUri =
        redirectUris.choose(
            registry.clientKey(caller.environment(), spec.connector(), spec.authOption()),
            options.redirectUri());
    requireSession(browserSession);
    host.returnTo(options.returnTo(), redirectUri);
    return onNew(caller, spec, id -> begin(caller, id, browserSession, options));
  }

  @Override
  public PendingConsent begin(Caller caller, ConnectionId connection, String browserSession) {
    return begin(caller, connection, browserSession, ConsentOptions.standard());
  }

  @Override
  public PendingConsent begin(
      Caller caller, ConnectionId connection, String browserSession, ConsentOptions options) {
    requireSession(browserSession);
    Connection own = module.toSignIn(caller, connection);
    URI redirectUri = redirectUris.choose(key(own), options.redirectUri());
    return begin(
        caller, own, RedirectUris.of(connection, redirectUri), browserSession, options, newState());
  }

  private PendingConsent begin(
      Caller caller,
      Connection own,
      URI redirectUri,
      String browserSession,
      ConsentOptions options,
      String state) {
    URI returnTo = host.returnTo(options.returnTo(), redirectUri);
    return browserSignIns.begin(
        caller, own, new Return(redirectUri, browserSession, state, returnTo), options);
  }

  @Override
  public CompletedConsent complete(Principal principal, URI callback, String browserSession) {
    return complete(principal, callback, callback.getRawQuery(), browserSession);
  }

  @Override
  public CompletedConsent complete(
      Principal principal, URI address, @Nullable String query, String browserSession) {
    return browserSignIns.complete(principal, address, query, browserSession);
  }

  @Override
  public CompletedConsent signInHere(
      Caller caller,
      ConnectionSpec spec,
      ConsentOptions options,
      Duration timeout,
      Consumer<URI> browser)
      throws InterruptedException {
    return onNew(caller, spec, id -> signInHere(caller, id, options, timeout, browser));
  }

  @Override
  public CompletedConsent signInHere(
      Caller caller,
      ConnectionId connection,
      ConsentOptions options,
      Duration timeout,
      Consumer<URI> browser)
      throws InterruptedException {
    Connection own = module.toSignIn(caller, connection);
    String site = module.candidate(caller, connection).chosenSite();
    try (LoopbackCallback callback = new LoopbackCallback(key(own), site)) {
      String session = newState();
      String state = newState();
      PendingConsent pending = begin(caller, own, callback.redirectUri(), session, options, state);
      callback.expect(state);
      browser.accept(pending.authorizationUrl());
      CompletedConsent done = complete(caller.principal(), callback.await(timeout), session);
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
    return onNew(caller, spec, id -> beginDevice(caller, id, options));
  }

  @Override
  public PendingDeviceConsent beginDevice(
      Caller caller, ConnectionId connection, ConsentOptions options) {
    Connection own = module.toSignIn(caller, connection);
    Candidate candidate = module.candidate(caller, connection);
    List<String> scopes =
        SignInScopes.of(
            own, candidate.declaredScopes(), module.scopesAskedBefore(connection), options);
    DeviceStart start =
        candidate.beginDevice(new DeviceRequest(scopes, options.areNewEndpointsAccepted()));
    Wish wish = new Wish(scopes, options.isOtherAccountAllowed(), null);
    return new DeviceConsent(
        own,
        start,
        () -> candidate.pollDevice(start),
        result -> end.completed(caller, candidate, result, wish),
        services.clock(),
        services.sleeper());
  }

  private ClientKey key(Connection own) {
    return registry.clientKey(own.environment(), own.connector(), own.authOption());
  }

  private static void requireSession(String browserSession) {
    if (browserSession.isBlank()) {
      throw new IllegalArgumentException("The browser session must not be blank");
    }
  }

  private String newState() {
    byte[] bytes = new byte[32];
    services.random().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
