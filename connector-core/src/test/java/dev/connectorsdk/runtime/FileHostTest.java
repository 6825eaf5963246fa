package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.status;
import static com.github.tomakehurst.wiremock.client.WireMock.temporaryRedirect;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.HttpHeader;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.HostNotAllowedException;
import dev.connectorsdk.api.error.PolicyException;
import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.api.error.ServiceException;
import dev.connectorsdk.api.file.FileInfo;
import dev.connectorsdk.api.file.FileTarget;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.fixtures.LocalServer;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.http.AddressPolicy;
import dev.connectorsdk.invocation.CallOptions;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that a service keeps with somebody else, and redirects to. */
@Tag("E4")
class FileHostTest extends HostTest {

  record FileId(String id) {}

  private static final Action<FileId, FileInfo> DOWNLOAD =
      Action.builder("download", Effect.READ, FileId.class, FileInfo.class)
          .run(
              (file, call) ->
                  call.http()
                      .get("/files/{id}", file.id())
                      .query("own", "q")
                      .header("X-Own", "h")
                      .header("Accept", "image/png")
                      .download(call.target()));

  private static final Action<FileId, String> BY_OKHTTP =
      Action.builder("byOkHttp", Effect.READ, FileId.class, String.class)
          .run(
              (file, call) -> {
                OkHttpClient client =
                    call.http()
                        .unwrap(OkHttpClient.class)
                        .newBuilder()
                        .followRedirects(true)
                        .build();
                Request request =
                    new Request.Builder()
                        .url(call.http().baseUrl() + "/files/" + file.id())
                        .header("X-Own", "h")
                        .build();
                try (Response response = client.newCall(request).execute()) {
                  return response.body().string();
                }
              });

  /** Of the same machine under another name, as a store of files is of another company. */
  private static final WireMockServer store =
      new WireMockServer(WireMockConfiguration.options().dynamicPort());

  @TempDir Path folder;

  @BeforeAll
  static void startStore() {
    store.start();
  }

  @AfterAll
  static void stopStore() {
    store.stop();
  }

  @BeforeEach
  void aFileInTheStore() {
    store.resetAll();
    store.stubFor(any(anyUrl()).willReturn(ok("content")));
    theServiceSendsTo(atStore("/bucket/1?signature=s3cret"));
  }

  private static String atStore(String path) {
    return "http://127.0.0.1:" + store.port() + path;
  }

  private void theServiceSendsTo(String place) {
    service.stubFor(
        any(anyUrl())
            .willReturn(
                aResponse()
                    .withStatus(302)
                    .withHeader("Location", place)
                    .withHeader("Set-Cookie", "session=1")));
  }

  @Override
  Connector connector() {
    return connector("127.0.0.1");
  }

  private Connector connector(String fileHost) {
    return Tickets.builder(url()).action(DOWNLOAD).action(BY_OKHTTP).fileHost(fileHost).build();
  }

  private Path file() {
    return folder.resolve("file");
  }

  private FileInfo download(ConnectorRuntime by) {
    return by.invoke(
        ADA, MINE, DOWNLOAD, new FileId("1"), CallOptions.standard().saveTo(FileTarget.of(file())));
  }

  private ConnectorRuntime anonymous(Connector connector) {
    ConnectorRuntime own =
        ConnectorRuntime.builder()
            .connector(connector)
            .addressPolicy(AddressPolicy.allowAll())
            .sleeper(pause -> {})
            .build();
    own.connections().create(ADA, ConnectionSpec.of("tickets", "none"));
    return own;
  }

