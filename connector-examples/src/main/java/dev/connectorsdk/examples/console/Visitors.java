package dev.connectorsdk.examples.console;

import io.javalin.http.Context;
import java.util.Optional;

/**
 * What a host tells the console: who sent a request. Called by several threads, and more than once
 * a request.
 *
 * <pre>{@code
 * Visitors visitors =
 *     request ->
 *         Optional.ofNullable(request.<Login>sessionAttribute("login"))
 *             .map(login -> Visitor.of(login.user().in("prod"), login.name(), login.sessionId()));
 * }</pre>
 */
@FunctionalInterface
public interface Visitors {

  /**
   * Returns who is signed in at the host in the browser session of a request; empty if nobody is.
   *
   * @param request to be read only: the console answers it
   */
  Optional<Visitor> of(Context request);
}
