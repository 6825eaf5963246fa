package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.temporaryRedirect;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Choices;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Form;
import dev.connectorsdk.api.FormSchema;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.error.PolicyException;
import dev.connectorsdk.api.file.FileInfo;
import dev.connectorsdk.api.file.FileSource;
import dev.connectorsdk.api.file.FileTarget;
import dev.connectorsdk.api.http.Paging;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.consent.ConsentOptions;
import dev.connectorsdk.definition.Definition;
import dev.connectorsdk.fixtures.LocalServer;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.DataPolicy.Group;
import dev.connectorsdk.invocation.CallOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** No way leads to a host that a data policy forbids, though the address policy allows all. */
@Tag("I3")
class ForbiddenHostTest extends HostTest {

  /** How a request may get there. A new one needs a row below, or the test does not compile. */
  enum WayOut {
    NAMED_CONNECTOR,
    CUSTOM_CONNECTOR_UNDER_ANOTHER_NAME,
    SITE_OF_THE_USER,
    REDIRECT,
    NEXT_LINK,
    IP_LITERAL,
    UPPER_CASE,
    DOWNLOAD,
    DOWNLOADED_FILE,
    REDIRECTED_FILE,
    UPLOADED_FILE,
    DYNAMIC_VALUES,
    DYNAMIC_SCHEMA,
    CONNECTION_TEST,
    TOKEN_REQUEST,
    METADATA_REQUEST,
    UNWRAPPED_CLIENT,
    UNWRAPPED_REDIRECT,
    DYNAMIC_HOST
  }

  record Target(String url) {}

  private static final Action<Target, Nothing> GET =
      Action.builder("get", Effect.READ, Target.class)
          .run((in, call) -> call.http().callEncoded("GET", in.url()).send());

  private static final Action<Target, Integer> DOWNLOAD =
      Action.builder("download", Effect.READ, Target.class, Integer.class)
          .run((in, call) -> call.http().callEncoded("GET", in.url()).send().bytes().length);

  private static final Action<Target, FileInfo> SAVE =
      Action.builder("save", Effect.READ, Target.class, FileInfo.class)
          .run((in, call) -> call.http().callEncoded("GET", in.url()).download(call.target()));

  private static final Action<Target, Nothing> UPLOAD =
      Action.builder("upload", Effect.IDEMPOTENT_WRITE, Target.class)
          .run(
              (in, call) ->
                  call.http()
                      .callEncoded("PUT", in.url())
                      .file(
                          FileSource.of(new ByteArrayInputStream(new byte[4]), FileSource.UNKNOWN))
                      .send());

  private static final Action<Nothing, Nothing> PAGES =
      Action.builder("pages", Effect.READ, Nothing.class)
          .run(
              (in, call) ->
                  call.http()
                      .get("/page")
                      .pages(Paging.nextLink("/next"), "/items", String.class)
                      .forEach(item -> {}));

  /** Asks for what is given. */
  private static final Form FORM =
      new Form() {
        @Override
        public Choices choices(
            String path, JsonNode inputs, Choices.@Nullable Choice parent, Calls calls) {
          calls.call("get", inputs);
          return Choices.none();
        }

        @Override
        public FormSchema input(JsonNode inputs, Calls calls) {
          calls.call("get", inputs);
          throw new UnsupportedOperationException();
        }

        @Override
        public FormSchema output(JsonNode inputs, Calls calls) {
          throw new UnsupportedOperationException();
        }
      };

  private static final Action<Target, Nothing> CHOSEN =
      Action.builder("chosen", Effect.READ, Target.class).form(FORM).run((in, call) -> {});

  private static final URI CALLBACK = URI.create("https://app.test/callback/issued");
  private static final ConnectionReference CALLS = ConnectionReference.invoker("calls", "calls");

  private static final CallOptions TO_NOBODY =
      CallOptions.standard().saveTo(FileTarget.of(OutputStream.nullOutputStream()));

  private static ForbiddenHost forbidden;

  @TempDir Path folder;

  @BeforeAll
  static void listen() throws IOException {
    forbidden = new ForbiddenHost();
  }

