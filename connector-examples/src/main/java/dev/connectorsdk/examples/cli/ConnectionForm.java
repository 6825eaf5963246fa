package dev.connectorsdk.examples.cli;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.internal.Origin;
import dev.connectorsdk.api.internal.Placeholders;
import dev.connectorsdk.connection.ConnectionSpec;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What somebody gave for a connection, and the auth option that it is for. */
final class ConnectionForm {

  private static final Pattern SECRET_NAME =
      Pattern.compile(
          "(?i)token|pwd|.*(password|passwd|passphrase|secret|api[-_ ]?key|access[-_ ]?key"
              + "|access[-_ ]?token|auth[-_ ]?token|refresh[-_ ]?token|private[-_ ]?key).*");

  private final Connector connector;
  private final AuthOption option;
  private final Map<String, Secret> values;

  private ConnectionForm(Connector connector, AuthOption option, Map<String, Secret> values) {
    this.connector = connector;
    this.option = option;
    this.values = values;
  }

  /** Returns whether a value with this name is better not shown, whatever it is declared as. */
  static boolean soundsSecret(String name) {
    return SECRET_NAME.matcher(name).matches();
  }

  /**
   * Chooses the auth option that the values are for.
   *
   * @param canSignIn whether an option with a sign-in can be used
   * @throws UsageException if there is none
   */
  static ConnectionForm of(
      Connector connector, @Nullable String auth, Map<String, Secret> values, boolean canSignIn) {
    List<AuthOption> candidates =
        auth == null ? connector.authOptions() : List.of(option(connector, auth));
    List<AuthOption> fitting =
        candidates.stream()
            .filter(o -> values.keySet().stream().allMatch(n -> find(connector, o, n) != null))
            .toList();
    if (fitting.isEmpty()) {
      throw new UsageException(unknown(connector, candidates, values));
    }
    AuthOption chosen =
        fitting.stream()
            .filter(o -> canSignIn || !o.scheme().needsConsent())
            .filter(o -> new ConnectionForm(connector, o, values).missing().isEmpty())
            .findFirst()
            .orElse(fitting.get(0));
    return new ConnectionForm(connector, chosen, new LinkedHashMap<>(values));
  }

  private static AuthOption option(Connector connector, String id) {
    return connector
        .authOption(id)
        .or(
            () ->
                connector.authOptions().stream()
                    .filter(o -> o.id().equalsIgnoreCase(id))
                    .findFirst())
        .orElseThrow(
            () ->
                new UsageException(
                    "no auth option '"
                        + id
                        + "'; there are: "
                        + connector.authOptions().stream()
                            .map(AuthOption::id)
                            .collect(Collectors.joining(", "))));
  }

  private static @Nullable ConnectionParameter find(
      Connector connector, AuthOption option, String name) {
    return connector.parameters(option).stream()
        .filter(p -> p.isNamed(name))
        .findFirst()
        .orElse(null);
  }

  private static String unknown(
      Connector connector, List<AuthOption> candidates, Map<String, Secret> values) {
    String takes =
        candidates.stream()
            .map(
                o ->
                    o.id()
                        + " takes "
                        + connector.parameters(o).stream()
                            .map(ConnectionParameter::name)
                            .collect(Collectors.joining(", ", "(", ")")))
            .collect(Collectors.joining(", "));
    return "no auth option takes all of " + values.keySet() + ": " + takes;
  }

  AuthOption option() {
    return option;
  }

  /** Returns what a connection needs and nobody gave. */
  List<ConnectionParameter> missing() {
    return connector.parameters(option).stream()
        .filter(p -> p.isRequired() && p.defaultValue() == null && value(p.name()) == null)
        .toList();
  }

  private @Nullable Secret value(String name) {
    return values.entrySet().stream()
        .filter(v -> v.getKey().equalsIgnoreCase(name))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(null);
  }

  /** Asks the person for what is missing, if there is one. */
  void complete(Given given) {
    for (ConnectionParameter parameter : missing()) {
      Secret answer = given.ask(label(parameter), parameter.isSecret());
      if (answer != null && !answer.isEmpty()) {
        values.put(parameter.name(), answer);
      }
    }
    requireComplete();
  }

  private static String label(ConnectionParameter parameter) {
    String title = Terminal.oneLine(parameter.title());
    return title.equals(parameter.name()) ? title : title + " [" + parameter.name() + "]";
  }

  /** Gives what is missing and secret a value that stands for the real one. */
  void completeForShow() {
    for (ConnectionParameter parameter : missing()) {
      if (parameter.isSecret()) {
        values.put(parameter.name(), Secret.of("not-given-" + parameter.name()));
      }
    }
    requireComplete();
  }

  private void requireComplete() {
    List<ConnectionParameter> missing = missing();
    if (!missing.isEmpty()) {
      throw new UsageException(
          "auth option '"
              + option.id()
              + "' needs "
              + missing.stream()
                  .map(p -> "--connect " + p.name() + (p.isSecret() ? "=@FILE" : "=VALUE"))
                  .collect(Collectors.joining(" ")));
    }
  }

  ConnectionSpec spec() {
    ConnectionSpec spec = ConnectionSpec.of(connector.id(), option.id());
    for (Map.Entry<String, Secret> value : values.entrySet()) {
      ConnectionParameter parameter = find(connector, option, value.getKey());
      spec =
          parameter != null && parameter.isSecret()
              ? spec.secret(parameter.name(), value.getValue())
              : spec.with(
                  parameter == null ? value.getKey() : parameter.name(), value.getValue().reveal());
    }
    return spec;
  }

  /** Returns the values that must not be shown. */
  List<Secret> secrets() {
    List<Secret> secrets = new ArrayList<>();
    values.forEach(
        (name, value) -> {
          ConnectionParameter parameter = find(connector, option, name);
          if (parameter == null || parameter.isSecret() || soundsSecret(name)) {
            secrets.add(value);
          }
        });
    return secrets;
  }

  /**
   * Lets the client go to the endpoints that the person's own values lead to: here the person who
   * connects is the one who registered the client.
   */
  ClientRegistration sentToOwnEndpoints(ClientRegistration client) {
    List<String> origins = new ArrayList<>();
    for (String endpoint : option.scheme().endpoints()) {
      String address = Placeholders.fill(endpoint, this::text);
      // Otherwise it is no address yet: the service tells the rest of it.
      if (address != null) {
        origins.add(Origin.of(URI.create(address)).toString());
      }
    }
    boolean isFixed = option.scheme().endpoints().stream().noneMatch(e -> e.contains("{"));
    return isFixed ? client : client.sentTo(origins.toArray(String[]::new));
  }

  private @Nullable String text(String name) {
    Secret given = value(name);
    ConnectionParameter parameter = find(connector, option, name);
    Object standard = parameter == null ? null : parameter.defaultValue();
    return given != null ? given.reveal() : standard == null ? null : standard.toString();
  }
}