  @ParameterizedTest
  @ValueSource(strings = {"apiKey", "basic", "bearer", "queryKey"})
  @DisplayName("E4: Where a file is kept, nothing arrives of the credential and of the request")
  void nothingOfTheRequestGoesAlong(String option) {
    ConnectionSpec spec = ConnectionSpec.of("tickets", option);
    spec =
        switch (option) {
          case "basic" -> spec.with("username", "u").secret("password", Secret.of("topsecret"));
          case "bearer" -> spec.secret("token", Secret.of("topsecret"));
          default -> spec.secret("api_key", Secret.of("topsecret"));
        };
    runtime.connections().create(ADA, spec);

    download(runtime);

    assertThat(file()).hasContent("content");
    assertThat(store.findAll(anyRequestedFor(anyUrl())))
        .singleElement()
        .satisfies(
            arrived -> {
              assertThat(arrived.getUrl()).isEqualTo("/bucket/1?signature=s3cret");
              assertThat(namesOfHeaders(arrived))
                  .containsExactlyInAnyOrder("host", "accept-encoding", "user-agent", "connection");
            });
  }

  private static List<String> namesOfHeaders(LoggedRequest request) {
    List<String> names = new ArrayList<>();
    for (HttpHeader header : request.getHeaders().all()) {
      names.add(header.key().toLowerCase(Locale.ROOT));
    }
    return names;
  }

  @Test
  void anUnwrappedClientIsLedThereTheSameWay() {
    connect(ADA, "topsecret");

    assertThat(runtime.invoke(ADA, MINE, BY_OKHTTP, new FileId("1"))).isEqualTo("content");

    assertThat(store.findAll(anyRequestedFor(anyUrl())))
        .singleElement()
        .satisfies(
            arrived ->
                assertThat(namesOfHeaders(arrived)).doesNotContain("x-own", "x-api-key", "cookie"));
  }

  @Test
  void hostsThatNobodyHasNamedAreNotAsked() {
    for (String other : List.of("files.example", "*.files.example", "*.127.0.0.1")) {
      try (ConnectorRuntime own = anonymous(connector(other))) {
        assertThatExceptionOfType(HostNotAllowedException.class)
            .isThrownBy(() -> download(own))
            .satisfies(e -> assertThat(e.remedy()).contains("as a file host"));
      }
    }

    store.verify(0, anyRequestedFor(anyUrl()));
  }

  @Test
  void aDomainStandsForAllHostsBelowIt() {
    try (ConnectorRuntime own = anonymous(connector("*.0.0.1"))) {
      assertThat(download(own).size()).isEqualTo(7);
    }
  }

