package dev.connectorsdk.internal.consent;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.auth.ConsentStrategy.ConsentResult;
import dev.connectorsdk.api.error.ConsentException;
import dev.connectorsdk.api.event.ConnectorEvent.ConsentCompleted;
import dev.connectorsdk.api.event.ConnectorEvent.ConsentRefused;
import dev.connectorsdk.consent.CompletedConsent;
import dev.connectorsdk.internal.connection.Candidate;
import dev.connectorsdk.internal.connection.ConnectionModule;
import dev.connectorsdk.internal.connection.OpenConnection;
import dev.connectorsdk.internal.event.EventHub;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Ends sign-ins, however they were made: stores what they brought, and tells listeners. */
final class SignInEnd {

  private final ConnectionModule module;
  private final EventHub events;
  private final Clock clock;

  SignInEnd(ConnectionModule module, EventHub events, Clock clock) {
    this.module = module;
    this.events = events;
    this.clock = clock;
  }

  /**
   * What a sign-in was begun with.
   *
   * @param scopes what was asked for
   * @param otherAccountAllowed whether it may be of another account than the connection
   * @param returnTo where the user wants to be afterwards
   */
  record Wish(List<String> scopes, boolean otherAccountAllowed, @Nullable URI returnTo) {}

  /** Stores what a sign-in brought; see {@link ConnectionModule#signedIn}. */
  CompletedConsent completed(Caller caller, Candidate candidate, ConsentResult result, Wish wish) {
    Connection connection =
        module.signedIn(caller, candidate, result, wish.scopes(), wish.otherAccountAllowed());
    List<String> missing = new ArrayList<>(wish.scopes());
    missing.removeAll(connection.grantedScopes());
    // It gets a refresh token and no access, and Entra ID for one grants it without saying so.
    missing.remove("offline_access");
    if (!events.isQuiet()) {
      events.publish(
          new ConsentCompleted(
              clock.instant(),
              connection.id(),
              connection.connector(),
              connection.environment(),
              caller.principal(),
              connection.grantedScopes(),
              missing));
    }
    return new CompletedConsent(
        connection, missing, candidate.valuesToEnterAgain(), wish.returnTo());
  }

  /** Tells that a callback did not complete its sign-in. */
  void refused(Principal principal, PendingTicket ticket, ConsentException e) {
    if (events.isQuiet()) {
      return;
    }
    Optional<OpenConnection> connection = module.open().find(ticket.connection());
    connection.ifPresent(
        known ->
            events.publish(
                new ConsentRefused(
                    clock.instant(),
                    known.id(),
                    known.view().connector(),
                    known.view().environment(),
                    ticket.begunBy().principal(),
                    principal,
                    e.reason())));
  }
}
