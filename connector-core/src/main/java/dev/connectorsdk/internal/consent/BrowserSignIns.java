package dev.connectorsdk.internal.consent;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.auth.ConsentStrategy.ConsentCallback;
import dev.connectorsdk.api.auth.ConsentStrategy.ConsentRequest;
import dev.connectorsdk.api.auth.ConsentStrategy.ConsentResult;
import dev.connectorsdk.api.auth.ConsentStrategy.ConsentStart;
import dev.connectorsdk.api.error.ConsentException;
import dev.connectorsdk.api.error.ConsentException.Reason;
import dev.connectorsdk.consent.CompletedConsent;
import dev.connectorsdk.consent.ConsentOptions;
import dev.connectorsdk.consent.PendingConsent;
import dev.connectorsdk.internal.connection.Candidate;
import dev.connectorsdk.internal.connection.ConnectionModule;
import dev.connectorsdk.internal.consent.SignInEnd.Wish;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sign-ins that send a browser to the service and wait for it to come back. */
final class BrowserSignIns {

  private final ConnectionModule module;
  private final PendingTickets tickets;
  private final SignInEnd end;

  BrowserSignIns(ConnectionModule module, PendingTickets tickets, SignInEnd end) {
    this.module = module;
    this.tickets = tickets;
    this.end = end;
  }

  /**
   * Where a browser comes back to, and by what it is known then.
   *
   * @param returnTo where the user wants to be afterwards
   */
  record Return(URI redirectUri, String browserSession, String state, @Nullable URI returnTo) {}

  PendingConsent begin(Caller caller, Connection own, Return back, ConsentOptions options) {
    Candidate candidate = module.candidate(caller, own.id());
    List<String> scopes =
        SignInScopes.of(
            own, candidate.declaredScopes(), module.scopesAskedBefore(own.id()), options);
    ConsentStart start = start(candidate, back, scopes, options);
    PendingTicket ticket =
        new PendingTicket(
            own.id(),
            caller,
            PendingTickets.hash(back.browserSession()),
            back.redirectUri(),
            PendingTickets.hash(candidate.configuration()),
            candidate.isPending(),
            new Wish(scopes, options.isOtherAccountAllowed(), back.returnTo()),
            start.memo());
    Instant expiresAt = tickets.put(back.state(), ticket);
    return new PendingConsent(start.authorizationUrl(), own.id(), own.connector(), expiresAt);
  }

  private static ConsentStart start(
      Candidate candidate, Return back, List<String> scopes, ConsentOptions options) {
    try {
      return candidate.begin(
          new ConsentRequest(
              back.redirectUri(),
              back.state(),
              scopes,
              options.requestParameters(),
              options.areNewEndpointsAccepted()));
    } catch (ConsentException e) {
      throw e.returningTo(back.returnTo());
    }
  }

  /**
   * Completes a sign-in.
   *
   * @param address where the callback arrived; a query in it does not count
   * @param query as it arrived
   */
  CompletedConsent complete(
      Principal principal, URI address, @Nullable String query, String browserSession) {
    Map<String, List<String>> parameters = CallbackQuery.parse(query);
    PendingTicket ticket = tickets.take(state(parameters));
    try {
      requireSame(ticket, principal, browserSession);
    } catch (ConsentException e) {
      // Who sent the callback gets to know nothing of the sign-in, not even where it was to end.
      end.refused(principal, ticket, e);
      throw e;
    }
    try {
      return complete(address, parameters, ticket);
    } catch (ConsentException e) {
      end.refused(principal, ticket, e);
      throw e.returningTo(ticket.wish().returnTo());
    }
  }

  private static String state(Map<String, List<String>> parameters) {
    List<String> states = parameters.getOrDefault("state", List.of());
    if (states.size() != 1 || states.get(0).isEmpty()) {
      throw new ConsentException(Reason.MALFORMED, "The callback must carry one state");
    }
    return states.get(0);
  }

  private CompletedConsent complete(
      URI callback, Map<String, List<String>> query, PendingTicket ticket) {
    URI redirectUri = ticket.redirectUri();
    if (!CallbackQuery.isSameAddress(redirectUri, callback)) {
      throw new ConsentException(
          Reason.CONTEXT_MISMATCH,
          "The callback did not arrive at the redirect URI of its sign-in");
    }
    Candidate candidate = module.candidate(ticket.begunBy(), ticket.connection());
    if (!ticket.configuration().equals(PendingTickets.hash(candidate.configuration()))) {
      // The code is from the service that it was; it must not reach the one that it is now.
      throw new ConsentException(
          Reason.STATE_UNKNOWN, "The connection was changed since its sign-in began");
    }
    if (ticket.isFirst() && candidate.isConnected()) {
      // Begun in two tabs: the second may be of another account, for another connection.
      throw new ConsentException(
          Reason.STATE_UNKNOWN, "Another sign-in for the same new connection was completed before");
    }
    ConsentResult result =
        candidate.complete(new ConsentCallback(redirectUri, ticket.memo(), query));
    return end.completed(ticket.begunBy(), candidate, result, ticket.wish());
  }

  private static void requireSame(
      PendingTicket ticket, Principal principal, String browserSession) {
    boolean same =
        ticket.begunBy().principal().equals(principal)
            && MessageDigest.isEqual(
                ticket.session().getBytes(StandardCharsets.UTF_8),
                PendingTickets.hash(browserSession).getBytes(StandardCharsets.UTF_8));
    if (!same) {
      throw new ConsentException(
          Reason.SESSION_MISMATCH,
          "The sign-in was begun by somebody else or in another browser session");
    }
  }
}