  @AfterAll
  static void end() throws IOException {
    forbidden.close();
  }

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    String there = forbidden.url();
    return builder
        .connector(
            Connector.builder("calls", url())
                .additionalOrigin(there)
                .additionalOrigin("http://" + forbidden.address())
                .auth(AuthOption.none())
                .action(GET)
                .action(DOWNLOAD)
                .action(SAVE)
                .action(UPLOAD)
                .action(PAGES)
                .action(CHOSEN)
                .build())
        .connector(
            Connector.builder("tested", url())
                .additionalOrigin(there)
                .auth(AuthOption.none())
                .test(
                    call -> {
                      call.http().callEncoded("GET", there + "/me").send();
                      return null;
                    })
                .build())
        .connector(
            Connector.builder("tokens", url())
                .auth(AuthOption.oauth2(OAuth2Scheme.clientCredentials(there + "/token")))
                .action(GET)
                .build())
        .connector(
            Connector.builder("issued", url())
                .auth(AuthOption.oauth2(OAuth2Scheme.issuer("https://" + forbidden.host())))
                .action(GET)
                .build())
        .client("issued", "oauth2", CLIENT.redirectingTo(CALLBACK))
        .connector(Connector.builder("named", there).auth(AuthOption.none()).action(GET).build())
        .connector(
            Connector.builder("site", "{site}")
                .parameter(ConnectionParameter.text("site"))
                .additionalOrigin(there)
                .auth(AuthOption.none())
                .action(GET)
                .action(SAVE)
                .build())
        .connector(
            Connector.builder("disguised", there).auth(AuthOption.none()).action(GET).build(),
            "dev")
        .connector(definition().connector());
  }

  /** A connector whose policy replaces the host. */
  private Definition definition() {
    try {
      Files.writeString(
          folder.resolve("apiDefinition.swagger.json"),
          """
          {"swagger": "2.0", "info": {"title": "Parcels", "version": "1"},
           "host": "localhost:%d", "basePath": "/", "schemes": ["http"],
           "paths": {"/op": {"get": {"operationId": "op", "responses": {}}}}}
          """
              .formatted(service.port()));
      Files.writeString(
          folder.resolve("apiProperties.json"),
          """
          {"properties": {
            "connectionParameters": {"h": {"type": "string"}},
            "policyTemplateInstances": [ {"templateId": "dynamichosturl", "title": "t",
              "parameters": {
                "x-ms-apimTemplateParameter.urlTemplate": "http://@connectionParameters('h')"}}]}}
          """);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Definition.load(folder, ConnectorId.of("parcels"));
  }

  @BeforeEach
  void forbid() {
    DataPolicy.Builder policy =
        DataPolicy.named("p").customConnectors(forbidden.host(), Group.BLOCKED);
    for (String connector :
        new String[] {"calls", "tested", "tokens", "issued", "named", "site", "parcels"}) {
      policy.denyEndpoint(connector, forbidden.host());
    }
    runtime.policies().save(Administrator.ofRuntime(Principal.user("root")), policy.build(), 0);
    service.stubFor(get("/moved").willReturn(temporaryRedirect(forbidden.url() + "/x")));
    service.stubFor(
        get("/page")
            .willReturn(okJson("{\"items\":[\"a\"],\"next\":\"" + forbidden.url() + "/2\"}")));
    forbidden.forget();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("I3, 7.6: no way leads to a forbidden host")
  void noWayLeadsToAForbiddenHost(WayOut way) throws Exception {
    assertThatExceptionOfType(PolicyException.class)
        .isThrownBy(request(way))
        .returns("p", PolicyException::policy)
        .satisfies(
            e -> assertThat(e.rule()).matches("(endpointConfigurations|rules|connectorGroups)/.*"));
    assertThat(forbidden.bytes()).isZero();
  }

  private ThrowingCallable request(WayOut way) {
    String there = forbidden.url() + "/x";
    return switch (way) {
      case NAMED_CONNECTOR -> () -> call("named", "/x");
      case CUSTOM_CONNECTOR_UNDER_ANOTHER_NAME -> () -> call("disguised", "/x");
      case SITE_OF_THE_USER -> () -> call("site", "/x", "site", forbidden.url());
      case REDIRECT -> () -> call("calls", "/moved");
      case NEXT_LINK -> () -> invoke("calls", "pages", Map.of());
      case IP_LITERAL -> () -> call("calls", "http://" + forbidden.address() + "/x");
      case UPPER_CASE -> () -> call("calls", there.replace("localhost", "LOCALHOST"));
      case DYNAMIC_VALUES ->
          () -> {
            connection("calls");
            runtime.forms().choices(ADA, CALLS, "chosen", "url", Map.of("url", there));
          };
      case DOWNLOAD -> () -> invoke("calls", "download", new Target(there));
      case DOWNLOADED_FILE -> () -> save(there);
      case REDIRECTED_FILE -> () -> save("/moved");
      case UPLOADED_FILE -> () -> invoke("calls", "upload", new Target(there));
      case DYNAMIC_SCHEMA ->
          () -> {
            connection("calls");
            runtime.forms().input(ADA, CALLS, "chosen", Map.of("url", there));
          };
      case METADATA_REQUEST ->
          () ->
              runtime
                  .consents()
                  .begin(
                      ADA,
                      ConnectionSpec.of("issued", "oauth2"),
                      "session",
                      ConsentOptions.standard());
      case CONNECTION_TEST -> () -> runtime.connections().test(ADA, connection("tested"));
      case TOKEN_REQUEST -> this::token;
      case UNWRAPPED_CLIENT -> () -> unwrapped(there);
      case UNWRAPPED_REDIRECT -> () -> unwrapped(url() + "/moved");
      case DYNAMIC_HOST -> () -> invoke("parcels", "op", Map.of(), "h", forbidden.host());
    };
  }

  private void call(String connector, String url, String... parameters) {
    invoke(connector, "get", new Target(url), parameters);
  }

  private void save(String url) {
    connection("calls");
    runtime.invoke(ADA, CALLS, "save", new Target(url), TO_NOBODY);
  }

  private void invoke(String connector, String action, Object input, String... parameters) {
    connection(connector, parameters);
    runtime.invoke(ADA, ConnectionReference.invoker(connector, connector), action, input);
  }

  private ConnectionId connection(String connector, String... parameters) {
    String option = runtime.connector(ADA, connector).authOptions().get(0).id();
    ConnectionSpec spec = ConnectionSpec.of(connector, option);
    for (int i = 0; i < parameters.length; i += 2) {
      spec = spec.with(parameters[i], parameters[i + 1]);
    }
    return runtime.connections().create(ADA, spec).id();
  }

  private void token() {
    runtime
        .connections()
        .create(
            ADA,
            ConnectionSpec.of("tokens", "oauth2")
                .with("client_id", "id")
                .secret("client_secret", Secret.of("s3cret")));
    runtime.invoke(ADA, ConnectionReference.invoker("tokens", "tokens"), "get", new Target("/x"));
  }

  private void unwrapped(String url) throws IOException {
    connection("calls");
    OkHttpClient client =
        runtime.references().resolve(ADA, CALLS).unwrap(OkHttpClient.class, "sync", Effect.READ);
    client
        .newBuilder()
        .followRedirects(true)
        .build()
        .newCall(new Request.Builder().url(url).build())
        .execute()
        .close();
  }

  @Test
  @DisplayName("I3: the rest of a download that broke off does not come from a forbidden host")
  void theRestOfADownloadDoesNotComeFromAForbiddenHost() throws IOException {
    Queue<String> answers =
        new ArrayDeque<>(
            List.of(
                "HTTP/1.1 200 OK\r\nContent-Length: 10\r\nETag: \"v1\"\r\n\r\n0123",
                "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: "
                    + forbidden.url()
                    + "/x\r\n\r\n"));
    try (var broken =
        new LocalServer(
            client -> {
              LocalServer.head(client.getInputStream());
              client.getOutputStream().write(answers.remove().getBytes(US_ASCII));
            })) {
      String there = "http://localhost:" + broken.port();
      assertThatExceptionOfType(PolicyException.class)
          .isThrownBy(() -> invokeAt(there))
          .returns("p", PolicyException::policy);
    }
    assertThat(answers).isEmpty();
    assertThat(forbidden.bytes()).isZero();
  }

  /** Saves a file of a service that is where the user says. */
  private void invokeAt(String url) {
    connection("site", "site", url);
    runtime.invoke(
        ADA, ConnectionReference.invoker("site", "site"), "save", new Target("/x"), TO_NOBODY);
  }

  @Test
  @DisplayName("I3: accepted work is not looked after where a rule denies that")
  void acceptedWorkIsNotLookedAfter() {
    service.stubFor(
        get("/op")
            .willReturn(aResponse().withStatus(202).withHeader("Location", url() + "/status/1")));
    DataPolicy policy =
        DataPolicy.named("q").denyEndpoint("parcels", "localhost:*/status/*").build();
    runtime.policies().save(Administrator.ofRuntime(Principal.user("root")), policy, 0);

    assertThatExceptionOfType(PolicyException.class)
        .isThrownBy(() -> invoke("parcels", "op", Map.of(), "h", "localhost:" + service.port()))
        .returns("q", PolicyException::policy)
        .returns(
            "endpointConfigurations/parcels/1 Deny localhost:*/status/*", PolicyException::rule);
    service.verify(1, getRequestedFor(urlEqualTo("/op")));
    service.verify(0, getRequestedFor(urlEqualTo("/status/1")));
  }
}
