package dev.connectorsdk.internal.consent;

import dev.connectorsdk.api.Connection;
import dev.connectorsdk.consent.ConsentOptions;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Which scopes a sign-in asks for. */
final class SignInScopes {

  private SignInScopes() {}

  /**
   * Returns the scopes to ask for: incremental consent keeps what was granted, and a repair what
   * was asked for.
   *
   * @param declared by the connector
   * @param before what the last sign-in asked for; empty if there was none
   */
  static List<String> of(
      Connection connection, List<String> declared, List<String> before, ConsentOptions options) {
    Set<String> scopes = new LinkedHashSet<>();
    List<String> exactly = options.exactScopes();
    if (exactly != null) {
      scopes.addAll(exactly);
    } else {
      scopes.addAll(before.isEmpty() ? declared : before);
    }
    if (!options.additionalScopes().isEmpty()) {
      scopes.addAll(connection.grantedScopes());
      scopes.addAll(options.additionalScopes());
    }
    return scopes.stream()
        .flatMap(scope -> Arrays.stream(scope.strip().split(" +")))
        .filter(scope -> !scope.isEmpty())
        .distinct()
        .toList();
  }
}
