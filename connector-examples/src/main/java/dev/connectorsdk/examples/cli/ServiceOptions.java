package dev.connectorsdk.examples.cli;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.definition.LoadOptions;
import dev.connectorsdk.definition.Overlay;
import java.util.ArrayList;
import java.util.List;
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

  /** Returns what has all operations of a definition go to a URL, if there is one. */
  static LoadOptions at(@Nullable String baseUrl) {
    if (baseUrl == null) {
      return LoadOptions.standard();
    }
    if (!baseUrl.matches("https?://[^\\s?#]+")) {
      throw new UsageException("--base-url must be an http or https URL without query: " + baseUrl);
    }
    return LoadOptions.standard().overlay(Overlay.none().baseUrl(baseUrl.replaceFirst("/+$", "")));
  }

  /** Returns the OAuth client, or {@code null} if none was given. */
  @Nullable ClientRegistration client(Given given) {
    if (clientId == null) {
      if (clientSecret != null) {
        throw new UsageException("--client-secret needs --client-id");
      }
      return null;
    }
    if (clientSecret == null) {
      return ClientRegistration.publicClient(clientId);
    }
    Secret secret = given.value("--client-secret", clientSecret);
    return ClientRegistration.of(clientId, secret);
  }
}
