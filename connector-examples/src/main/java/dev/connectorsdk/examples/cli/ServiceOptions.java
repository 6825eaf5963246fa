package dev.connectorsdk.examples.cli;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.ClientRegistration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say where a service is and how to authenticate there. */
final class ServiceOptions {

  @Option(
      names = "--connect",
      paramLabel = "NAME=VALUE",
      description =
          "A connection parameter. To keep a secret out of the shell's history write NAME=@FILE,"
              + " NAME=env:VARIABLE, or NAME alone to be asked without echo; NAME=text:VALUE if a"
              + " value looks like one of these.")
  private List<String> connect = new ArrayList<>();

  @Option(
      names = "--auth",
      paramLabel = "OPTION",
      description = "The auth option. The default is the first that the values fit.")
  private @Nullable String auth;

  @Option(
      names = "--base-url",
      paramLabel = "URL",
      description = "Where the service is, instead of what the definition says.")
  private @Nullable String baseUrl;

  @Option(
      names = "--client-id",
      paramLabel = "ID",
      description = "Your OAuth client at the service, for options with a sign-in.")
  private @Nullable String clientId;

  @Option(
      names = "--client-secret",
      paramLabel = "VALUE",
      description = "Its secret: @FILE, env:VARIABLE or the value.")
  private @Nullable String clientSecret;

  @Option(
      names = "--client-key",
      paramLabel = "VALUE",
      description =
          "The private key of a client that has one instead of a secret: @FILE or env:VARIABLE with"
              + " PEM (PKCS #8) or a private JWK. The overlay has to name the service's issuer.")
  private @Nullable String clientKey;

  @Option(
      names = "--client-key-id",
      paramLabel = "KID",
      description = "By which the service knows this key, if the JWK does not say.")
  private @Nullable String clientKeyId;

  List<String> connect() {
    return connect;
  }

  @Nullable String auth() {
    return auth;
  }

  @Nullable String baseUrl() {
    return baseUrl;
  }

  /** Returns whether anything is said about how to authenticate. */
  boolean saysHow() {
    return !connect.isEmpty() || auth != null;
  }

  /** Returns the OAuth client, or {@code null} if none was given. */
  @Nullable ClientRegistration client(Given given) {
    if (clientId == null) {
      if (clientSecret != null || clientKey != null || clientKeyId != null) {
        throw new UsageException("--client-secret and --client-key need --client-id");
      }
      return null;
    }
    if (clientSecret != null && (clientKey != null || clientKeyId != null)) {
      throw new UsageException("a client has a --client-secret or a --client-key, not both");
    }
    if (clientKey == null && clientKeyId != null) {
      throw new UsageException("--client-key-id needs --client-key");
    }
    if (clientKey != null) {
      Secret key = given.value("--client-key", clientKey);
      return ClientRegistration.withKey(clientId, key, clientKeyId);
    }
    if (clientSecret == null) {
      return ClientRegistration.publicClient(clientId);
    }
    Secret secret = given.value("--client-secret", clientSecret);
    return ClientRegistration.of(clientId, secret);
  }

  /** Returns what must not be shown of a client. */
  static List<Secret> secrets(@Nullable ClientRegistration client) {
    return client == null
        ? List.of()
        : Stream.of(client.clientSecret(), client.privateKey()).filter(Objects::nonNull).toList();
  }
}