  @Test
  void aHostIsNamedWithoutSchemeAndPort() {
    for (String host : List.of("", "*.", "*", "https://a.example", "a.example:443", "a.example/")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Connector.builder("c", "https://c.example").fileHost(host));
    }
  }

  @Test
  @DisplayName("E4: A store may redirect to a store, and not back to where the credential goes")
  void aStoreMayRedirectToAStoreOnly() {
    connect(ADA, "topsecret");
    store.stubFor(get("/bucket/1?signature=s3cret").willReturn(temporaryRedirect("/other")));

    download(runtime);

    store.verify(getRequestedFor(urlEqualTo("/other")));

    store.stubFor(get("/other").willReturn(temporaryRedirect(url() + "/tickets/1")));
    service.resetRequests();
    assertThatExceptionOfType(HostNotAllowedException.class).isThrownBy(() -> download(runtime));
    service.verify(0, getRequestedFor(urlEqualTo("/tickets/1")));

    store.stubFor(get("/other").willReturn(temporaryRedirect("/other")));
    assertThatExceptionOfType(ResponseException.class)
        .isThrownBy(() -> download(runtime))
        .withMessageContaining("more than 5 times");
  }

  @Test
  void whatAStoreRefusesIsNotTheCredential() {
    connect(ADA, "topsecret");
    store.stubFor(any(anyUrl()).willReturn(status(401)));

    assertThatExceptionOfType(ServiceException.class)
        .isThrownBy(() -> download(runtime))
        .satisfies(e -> assertThat(e.status()).isEqualTo(401))
        .withMessageContaining("GET 127.0.0.1");

    assertThat(runtime.connections().list(ADA).get(0).status().isConnected()).isTrue();
    service.verify(1, anyRequestedFor(anyUrl()));
  }

  @Test
  void policiesAndTheHostsAddressesCountThere() {
    connect(ADA, "k");
    DataPolicy policy = DataPolicy.named("p").denyEndpoint("tickets", "127.0.0.1:*").build();
    runtime.policies().save(Administrator.ofRuntime(Principal.user("root")), policy, 0);
    assertThatExceptionOfType(PolicyException.class).isThrownBy(() -> download(runtime));

    try (ConnectorRuntime own = ConnectorRuntime.builder().connector(connector()).build()) {
      own.connections().create(ADA, ConnectionSpec.of("tickets", "none"));
      assertThatExceptionOfType(HostNotAllowedException.class)
          .isThrownBy(() -> download(own))
          .withMessageContaining("its address or port is not one that users may choose");
    }
    store.verify(0, anyRequestedFor(anyUrl()));
  }

  @Test
  @DisplayName("F7: A broken download asks the service for a new link, and the store for the rest")
  void theRestComesByANewLink() throws IOException {
    Queue<String> answers = new ArrayDeque<>();
    answers.add("HTTP/1.1 200 OK\r\nContent-Length: 7\r\nETag: \"v1\"\r\n\r\ncont");
    answers.add(
        "HTTP/1.1 206 Partial\r\nContent-Length: 3\r\nETag: \"v1\"\r\n"
            + "Content-Range: bytes 4-6/7\r\n\r\nent");
    List<String> requests = new CopyOnWriteArrayList<>();
    try (LocalServer broken = new LocalServer(client -> answer(client, requests, answers));
        ConnectorRuntime own = anonymous(connector())) {
      String place = "http://127.0.0.1:" + broken.port();
      service.stubFor(
          any(anyUrl())
              .inScenario("links")
              .willSetStateTo("new")
              .willReturn(temporaryRedirect(place + "/old-link")));
      service.stubFor(
          any(anyUrl())
              .inScenario("links")
              .whenScenarioStateIs("new")
              .willReturn(temporaryRedirect(place + "/new-link")));

      download(own);
    }

    assertThat(Files.readString(file())).isEqualTo("content");
    assertThat(requests).hasSize(2);
    assertThat(requests.get(0)).startsWith("GET /old-link ").doesNotContain("Range:");
    assertThat(requests.get(1))
        .startsWith("GET /new-link ")
        .contains("\r\nRange: bytes=4-\r\n", "\r\nIf-Range: \"v1\"\r\n");
  }

  private static void answer(Socket client, List<String> requests, Queue<String> answers)
      throws IOException {
    requests.add(LocalServer.head(client.getInputStream()));
    client.getOutputStream().write(answers.remove().getBytes(ISO_8859_1));
    client.getOutputStream().flush();
  }

  @Test
  @DisplayName("E4: From https a file is never fetched by http")
  void nothingGoesFromHttpsToHttp() throws IOException {
    HeldCertificate own =
        new HeldCertificate.Builder().addSubjectAlternativeName("localhost").build();
    HandshakeCertificates certificates =
        new HandshakeCertificates.Builder()
            .heldCertificate(own)
            .addTrustedCertificate(own.certificate())
            .build();
    OkHttpClient trusting =
        new OkHttpClient.Builder()
            .sslSocketFactory(certificates.sslSocketFactory(), certificates.trustManager())
            .build();
    try (MockWebServer secure = new MockWebServer()) {
      secure.useHttps(certificates.sslSocketFactory());
      secure.start();
      secure.enqueue(
          new MockResponse.Builder().code(302).addHeader("Location", atStore("/bucket/1")).build());
      Connector connector =
          Connector.builder("tickets", "https://localhost:" + secure.getPort())
              .auth(AuthOption.none())
              .action(DOWNLOAD)
              .fileHost("127.0.0.1")
              .build();
      try (ConnectorRuntime strict =
          ConnectorRuntime.builder()
              .connector(connector)
              .httpClient(trusting)
              .addressPolicy(AddressPolicy.allowAll())
              .build()) {
        strict.connections().create(ADA, ConnectionSpec.of("tickets", "none"));

        assertThatExceptionOfType(HostNotAllowedException.class).isThrownBy(() -> download(strict));
      }
    }
    store.verify(0, anyRequestedFor(anyUrl()));
  }
}
