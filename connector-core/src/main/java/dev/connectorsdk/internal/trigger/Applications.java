package dev.connectorsdk.internal.trigger;

import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.Connector;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The applications of the host whose webhooks arrive at one URL for all accounts: those whose
 * client has secrets for them. Immutable.
 */
final class Applications {

  private final Registry registry;
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
      String environment = key.environment() == null ? "" : "\n" + key.environment();
      return Callbacks.hash(
          key.connector() + "\n" + key.authOption() + "\n" + account + environment);
    }
  }

  Applications(Registry registry, Callbacks callbacks) {
    this.registry = registry;
    this.byPath =
        registry.clients().entrySet().stream()
            .filter(entry -> !entry.getValue().webhookSecrets().isEmpty())
            .flatMap(entry -> app(registry, callbacks, entry.getKey(), entry.getValue()).stream())
            .collect(Collectors.toUnmodifiableMap(app -> path(app.key()), app -> app));
  }

  private static Optional<App> app(
      Registry registry, Callbacks callbacks, ClientKey key, ClientRegistration client) {
    Connector connector = registry.find(key).orElse(null);
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
    return webhooks(connector).filter(trigger -> trigger.application().isPresent()).toList();
  }

  private static Stream<WebhookTrigger<?, ?>> webhooks(Connector connector) {
    return connector.triggers().stream()
        .filter(WebhookTrigger.class::isInstance)
        .map(trigger -> (WebhookTrigger<?, ?>) trigger);
  }

  private static String path(ClientKey key) {
    String environment = key.environment() == null ? "" : "/" + key.environment();
    return "app/" + key.connector() + "/" + key.authOption() + environment;
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
                registry.find(key).stream()
                    .flatMap(Applications::webhooks)
                    .filter(one -> one.application().isPresent() || one.isSignedByApplication())
                    .forEach(one -> requireUsable(key, one.signature(), client.webhookSecrets())));
  }

  private static void requireUsable(ClientKey key, Signature signature, List<Secret> secrets) {
    for (Secret secret : secrets) {
      String problem = WebhookSignatures.problem(signature, secret).orElse(null);
      if (problem != null) {
        throw new IllegalArgumentException(
            "A webhook secret of the client for " + key + " cannot be used: " + problem);
      }
    }
  }

  /** Returns the application whose URL was called. */
  Optional<App> called(String path) {
    for (int at = path.indexOf("/app/"); at >= 0; at = path.indexOf("/app/", at + 1)) {
      App app = byPath.get(path.substring(at + 1));
      if (app != null) {
        return Optional.of(app);
      }
    }
    return Optional.empty();
  }

  /** Returns the application that a client is for, if the host has one. */
  Optional<App> of(ClientKey key) {
    return Optional.ofNullable(byPath.get(path(key)));
  }

  /** Returns the application of a connection, if the host has one. */
  Optional<App> of(Connection connection) {
    return of(
        registry.clientKey(
            connection.environment(), connection.connector(), connection.authOption()));
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
