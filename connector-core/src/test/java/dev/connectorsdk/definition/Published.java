package dev.connectorsdk.definition;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Choices;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.consent.ConsentOptions;
import dev.connectorsdk.consent.PendingConsent;
import dev.connectorsdk.http.AddressPolicy;
import dev.connectorsdk.invocation.CallOptions;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import okhttp3.HttpUrl;
import tools.jackson.databind.JsonNode;

/** A definition as it was published, in a runtime for which the world is an {@link Internet}. */
final class Published implements AutoCloseable {

  private static final Caller ADA = Principal.user("ada").in("dev");
  private static final URI CALLBACK = URI.create("https://app.example/callback/published");
  private static final ConnectionReference MINE = ConnectionReference.invoker("mine", "published");

  private final Connector connector;
  private final ConnectorRuntime runtime;
  private final List<Duration> pauses = new ArrayList<>();

  private Published(Connector connector, Internet internet) {
    this.connector = connector;
    ClientRegistration client = ClientRegistration.of("our-client", Secret.of("our-secret"));
    this.runtime =
        ConnectorRuntime.builder()
            .connector(connector)
            .client("published", option(), client)
            .httpClient(internet.client())
            .addressPolicy(AddressPolicy.allowAll())
            .sleeper(pauses::add)
            .build();
  }

  /** Loads a folder, or skips the test where the published definitions are not. */
  static Published load(String folder, LoadOptions options, Internet internet) {
    ConnectorId id = ConnectorId.of("published");
    return new Published(
        Definition.load(Corpus.folder().resolve(folder), id, options).connector(), internet);
  }

  static Published load(String folder, Internet internet) {
    return load(folder, LoadOptions.standard(), internet);
  }

  private String option() {
    return connector.authOptions().get(0).id();
  }

  /** Returns the connection to give values to. */
  ConnectionSpec spec() {
    return ConnectionSpec.of(connector.id(), option());
  }

  Connection connect(ConnectionSpec spec) {
    return runtime.connections().create(ADA, spec);
  }

  /** Begins a sign-in and returns the link that the user follows. */
  HttpUrl beginSignIn(ConnectionSpec spec) {
    PendingConsent pending =
        runtime
            .consents()
            .begin(ADA, spec, "session", ConsentOptions.standard().redirectUri(CALLBACK));
    return HttpUrl.get(pending.authorizationUrl());
  }

  /** Comes back from the service with a code. */
  Connection completeSignIn(HttpUrl link, String code) {
    String state = String.valueOf(link.queryParameter("state"));
    HttpUrl back =
        HttpUrl.get(CALLBACK)
            .newBuilder()
            .addQueryParameter("code", code)
            .addQueryParameter("state", state)
            .build();
    return runtime.consents().complete(ADA.principal(), back.uri(), "session").connection();
  }

  JsonNode call(String operation, Map<String, ?> input) {
    return call(operation, input, CallOptions.standard());
  }

  JsonNode call(String operation, Map<String, ?> input, CallOptions options) {
    return runtime.invoke(ADA, MINE, operation, input, options);
  }

  Choices choices(String operation, String path) {
    return runtime.forms().choices(ADA, MINE, operation, path, Map.of());
  }

  /** Returns the pauses between attempts so far. */
  List<Duration> pauses() {
    return pauses;
  }

  @Override
  public void close() {
    runtime.close();
  }
}
