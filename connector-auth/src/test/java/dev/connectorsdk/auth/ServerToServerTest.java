package dev.connectorsdk.auth;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.auth.ConsentStrategy.ConsentCallback;
import dev.connectorsdk.api.auth.ConsentStrategy.ConsentRequest;
import dev.connectorsdk.api.auth.ConsentStrategy.DeviceAnswer;
import dev.connectorsdk.api.auth.ConsentStrategy.DeviceRequest;
import dev.connectorsdk.api.auth.ConsentStrategy.DeviceStart;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.OAuth2Scheme.ClientAuthentication;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.AuthenticationException.Reason;
import dev.connectorsdk.api.error.CallCancelledException;
import dev.connectorsdk.api.error.ConsentException;
import java.net.URI;
import java.net.URLDecoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said between servers before and around a sign-in: pushed requests, metadata, devices. */
class ServerToServerTest {

  private static final URI REDIRECT = URI.create("https://host.example.com/callback/tickets");

  @RegisterExtension
  static final WireMockExtension provider = WireMockExtension.newInstance().build();

  private final OAuth2Strategy strategy = new OAuth2Strategy();
  private final TestConnection connection =
      new TestConnection().registered(ClientRegistration.of("app", Secret.of("s3cret")));

  @BeforeEach
  void theProviderTakesPushedRequests() {
    connection.parameter("tenant", "acme");
    pushesAre(pushed("1"));
  }

  private static void pushesAre(ResponseDefinitionBuilder answer) {
    provider.stubFor(post(urlPathEqualTo("/par")).willReturn(answer));
  }

  private static ResponseDefinitionBuilder pushed(String number) {
    return okJson("{\"request_uri\":\"urn:pushed:" + number + "\",\"expires_in\":60}")
        .withStatus(201);
  }

  @Test
  @DisplayName("A11: the browser carries client_id and request_uri, and nothing else")
  void theBrowserCarriesAReference() {
    URI link = begin(pushing().scopes("read", "write").authorizationParameter("prompt", "login"));

    assertThat(link.toString())
        .isEqualTo(provider.baseUrl() + "/authorize?client_id=app&request_uri=urn%3Apushed%3A1");
    assertThat(form(requests("/par").get(0)))
        .containsOnlyKeys(
            "response_type",
            "client_id",
            "redirect_uri",
            "scope",
            "state",
            "prompt",
            "code_challenge",
            "code_challenge_method")
        .containsEntry("scope", List.of("read write"))
        .containsEntry("redirect_uri", List.of(REDIRECT.toString()))
        .containsEntry("state", List.of("st4te&x=y"))
        .containsEntry("code_challenge_method", List.of("S256"));
    assertThat(basic(requests("/par").get(0))).isEqualTo("app:s3cret");
  }

  @Test
  @DisplayName("A11: each sign-in pushes its own request, and so none is used when it is too old")
  void eachSignInPushesItsOwn() {
    URI first = begin(pushing());
    connection.clock.set(61);
    pushesAre(pushed("2"));

    URI second = begin(pushing());

    assertThat(first.getQuery()).contains("request_uri=urn:pushed:1");
    assertThat(second.getQuery()).contains("request_uri=urn:pushed:2");
    List<LoggedRequest> pushes = requests("/par");
    assertThat(pushes).hasSize(2);
    assertThat(form(pushes.get(0)).get("code_challenge"))
        .isNotEqualTo(form(pushes.get(1)).get("code_challenge"));
  }

  @Test
  @DisplayName(
      "A11: a request is pushed where the issuer wants it, without the connector saying so")
  void anIssuerMayWantRequestsPushed() {
    metadata(
        ",'pushed_authorization_request_endpoint':'URL/par'"
            + ",'require_pushed_authorization_requests':true");

    assertThat(begin(OAuth2Scheme.issuer(provider.baseUrl())).getQuery())
        .isEqualTo("client_id=app&request_uri=urn:pushed:1");
  }

  @Test
  @DisplayName("A11: an issuer that can take pushed requests and does not want them gets none")
  void aRequestIsNotPushedUnasked() {
    metadata(",'pushed_authorization_request_endpoint':'URL/par'");

    assertThat(begin(OAuth2Scheme.issuer(provider.baseUrl())).getQuery()).contains("redirect_uri=");
    assertThat(requests("/par")).isEmpty();
  }

