package dev.connectorsdk.testkit;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.consent.ConsentOptions;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.runtime.RuntimeBuilder;
import java.net.URI;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** Makes the connection of a test; a user who has to sign in agrees at once. */
final class FirstSignIn {

  private static final String CALLBACKS = "https://host.test/callback/";
  private static final String SESSION = "browser";

  private final AuthOption option;
  private final ConnectionSpec spec;
  private final Secret clientSecret = Secret.of("client-" + UUID.randomUUID());

  FirstSignIn(AuthOption option, ConnectionSpec spec) {
    this.option = option;
    this.spec = spec;
  }

  /**
   * Returns an auth option of a connector.
   *
   * @param id {@code null} for the first one
   * @throws IllegalStateException if there is no such option
   */
  static AuthOption option(Connector connector, @Nullable String id) {
    if (id == null) {
      return connector.authOptions().get(0);
    }
    return connector
        .authOption(id)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "The connector '"
                        + connector.id()
                        + "' has no auth option '"
                        + id
                        + "', but "
                        + connector.authOptions().stream().map(AuthOption::id).toList()));
  }

  /** Registers the application for which a user signs in, unless the connection brings it. */
  void register(RuntimeBuilder builder) {
    if (option.scheme() instanceof OAuth2Scheme scheme
        && !scheme.isClientFromConnection()
        && !scheme.isClientless()
        && scheme.registrationUrl() == null) {
      ClientRegistration application =
          ClientRegistration.of("test-application", clientSecret).sentTo(origin(scheme.tokenUrl()));
      builder.client(spec.connector().value(), option.id(), application);
    }
  }

  /** Returns what the connection is made of. */
  ConnectionSpec spec() {
    return spec;
  }

  /** Returns the secret of the application for which a user signs in. */
  String clientSecret() {
    return clientSecret.reveal();
  }

  private String origin(String template) {
    String url = template;
    for (Map.Entry<String, Object> value : spec.values().entrySet()) {
      url = url.replace("{" + value.getKey() + "}", value.getValue().toString());
    }
    return HttpUrl.get(url).newBuilder().encodedPath("/").query(null).build().toString();
  }

  Connection connect(ConnectorRuntime runtime, Caller caller) {
    if (option.scheme() instanceof OAuth2Scheme scheme
        && scheme.grant() == OAuth2Scheme.Grant.AUTHORIZATION_CODE) {
      URI callback = URI.create(CALLBACKS + spec.connector());
      ConsentOptions options = ConsentOptions.standard().redirectUri(callback);
      URI link = runtime.consents().begin(caller, spec, SESSION, options).authorizationUrl();
      URI answer = URI.create(callback + "?code=" + UUID.randomUUID() + "&state=" + state(link));
      return runtime.consents().complete(caller.principal(), answer, SESSION).connection();
    }
    return runtime.connections().create(caller, spec);
  }

  private static String state(URI link) {
    return Arrays.stream(link.getRawQuery().split("&", -1))
        .filter(pair -> pair.startsWith("state="))
        .map(pair -> pair.substring("state=".length()))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("The sign-in of the connector has no state"));
  }
}
