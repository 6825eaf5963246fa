package dev.connectorsdk.spring;

import dev.connectorsdk.api.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What an application sets of its runtime, below {@code connectors}.
 *
 * @param environment of callers for whom no {@link CallerResolver} says another one
 * @param publicUrl where browsers and services reach the application, such as {@code
 *     https://app.example.com}; without it there are neither sign-ins nor webhooks
 * @param addresses where hosts may be that users choose
 * @param keys with which secrets are encrypted
 * @param store where the tables are
 * @param limits on calls
 * @param clients OAuth clients of the application
 * @param web the paths of sign-ins and webhooks
 * @param audit what is recorded
 */
@ConfigurationProperties("connectors")
public record ConnectorProperties(
    @DefaultValue("prod") String environment,
    @Nullable URI publicUrl,
    @DefaultValue("PUBLIC_ONLY") Addresses addresses,
    @DefaultValue Keys keys,
    @DefaultValue Store store,
    @DefaultValue Limits limits,
    @DefaultValue List<Client> clients,
    @DefaultValue Web web,
    @DefaultValue Audit audit) {

  /** Where hosts may be that users choose. */
  public enum Addresses {
    /** On the public network alone. */
    PUBLIC_ONLY,
    /** Anywhere, this machine included: for development. */
    ALL
  }

  /**
   * Keys for secrets at rest: those of a file, or those that are given.
   *
   * @param file as {@link dev.connectorsdk.secret.KeyRing#load} reads it
   * @param create whether the file is made, with a new key, if there is none
   * @param current the id of the key that new secrets are encrypted with
   * @param values keys of 32 bytes in Base64, by id
   */
  public record Keys(
      @Nullable Path file,
      @DefaultValue("false") boolean create,
      @Nullable String current,
      @DefaultValue Map<String, Secret> values) {}

  /**
   * Where the tables are.
   *
   * @param mode whether they are made, or only checked
   * @param schema in which they are; without one that of the application's connections
   * @param tablePrefix what their names begin with
   */
  public record Store(
      @DefaultValue("CREATE") Mode mode,
      @Nullable String schema,
      @DefaultValue("connector_") String tablePrefix) {}

  /** What happens to the tables when the application starts. */
  public enum Mode {
    /** They are made and upgraded, after the application's own migrations. */
    CREATE,
    /** They are checked: the application's own migrations make them. */
    CHECK
  }

  /**
   * Limits on calls; what is left out is as in {@link dev.connectorsdk.http.HttpLimits#standard}.
   *
   * @param connectTimeout for a connection to a service
   * @param readTimeout between two bytes
   * @param callTimeout for a call as a whole
   * @param maxResponseSize of answers that are held in memory
   * @param maxAttempts of a request
   * @param largestDelivery at a webhook
   */
  public record Limits(
      @Nullable Duration connectTimeout,
      @Nullable Duration readTimeout,
      @Nullable Duration callTimeout,
      @Nullable DataSize maxResponseSize,
      @Nullable Integer maxAttempts,
      @DefaultValue("1MB") DataSize largestDelivery) {}

  /**
   * An OAuth client that the application has at a provider. It redirects to the application's
   * public URL, the path of callbacks, and the connector.
   *
   * @param connector its id
   * @param authOption the id of the connector's way to authenticate
   * @param environments of a custom connector; empty for a public one
   * @param id the public id
   * @param secret {@code null} for a public client
   * @param sentTo the only origins that may get the secret; empty for those that the connector's
   *     author fixed
   * @param webhookSecrets with which the service signs deliveries for the application
   */
  public record Client(
      String connector,
      @DefaultValue("oauth2") String authOption,
      @DefaultValue List<String> environments,
      String id,
      @Nullable Secret secret,
      @DefaultValue List<String> sentTo,
      @DefaultValue List<Secret> webhookSecrets) {}

  /**
   * The paths of sign-ins and webhooks, below the application's context path.
   *
   * @param signIn where a form begins a sign-in, followed by the connector
   * @param callback where providers send browsers back to, followed by the connector
   * @param afterSignIn where browsers go then, unless the form has said
   * @param hooks where services call
   * @param problems whether controllers answer a call that failed with a problem of RFC 9457
   */
  public record Web(
      @DefaultValue("/connect") String signIn,
      @DefaultValue("/callback") String callback,
      @DefaultValue("/") String afterSignIn,
      @DefaultValue("/hooks") String hooks,
      @DefaultValue("true") boolean problems) {}

  /**
   * What is recorded.
   *
   * @param enabled whether anything is
   * @param keptFor how long; without it for ever
   */
  public record Audit(@DefaultValue("true") boolean enabled, @Nullable Duration keptFor) {}
}