  @Test
  @DisplayName("A11: a pushed request is proved as the client is")
  void aPushedRequestIsProvedAsTheClientIs() {
    connection.registered(
        ClientRegistration.of("app", Secret.of("a-secret-of-more-than-thirty-two-bytes")));

    begin(
        pushing()
            .issuedBy("https://id.example.com")
            .clientAuthentication(ClientAuthentication.CLIENT_SECRET_JWT));

    LoggedRequest push = requests("/par").get(0);
    assertThat(form(push)).containsKeys("client_assertion", "client_assertion_type", "state");
    assertThat(form(push).get("client_id")).containsExactly("app");
    assertThat(push.containsHeader("Authorization")).isFalse();
  }

  @Test
  @DisplayName("A11: a client that is refused in the body is proved once more in the header")
  void aPushedRequestIsProvedInTheHeaderToo() {
    provider.stubFor(
        post(urlPathEqualTo("/par")).willReturn(aResponse().withStatus(401)).atPriority(2));
    provider.stubFor(
        post(urlPathEqualTo("/par"))
            .withBasicAuth("app", "s3cret")
            .willReturn(pushed("1"))
            .atPriority(1));

    assertThat(begin(pushing().clientAuthentication(ClientAuthentication.POST_OR_BASIC)))
        .hasParameter("request_uri", "urn:pushed:1");
    assertThat(requests("/par")).hasSize(2);
    assertThat(form(requests("/par").get(1))).doesNotContainKey("client_secret");
  }

  @ParameterizedTest
  @CsvSource({
    "400, invalid_request, CONFIGURATION",
    "401, invalid_client, CONFIGURATION",
    "400, invalid_scope, CONFIGURATION",
    "500, server_error, TEMPORARY",
    "429, slow_down, TEMPORARY"
  })
  @DisplayName("A11: what is not pushed is not sent through the browser instead")
  void aRefusedPushIsNoSignIn(int status, String error, Reason reason) {
    pushesAre(aResponse().withStatus(status).withBody("{\"error\":\"" + error + "\"}"));

    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(() -> begin(pushing()))
        .extracting(AuthenticationException::reason)
        .isEqualTo(reason);
    assertThat(requests("/par")).hasSize(1);
  }

  @Test
  @DisplayName("RFC 8707: resources are named in the link, in the push and for the token")
  void resourcesAreNamedAtEveryEndpoint() {
    String a = "https://a.example.com/acme";
    String b = "https://b.example.com";
    OAuth2Scheme scheme = code().resources("https://a.example.com/{tenant}", b);

    assertThat(begin(scheme).getRawQuery())
        .contains("resource=https%3A%2F%2Fa.example.com%2Facme&resource=https%3A%2F%2Fb.example");

    begin(scheme.pushedAuthorization(provider.baseUrl() + "/par"));
    assertThat(form(requests("/par").get(0))).containsEntry("resource", List.of(a, b));

    provider.stubFor(post(urlPathEqualTo("/token")).willReturn(okJson("{\"access_token\":\"t\"}")));
    complete(scheme, Map.of("code", List.of("c")));
    assertThat(form(requests("/token").get(0)))
        .containsEntry("grant_type", List.of("authorization_code"))
        .containsEntry("resource", List.of(a, b));
  }

  @Test
  @DisplayName("A12: on another device metadata is read once, however often the service is asked")
  void pollingDoesNotReadMetadataAgain() {
    metadata(",'device_authorization_endpoint':'URL/device'");
    provider.stubFor(
        post(urlPathEqualTo("/device"))
            .willReturn(
                okJson(
                    """
                    {"device_code":"d","user_code":"u","verification_uri":"https://id.test/go"}
                    """)));
    pollsAre(aResponse().withStatus(400).withBody("{\"error\":\"authorization_pending\"}"));
    OAuth2Scheme scheme =
        OAuth2Scheme.deviceCode("{device_authorization_endpoint}", "{token_endpoint}")
            .discoveredAt(provider.baseUrl());

    DeviceStart start =
        strategy.beginDevice(scheme, connection, new DeviceRequest(List.of(), false));
    for (int i = 1; i <= 20; i++) {
      connection.clock.set(5 * i);
      assertThat(strategy.pollDevice(scheme, connection, start)).isEqualTo(DeviceAnswer.PENDING);
    }
    pollsAre(okJson("{\"access_token\":\"t1\",\"expires_in\":60,\"refresh_token\":\"r\"}"));
    assertThat(strategy.pollDevice(scheme, connection, start).result()).isNotNull();
    connection.clock.set(600);
    strategy.open(scheme, connection).authenticate(new TestRequest());

    assertThat(requests("/token")).hasSize(22);
    assertThat(requests("/.well-known/openid-configuration")).hasSize(1);
  }

