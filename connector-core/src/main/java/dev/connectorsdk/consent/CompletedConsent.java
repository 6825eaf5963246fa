package dev.connectorsdk.consent;

import dev.connectorsdk.api.Connection;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A sign-in that led to a connection.
 *
 * @param connection the connection, tested if its connector has a test: look at its status
 * @param missingScopes scopes that were asked for and not granted, such as one that the user
 *     declined; {@code offline_access} is never among them
 * @param returnTo where to send the user now, or {@code null} if {@link ConsentOptions#returnTo}
 *     was not set
 */
public record CompletedConsent(
    Connection connection, List<String> missingScopes, @Nullable URI returnTo) {

  public CompletedConsent {
    missingScopes = List.copyOf(missingScopes);
  }
}
