package dev.connectorsdk.internal.reference;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.ResolutionException.Candidate;
import dev.connectorsdk.internal.connection.OpenConnection;
import dev.connectorsdk.reference.Resolution;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import okhttp3.OkHttpClient;

/**
 * A reference that was resolved.
 *
 * @param clients makes a client for calls of this name and effect
 */
record FoundConnection(
    Use use, List<Candidate> trail, BiFunction<String, Effect, OkHttpClient> clients)
    implements Resolution {

  private static final int LONGEST_NAME = 200;

  /** Who uses which connection by which reference. */
  record Use(Caller caller, ConnectionReference reference, OpenConnection found) {}

  @Override
  public Connection connection() {
    return use.found().view();
  }

  @Override
  public URI baseUrl() {
    try {
      return use.found().endpoint().baseUri();
    } catch (ConnectorException e) {
      throw ForeignFailures.told(e, use.caller(), use.reference(), use.found());
    }
  }

  @Override
  public <T> T unwrap(Class<T> type, String operation, Effect effect) {
    if (type != OkHttpClient.class) {
      throw new IllegalArgumentException(
          "The client of a connection is an okhttp3.OkHttpClient, not a " + type.getName());
    }
    if (operation.isBlank()
        || operation.length() > LONGEST_NAME
        || operation.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "An operation has 1 to " + LONGEST_NAME + " characters, without control characters");
    }
    return type.cast(clients.apply(operation, Objects.requireNonNull(effect, "effect")));
  }

  @Override
  public String toString() {
    return "Resolution" + trail;
  }
}
