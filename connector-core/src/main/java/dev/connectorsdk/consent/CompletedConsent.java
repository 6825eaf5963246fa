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
 * @param valuesToEnterAgain secret parameters whose values could not be read any more, such as
 *     after a key was lost: if the connection had them, its owner has to enter them again, with
 *     {@code Connections.update}. Empty unless the sign-in has repaired such a connection.
 * @param returnTo where to send the user now, or {@code null} if {@link ConsentOptions#returnTo}
 *     was not set
 */
public record CompletedConsent(
    Connection connection,
    List<String> missingScopes,
    List<String> valuesToEnterAgain,
    @Nullable URI returnTo) {

  public CompletedConsent {
    missingScopes = List.copyOf(missingScopes);
    valuesToEnterAgain = List.copyOf(valuesToEnterAgain);
  }
}
