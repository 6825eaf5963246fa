package dev.connectorsdk.consent;

import dev.connectorsdk.api.Connection;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A sign-in that led to a connection.
 *
 * @param connection the connection, tested if its connector has a test: look at its status
 * @param missingScopes what was asked for and not granted, such as a box that the user unticked;
 *     {@code offline_access} is never among them
 * @param returnTo where the user wanted to be afterwards, or {@code null} if nothing was said
 */
public record CompletedConsent(
    Connection connection, List<String> missingScopes, @Nullable URI returnTo) {

  public CompletedConsent {
    missingScopes = List.copyOf(missingScopes);
  }
}
