package dev.connectorsdk.internal.reference;

import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.Effect;
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
    OpenConnection found, List<Candidate> trail, BiFunction<String, Effect, OkHttpClient> clients)
    implements Resolution {

  private static final int LONGEST_NAME = 200;

  @Override
  public Connection connection() {
    return found.view();
  }

  @Override
  public URI baseUrl() {
    return found.endpoint().baseUri();
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
