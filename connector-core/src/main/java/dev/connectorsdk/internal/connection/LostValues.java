package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.error.SecretUnreadableException;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What the owner of a connection entered and cannot be read any more. A sign-in brings tokens anew,
 * and the service tells anew what it told before. Other secrets it does not bring; and as nobody
 * vouches for the parameters that are stored in the clear, somebody else may have changed where
 * they lead.
 */
final class LostValues {

  private final Registry registry;
  private final ParameterJson parameterJson;

  LostValues(Registry registry, ParameterJson parameterJson) {
    this.registry = registry;
    this.parameterJson = parameterJson;
  }

  /** Returns a connection without what the service told of it. */
  StoredConnection asEntered(StoredConnection row) {
    Map<String, Object> plain = new LinkedHashMap<>(parameterJson.read(row.parameters()));
    plain.keySet().removeIf(registry.option(row)::isCaptured);
    return row.with(row.settings().withParameters(parameterJson.write(plain)));
  }

  /** Returns the secrets that a connection may have had, and works without. */
  List<String> optionalSecrets(StoredConnection row) {
    return secrets(row, parameter -> !parameter.isRequired());
  }

  private List<String> secrets(StoredConnection row, Predicate<ConnectionParameter> which) {
    return registry.option(row).parameters().stream()
        .filter(ConnectionParameter::isSecret)
        .filter(parameter -> parameter.isFor(row.settings().gateway() != null))
        .filter(which)
        .map(ConnectionParameter::name)
        .toList();
  }

  /**
   * Checks that a sign-in is all that a connection needs.
   *
   * @throws SecretUnreadableException naming what has to be entered again
   */
  void requireMadeUpForBySignIn(StoredConnection row) {
    Set<String> missing = new LinkedHashSet<>(secrets(row, ConnectionParameter::isRequired));
    RegisteredOption<?> option = registry.option(row);
    missing.addAll(option.addresses(parameterJson.read(row.parameters())).chosenByOwner());
    if (!missing.isEmpty()) {
      throw new SecretUnreadableException(
          "What its owner entered for connection '"
              + row.id()
              + "' cannot be read any more. Before somebody signs in, update the connection with its"
              + " parameters, among them "
              + missing);
    }
  }
}
