package dev.connectorsdk.spring;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.audit.AuditSettings;
import dev.connectorsdk.http.AddressPolicy;
import dev.connectorsdk.http.HttpLimits;
import dev.connectorsdk.runtime.RuntimeBuilder;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.spring.ConnectorProperties.Client;
import dev.connectorsdk.spring.ConnectorProperties.Keys;
import dev.connectorsdk.spring.ConnectorProperties.Limits;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/** Turns what an application has set into settings of its runtime. */
final class RuntimeSettings {

  private final ConnectorProperties properties;

  RuntimeSettings(ConnectorProperties properties) {
    this.properties = properties;
  }

  void apply(RuntimeBuilder builder) {
    builder.limits(limits(properties.limits()));
    builder.largestDelivery(Math.toIntExact(properties.limits().largestDelivery().toBytes()));
    builder.addressPolicy(
        switch (properties.addresses()) {
          case PUBLIC_ONLY -> AddressPolicy.publicOnly();
          case ALL -> AddressPolicy.allowAll();
        });
    if (properties.audit().enabled()) {
      var kept = properties.audit().keptFor();
      builder.audit(kept == null ? AuditSettings.inStore() : AuditSettings.inStore().keptFor(kept));
    }
    URI publicUrl = publicUrl();
    if (publicUrl != null) {
      builder.hostOrigins(CrossSite.origin(publicUrl));
      builder.publicAddress(publicUrl + properties.web().hooks());
    }
    properties.clients().forEach(client -> register(client, builder));
  }

  /** Returns where the application is reached, without a slash at the end. */
  @Nullable URI publicUrl() {
    URI url = properties.publicUrl();
    return url == null ? null : URI.create(url.toString().replaceAll("/+$", ""));
  }

  private void register(Client client, RuntimeBuilder builder) {
    Secret secret = client.secret();
    ClientRegistration registration =
        (secret == null
                ? ClientRegistration.publicClient(client.id())
                : ClientRegistration.of(client.id(), secret))
            .sentTo(client.sentTo().toArray(String[]::new))
            .withWebhookSecrets(client.webhookSecrets().toArray(Secret[]::new));
    if (client.environments().isEmpty()) {
      builder.client(
          client.connector(), client.authOption(), redirecting(registration, client.connector()));
    }
    for (String environment : client.environments()) {
      builder.client(
          client.connector(),
          client.authOption(),
          redirecting(registration, environment + "/" + client.connector()),
          environment);
    }
  }

  private ClientRegistration redirecting(ClientRegistration client, String path) {
    URI publicUrl = publicUrl();
    return publicUrl == null
        ? client
        : client.redirectingTo(URI.create(publicUrl + properties.web().callback() + "/" + path));
  }

  private static HttpLimits limits(Limits set) {
    HttpLimits limits = HttpLimits.standard();
    limits = changed(limits, set.connectTimeout(), HttpLimits::withConnectTimeout);
    limits = changed(limits, set.readTimeout(), HttpLimits::withReadTimeout);
    limits = changed(limits, set.callTimeout(), HttpLimits::withCallTimeout);
    limits = changed(limits, set.maxAttempts(), HttpLimits::withMaxAttempts);
    return changed(
        limits, set.maxResponseSize(), (all, size) -> all.withMaxResponseBytes(size.toBytes()));
  }

  private static <T> HttpLimits changed(
      HttpLimits limits, @Nullable T value, BiFunction<HttpLimits, T, HttpLimits> change) {
    return value == null ? limits : change.apply(limits, value);
  }

  /**
   * Returns the keys that are set.
   *
   * @throws IllegalStateException if none are, or they are not whole
   */
  KeyRing keys() {
    Keys keys = properties.keys();
    Path file = keys.file();
    if (file != null) {
      if (keys.create()) {
        return KeyRing.loadOrCreate(file, newId());
      }
      if (Files.notExists(file)) {
        throw new InvalidConfigurationPropertyValueException(
            "connectors.keys.file",
            file,
            "There is no such file. Make it once with KeyRing.createFile, or set"
                + " connectors.keys.create=true (development), and keep a copy: without the"
                + " file nobody can read the stored secrets.");
      }
      return KeyRing.load(file);
    }
    String current = keys.current();
    Secret first = current == null ? null : keys.values().get(current);
    if (current == null || first == null) {
      throw new IllegalStateException(
          "Secrets need keys that outlive this process: set connectors.keys.file, or"
              + " connectors.keys.current to an id and connectors.keys.values.<id> to 32 random"
              + " bytes in Base64");
    }
    KeyRing ring = KeyRing.of(current, bytes(current, first));
    for (Map.Entry<String, Secret> retired : keys.values().entrySet()) {
      if (!retired.getKey().equals(current)) {
        ring = ring.withRetired(retired.getKey(), bytes(retired.getKey(), retired.getValue()));
      }
    }
    return ring;
  }

  /** If a file is lost and made anew, nobody takes its key for the former one. */
  private static String newId() {
    return "key-" + UUID.randomUUID().toString().substring(0, 8);
  }

  private static byte[] bytes(String id, Secret key) {
    try {
      return Base64.getDecoder().decode(key.reveal());
    } catch (IllegalArgumentException e) { // Its message shows what is in the key.
      throw new IllegalStateException("connectors.keys.values." + id + " is not Base64");
    }
  }
}
