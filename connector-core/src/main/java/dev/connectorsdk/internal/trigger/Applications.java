package dev.connectorsdk.internal.trigger;

import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.WebhookTrigger;
import dev.connectorsdk.api.WebhookTrigger.Application;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.webhook.Signature;
import dev.connectorsdk.auth.webhook.WebhookSignatures;
import dev.connectorsdk.internal.connection.Registry;
import dev.connectorsdk.internal.connection.Registry.ClientKey;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The applications of the host whose webhooks arrive at one URL for all accounts: those whose
 * client has secrets for them. Immutable.
 */
final class Applications {

  private final Map<String, App> byPath;

  /**
   * An application.
   *
   * @param url where its deliveries arrive
   * @param triggers whose they are, at least one; they {@linkplain #agree agree}
   */
  record App(
      ClientKey key,
      URI url,
      Application application,
      List<WebhookTrigger<?, ?>> triggers,
      ClientRegistration client) {

    /** Returns one of its triggers, or {@code null}. */
    @Nullable WebhookTrigger<?, ?> trigger(String id) {
      return triggers.stream().filter(one -> one.id().equals(id)).findFirst().orElse(null);
    }

    /** Returns the address of subscriptions of an account. */
    String address(String account) {
      return Callbacks.hash(key.connector() + "\n" + key.authOption() + "\n" + account);
    }
  }

  Applications(Registry registry, Callbacks callbacks) {
    this.byPath =
        registry.clients().entrySet().stream()
            .filter(entry -> !entry.getValue().webhookSecrets().isEmpty())
            .flatMap(entry -> app(registry, callbacks, entry.getKey(), entry.getValue()).stream())
            .collect(Collectors.toUnmodifiableMap(app -> path(app.key()), app -> app));
  }

  private static Optional<App> app(
      Registry registry, Callbacks callbacks, ClientKey key, ClientRegistration client) {
    Connector connector = registry.find(key.connector()).orElse(null);
    if (connector == null || !callbacks.isOpen()) {
      return Optional.empty();
    }
    List<WebhookTrigger<?, ?>> triggers = triggers(connector);
    return triggers.stream()
        .findFirst()
        .flatMap(WebhookTrigger::application)
        .map(application -> new App(key, callbacks.url(path(key)), application, triggers, client));
  }

  private static List<WebhookTrigger<?, ?>> triggers(Connector connector) {
    return connector.triggers().stream()
        .filter(WebhookTrigger.class::isInstance)
        .<WebhookTrigger<?, ?>>map(trigger -> (WebhookTrigger<?, ?>) trigger)
        .filter(trigger -> trigger.application().isPresent())
        .toList();
  }

  private static String path(ClientKey key) {
    return "app/" + key.connector() + "/" + key.authOption();
  }

  /**
   * Checks the secrets of webhooks.
   *
   * @throws IllegalArgumentException if one cannot be used with the signature of its application
   */
  static void requireUsableSecrets(Registry registry) {
    registry
        .clients()
        .forEach(
            (key, client) ->
                registry.find(key.connector()).stream()
                    .flatMap(connector -> triggers(connector).stream())
                    .flatMap(trigger -> trigger.application().stream())
                    .forEach(one -> requireUsable(key, one.signature(), client.webhookSecrets())));
  }

  private static void requireUsable(ClientKey key, Signature signature, List<Secret> secrets) {
    for (Secret secret : secrets) {
      String problem = WebhookSignatures.problem(signature, secret).orElse(null);
      if (problem != null) {
        throw new IllegalArgumentException(
            "A webhook secret of the client for connector '"
                + key.connector()
                + "' and auth option '"
                + key.authOption()
                + "' cannot be used: "
                + problem);
      }
    }
  }

  /** Returns the application whose URL was called. */
  Optional<App> called(String path) {
    int from = path.lastIndexOf("/app/");
    return from < 0 ? Optional.empty() : Optional.ofNullable(byPath.get(path.substring(from + 1)));
  }

  /** Returns the application of connections with an auth option, if the host has one. */
  Optional<App> of(ConnectorId connector, String authOption) {
    return Optional.ofNullable(byPath.get(path(new ClientKey(connector, authOption))));
  }

  /** What is the same for all that arrives at a URL, whichever trigger it is for. */
  private record Common(Application application, Set<String> contentTypes, int successStatus) {

    static Common of(WebhookTrigger<?, ?> trigger) {
      return new Common(
          trigger.application().orElseThrow(), trigger.contentTypes(), trigger.successStatus());
    }
  }

  /**
   * Returns whether all triggers of a connector that have an application have the same one, take
   * the same media types and answer with the same status.
   */
  static boolean agree(Connector connector) {
    return triggers(connector).stream().map(Common::of).distinct().count() <= 1;
  }
}