  @Test
  @DisplayName("A6: what an issuer said is asked for again after an hour")
  void metadataIsReadAgainAfterAnHour() {
    metadata("");
    OAuth2Scheme scheme = OAuth2Scheme.issuer(provider.baseUrl());
    begin(scheme);
    connection.clock.set(Duration.ofMinutes(59).toSeconds());
    begin(scheme);
    assertThat(requests("/.well-known/openid-configuration")).hasSize(1);

    connection.clock.set(Duration.ofMinutes(60).toSeconds());
    begin(scheme);

    assertThat(requests("/.well-known/openid-configuration")).hasSize(2);
  }

  @Test
  @DisplayName("A6: an issuer that differs from the one of the scheme is named beside that")
  void anIssuerThatDiffersIsNamed() {
    String issuer = provider.baseUrl();
    provider.stubFor(
        get(urlPathEqualTo("/.well-known/openid-configuration"))
            .willReturn(okJson("{\"issuer\":\"%s/\"}".formatted(issuer))));

    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(() -> begin(OAuth2Scheme.issuer(issuer)))
        .withMessageEndingWith(
            "is not usable: issuer is %s/, and should be %s; they differ in the slash at the end,"
                + " which counts",
            issuer, issuer);
  }

  @Test
  @DisplayName("A6: metadata may begin with a byte order mark")
  void metadataMayBeginWithAByteOrderMark() {
    String issuer = provider.baseUrl();
    provider.stubFor(
        get(urlPathEqualTo("/.well-known/openid-configuration"))
            .willReturn(
                okJson(
                    "\uFEFF{\"issuer\":\"%1$s\",\"authorization_endpoint\":\"%1$s/authorize\"}"
                        .formatted(issuer))));

    assertThat(begin(OAuth2Scheme.issuer(issuer))).hasPath("/authorize");
  }

  @Test
  @DisplayName("A6: what could not be believed is not remembered")
  void metadataThatIsRefusedIsNotKept() {
    OAuth2Scheme scheme = OAuth2Scheme.issuer(provider.baseUrl());
    provider.stubFor(
        get(urlPathEqualTo("/.well-known/openid-configuration"))
            .willReturn(okJson("{\"issuer\":\"https://other.example\"}")));
    assertThatExceptionOfType(AuthenticationException.class).isThrownBy(() -> begin(scheme));

    metadata("");

    assertThat(begin(scheme)).hasPath("/authorize");
  }

  @Test
  @DisplayName("A6: a page at the first place does not hide the document at the second")
  void aPageAtTheFirstPlaceDoesNotHideTheDocument() {
    OAuth2Scheme scheme = OAuth2Scheme.issuer(provider.baseUrl());
    provider.stubFor(
        get(urlPathEqualTo("/.well-known/openid-configuration"))
            .willReturn(aResponse().withBody("<html>")));
    assertThatExceptionOfType(AuthenticationException.class).isThrownBy(() -> begin(scheme));

    metadata("/.well-known/oauth-authorization-server", "");

    assertThat(begin(scheme)).hasPath("/authorize");
  }

  @Test
  @DisplayName("A6: who is cancelled while reading metadata is told that")
  void cancellingIsNoOutage() {
    OAuth2Scheme scheme = OAuth2Scheme.issuer(provider.baseUrl());
    metadata("");
    Thread.currentThread().interrupt();

    assertThatExceptionOfType(CallCancelledException.class).isThrownBy(() -> begin(scheme));

    assertThat(Thread.interrupted()).isTrue();
    assertThat(begin(scheme)).hasPath("/authorize");
  }

