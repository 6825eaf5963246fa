package dev.connectorsdk.examples.cli;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.consent.ConsentOptions;
import dev.connectorsdk.examples.mcp.SignInLinks;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Links for the person at this machine: to sign in again with a stored connection, one at a time
 * for each, with a port of this machine to come back to.
 */
final class TerminalLinks implements SignInLinks {

  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final int SECONDS_FOR_A_LINK = 5;

  private final ConnectorRuntime runtime;
  private final Map<ConnectionId, CompletableFuture<URI>> pending = new ConcurrentHashMap<>();

  TerminalLinks(ConnectorRuntime runtime) {
    this.runtime = runtime;
  }

  @Override
  public Optional<URI> link(
      Caller caller, ConnectorId connector, @Nullable ConnectionId connection) {
    if (connection == null) {
      return Optional.empty();
    }
    try {
      CompletableFuture<URI> link = pending.computeIfAbsent(connection, id -> begin(Home.me(), id));
      return Optional.of(link.orTimeout(SECONDS_FOR_A_LINK, TimeUnit.SECONDS).join());
    } catch (CompletionException e) {
      pending.remove(connection);
      return Optional.empty(); // it has no sign-in
    }
  }

  @Override
  public Optional<String> advice(ConnectorId connector) {
    return Optional.of("In a terminal: connectors connect DIR, with the folder of " + connector);
  }

  private CompletableFuture<URI> begin(Caller me, ConnectionId connection) {
    CompletableFuture<URI> link = new CompletableFuture<>();
    Thread waiting =
        new Thread(
            () -> {
              try {
                runtime
                    .consents()
                    .signInHere(
                        me, connection, ConsentOptions.standard(), PATIENCE, link::complete);
              } catch (RuntimeException | InterruptedException e) {
                link.completeExceptionally(e);
              } finally {
                pending.remove(connection);
              }
            },
            "connectors-sign-in");
    waiting.setDaemon(true);
    waiting.start();
    return link;
  }
}