  @Test
  @DisplayName("A5: where the issuer announces itself in callbacks, one without it is refused")
  void anAnnouncedIssuerIsDemanded() {
    metadata(",'authorization_response_iss_parameter_supported':true");
    OAuth2Scheme scheme = OAuth2Scheme.issuer(provider.baseUrl());

    assertThatExceptionOfType(ConsentException.class)
        .isThrownBy(() -> complete(scheme, Map.of("code", List.of("c"))))
        .extracting(ConsentException::reason)
        .isEqualTo(ConsentException.Reason.ISSUER_MISMATCH);
    assertThat(requests("/token")).isEmpty();
  }

  @Test
  @DisplayName("A6: an endpoint is on the issuer's origin however the two are written")
  void anEndpointMayBeWrittenInCapitals() {
    String capitals = provider.baseUrl().replace("http://localhost", "HTTP://LocalHost");
    provider.stubFor(
        get(urlPathEqualTo("/.well-known/openid-configuration"))
            .willReturn(
                okJson(
                    "{\"issuer\":\"%s\",\"token_endpoint\":\"%s/token\"}"
                        .formatted(provider.baseUrl(), capitals))));
    pollsAre(okJson("{\"access_token\":\"t1\"}"));

    complete(OAuth2Scheme.issuer(provider.baseUrl()), Map.of("code", List.of("c")));

    assertThat(requests("/token")).hasSize(1);
  }

  @Test
  @DisplayName("A6: an endpoint on another origin is refused, whatever its name")
  void endpointsWithUnderscoresAreNotAllOne() {
    provider.stubFor(
        get(urlPathEqualTo("/.well-known/openid-configuration"))
            .willReturn(
                okJson(
                    "{\"issuer\":\"%s\",\"token_endpoint\":\"https://my_id.example/token\"}"
                        .formatted(provider.baseUrl()))));

    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(
            () -> complete(OAuth2Scheme.issuer(provider.baseUrl()), Map.of("code", List.of("c"))))
        .withMessageContaining("my_id.example");
  }

  private static void metadata(String more) {
    metadata("/.well-known/openid-configuration", more);
  }

  private static void metadata(String place, String more) {
    String document =
        "{'issuer':'URL','authorization_endpoint':'URL/authorize','token_endpoint':'URL/token'"
            + more
            + "}";
    provider.stubFor(
        get(urlPathEqualTo(place))
            .willReturn(okJson(document.replace('\'', '"').replace("URL", provider.baseUrl()))));
  }

  private static void pollsAre(ResponseDefinitionBuilder answer) {
    provider.stubFor(any(urlPathEqualTo("/token")).willReturn(answer));
  }

  private static OAuth2Scheme code() {
    return OAuth2Scheme.authorizationCode(
        provider.baseUrl() + "/authorize", provider.baseUrl() + "/token");
  }

  private static OAuth2Scheme pushing() {
    return code().pushedAuthorization(provider.baseUrl() + "/par");
  }

  private URI begin(OAuth2Scheme scheme) {
    List<String> scopes = strategy.scopes(scheme, connection);
    ConsentRequest request = new ConsentRequest(REDIRECT, "st4te&x=y", scopes, Map.of());
    return strategy.begin(scheme, connection, request).authorizationUrl();
  }

  private void complete(OAuth2Scheme scheme, Map<String, List<String>> callback) {
    strategy.complete(scheme, connection, new ConsentCallback(REDIRECT, Map.of(), callback));
  }

  private static List<LoggedRequest> requests(String path) {
    return provider.findAll(anyRequestedFor(urlPathEqualTo(path)));
  }

  private static Map<String, List<String>> form(LoggedRequest request) {
    Map<String, List<String>> form = new LinkedHashMap<>();
    for (String pair : request.getBodyAsString().split("&", -1)) {
      String[] parts = pair.split("=", 2);
      form.computeIfAbsent(URLDecoder.decode(parts[0], UTF_8), name -> new ArrayList<>())
          .add(URLDecoder.decode(parts[1], UTF_8));
    }
    return form;
  }

  private static String basic(LoggedRequest request) {
    String header = request.getHeader("Authorization");
    return new String(Base64.getDecoder().decode(header.substring("Basic ".length())), UTF_8);
  }
}
