package dev.connectorsdk.auth;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.serverError;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.auth.ConsentStrategy.ConsentCallback;
import dev.connectorsdk.api.auth.ConsentStrategy.ConsentRequest;
import dev.connectorsdk.api.auth.ConsentStrategy.ConsentStart;
import dev.connectorsdk.api.auth.Expiry;
import dev.connectorsdk.api.auth.JwtTemplate;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.OAuth2Scheme.ClientAuthentication;
import dev.connectorsdk.api.auth.OAuth2Scheme.Renewal;
import dev.connectorsdk.api.auth.RequestTemplate;
import dev.connectorsdk.api.auth.TokenFields;
import dev.connectorsdk.api.auth.TokenPlace;
import dev.connectorsdk.api.error.ConsentException;
import java.net.URI;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * How real providers differ from the standard, described as data and driven from sign-in to the
 * request that carries the token. Each is a shape that provider's documentation shows.
 */
class ProviderShapesTest {

  private static final URI CALLBACK = URI.create("https://app.test/callback");

  @RegisterExtension
  static final WireMockExtension provider = WireMockExtension.newInstance().build();

  private final TestConnection connection =
      new TestConnection()
          .registered(
              ClientRegistration.of("app", Secret.of("s3cret"))
                  .with("developer_token", Secret.of("dev-1")));

  @BeforeEach
  void theProviderIsAt() {
    connection.parameter("url", provider.baseUrl());
  }

  @Test
  void notionTakesJsonBasicAuthenticationAndAVersionAndNeverRenews() {
    OAuth2Scheme notion =
        code()
            .withoutPkce()
            .authorizationParameter("owner", "user")
            .exchange(r -> r.json().header("Notion-Version", "2022-06-28"))
            .renewal(Renewal.NEVER);
    answers("/token", "{'access_token':'n1','workspace_id':'w'}");

    assertThat(signInUrl(notion)).contains("owner=user").doesNotContain("code_challenge");
    assertThat(sent(notion)).containsEntry("Authorization", "Bearer n1");
    assertThat(last("/token").getBodyAsString())
        .isEqualTo(
            "{\"grant_type\":\"authorization_code\",\"code\":\"c\","
                + "\"redirect_uri\":\"https://app.test/callback\"}");
    assertThat(last("/token").getHeader("Notion-Version")).isEqualTo("2022-06-28");
    assertThat(last("/token").getHeader("Authorization")).startsWith("Basic ");
  }

  @Test
  void slackAnswers200ToFailuresAndGivesTwoTokens() {
    OAuth2Scheme slack =
        code()
            .scopes("chat:write", "users:read")
            .scopeSeparator(",")
            .clientAuthentication(ClientAuthentication.POST)
            .answer(
                fields ->
                    fields
                        .successIf("/ok", "true")
                        .token("user", "/authed_user/access_token")
                        .capture("team", "/team/id"));
    answers("/token", "{'ok':false,'error':'invalid_grant'}");
    assertThatExceptionOfType(ConsentException.class).isThrownBy(() -> signIn(slack));

    answers(
        "/token",
        "{'ok':true,'access_token':'bot','team':{'id':'T1'},"
            + "'authed_user':{'access_token':'human'}}");
    assertThat(signInUrl(slack)).contains("scope=chat%3Awrite%2Cusers%3Aread");
    assertThat(sent(slack)).containsEntry("Authorization", "Bearer bot");
    assertThat(sent(slack, "user")).containsEntry("Authorization", "Bearer human");
    assertThat(connection.parameter("team")).isEqualTo("T1");
  }

  @Test
  void tiktokRenamesTheClientAndWrapsItsAnswers() {
    OAuth2Scheme tiktok =
        code()
            .scopeSeparator(",")
            .clientAuthentication(ClientAuthentication.POST)
            .authorization(r -> r.renamed("client_id", "client_key"))
            .exchange(r -> r.renamed("client_id", "client_key"))
            .answer(
                fields ->
                    fields
                        .accessToken("/data/access_token", "/access_token")
                        .refreshToken("/data/refresh_token")
                        .expiry(Expiry.seconds("/data/expires_in")));
    answers("/token", "{'data':{'access_token':'t1','refresh_token':'r1','expires_in':100}}");

    assertThat(signInUrl(tiktok)).contains("client_key=app").doesNotContain("client_id");
    assertThat(sent(tiktok)).containsEntry("Authorization", "Bearer t1");
    assertThat(last("/token").getBodyAsString())
        .contains("client_key=app&client_secret=s3cret")
        .doesNotContain("client_id");
    assertThat(connection.vault().contents()).containsEntry("refresh_token", "r1");
  }

  @Test
  void shopifySendsTheTokenInAHeaderOfItsOwn() {
    OAuth2Scheme shopify =
        code()
            .clientAuthentication(ClientAuthentication.POST)
            .sendingToken(TokenPlace.header("X-Shopify-Access-Token"));
    answers("/token", "{'access_token':'shp','scope':'read_products'}");

    assertThat(sent(shopify))
        .containsEntry("X-Shopify-Access-Token", "shp")
        .doesNotContainKey("Authorization");
  }

  @Test
  void googleAdsWantsTheApplicationsKeyBesideTheUsersToken() {
    OAuth2Scheme googleAds =
        code()
            .authorizationParameter("access_type", "offline")
            .authorizationParameter("prompt", "consent")
            .sendingToken(
                TokenPlace.BEARER, TokenPlace.header("developer-token", "{developer_token}"));
    answers("/token", "{'access_token':'g1','refresh_token':'r','expires_in':3599}");

    assertThat(signInUrl(googleAds)).contains("access_type=offline").contains("prompt=consent");
    assertThat(sent(googleAds))
        .containsEntry("Authorization", "Bearer g1")
        .containsEntry("developer-token", "dev-1");
  }

  @Test
  void instagramTradesAShortLivedTokenAndRenewsByTheTokenItself() {
    OAuth2Scheme instagram =
        code()
            .clientAuthentication(ClientAuthentication.POST)
            .then(
                RequestTemplate.get("{url}/exchange")
                    .atSignInOnly()
                    .clientAuthentication(ClientAuthentication.AS_WRITTEN)
                    .parameter("grant_type", "ig_exchange_token")
                    .parameter("client_secret", "{client_secret}")
                    .parameter("access_token", "{access_token}"))
            .renewal(Renewal.ACCESS_TOKEN)
            .refresh(
                r ->
                    r.byGet()
                        .to("{url}/renew")
                        .clientAuthentication(ClientAuthentication.AS_WRITTEN)
                        .withoutParameters()
                        .parameter("grant_type", "ig_refresh_token")
                        .parameter("access_token", "{access_token}"));
    answers("/token", "{'access_token':'short'}");
    answers("/exchange", "{'access_token':'long1','expires_in':1000}");
    answers("/renew", "{'access_token':'long2','expires_in':1000}");

    assertThat(sent(instagram)).containsEntry("Authorization", "Bearer long1");
    assertThat(last("/exchange").getUrl())
        .isEqualTo(
            "/exchange?grant_type=ig_exchange_token&client_secret=s3cret&access_token=short");
    connection.clock.set(950);
    assertThat(sentAgain(instagram)).containsEntry("Authorization", "Bearer long2");
    assertThat(last("/renew").getUrl())
        .isEqualTo("/renew?grant_type=ig_refresh_token&access_token=long1");
    assertThat(count("/exchange")).isEqualTo(1);
  }

  @Test
  void atlassianIsAskedAfterwardsWhichSiteItIs() {
    OAuth2Scheme atlassian = atlassian();
    answers("/token", "{'access_token':'a1','refresh_token':'r','expires_in':3600}");
    answers("/accessible-resources", "[{'id':'cloud-7'},{'id':'cloud-8'}]");

    assertThat(sent(atlassian)).containsEntry("Authorization", "Bearer a1");
    assertThat(connection.parameter("cloud")).isEqualTo("cloud-7");
    assertThat(last("/accessible-resources").getHeader("Authorization")).isEqualTo("Bearer a1");
  }

  private static OAuth2Scheme atlassian() {
    return code()
        .authorizationParameter("audience", "api.atlassian.com")
        .then(
            RequestTemplate.get("{url}/accessible-resources")
                .header("Authorization", "Bearer {access_token}")
                .answer(f -> TokenFields.none().capture("cloud", "/0/id")));
  }

  @Test
  @DisplayName("B14: a look-up that fails ends a sign-in, and costs no renewal its grant")
  void aLookUpThatFailsEndsASignInAndNoRenewal() {
    answers("/token", "{'access_token':'a1','refresh_token':'r','expires_in':3600}");
    provider.stubFor(any(urlPathEqualTo("/accessible-resources")).willReturn(serverError()));
    assertThatExceptionOfType(ConsentException.class).isThrownBy(() -> signIn(atlassian()));
    assertThat(connection.vault().contents()).isEmpty();

    answers("/accessible-resources", "[{'id':'cloud-7'}]");
    signIn(atlassian());
    provider.stubFor(any(urlPathEqualTo("/accessible-resources")).willReturn(serverError()));
    answers("/token", "{'access_token':'a2','refresh_token':'r2','expires_in':3600}");
    connection.clock.set(3600);
    assertThat(sentAgain(atlassian())).containsEntry("Authorization", "Bearer a2");
    assertThat(connection.vault().contents()).containsEntry("refresh_token", "r2");
  }

  @Test
  @DisplayName("RFC 8707: what follows a request for a token names no resources")
  void whatFollowsARequestForATokenNamesNoResources() {
    answers("/token", "{'access_token':'t1'}");
    answers("/exchange", "{'access_token':'t2'}");

    signIn(
        code()
            .resources("https://a.example.com")
            .then(RequestTemplate.post("{url}/exchange").parameter("a", "b")));

    assertThat(last("/token").getBodyAsString()).contains("resource=https%3A%2F%2Fa.example.com");
    assertThat(last("/exchange").getBodyAsString()).isEqualTo("a=b");
  }

  @Test
  void quickBooksBringsItsRealmBackInTheCallback() {
    OAuth2Scheme quickBooks = code().callback("code", "realmId");
    answers("/token", "{'access_token':'q1','refresh_token':'r','expires_in':3600}");

    ConsentStart start = begin(quickBooks);
    new OAuth2Strategy()
        .complete(
            quickBooks,
            connection,
            new ConsentCallback(
                CALLBACK, start.memo(), Map.of("code", List.of("c"), "realmId", List.of("99"))));

    assertThat(connection.parameter("realmId")).isEqualTo("99");
    assertThat(quickBooks.captured()).containsExactly("realmId");
  }

  @Test
  void salesforceSaysNoExpiryAndIsAskedForIt() {
    OAuth2Scheme salesforce =
        code()
            .answer(fields -> fields.capture("instance_url", "/instance_url"))
            .then(
                RequestTemplate.post("{url}/introspect")
                    .clientAuthentication(ClientAuthentication.POST)
                    .parameter("token", "{access_token}")
                    .parameter("token_type_hint", "access_token")
                    .answer(f -> TokenFields.none().expiry(Expiry.instant("/exp"))));
    answers("/token", "{'access_token':'s1','refresh_token':'r','instance_url':'https://eu.x'}");
    answers("/introspect", "{'active':true,'exp':1767276000}");

    signIn(salesforce);

    assertThat(connection.parameter("instance_url")).isEqualTo("https://eu.x");
    assertThat(connection.vault().contents()).containsEntry("expires_at", "2026-01-01T14:00:00Z");
  }

  @Test
  void whatARenewalTellsIsKeptAsWhatASignInTold() {
    OAuth2Scheme salesforce =
        code().answer(fields -> fields.capture("instance_url", "/instance_url"));
    answers(
        "/token",
        "{'access_token':'s1','refresh_token':'r','expires_in':100,'instance_url':'https://eu.x'}");
    signIn(salesforce);

    answers("/token", "{'access_token':'s2','expires_in':100,'instance_url':'https://us.x'}");
    connection.clock.set(100);

    assertThat(sentAgain(salesforce)).containsEntry("Authorization", "Bearer s2");
    assertThat(connection.parameter("instance_url")).isEqualTo("https://us.x");
  }

  @Test
  void zoomTakesAGrantOfItsOwn() {
    OAuth2Scheme zoom =
        OAuth2Scheme.custom("account_credentials", "{url}/token")
            .exchange(r -> r.query().parameter("account_id", "{account}"));
    connection.parameter("account", "A&1");
    answers("/token", "{'access_token':'z1','expires_in':3600}");

    assertThat(sentAgain(zoom)).containsEntry("Authorization", "Bearer z1");
    assertThat(last("/token").getUrl())
        .isEqualTo("/token?grant_type=account_credentials&account_id=A%261");
  }

  @Test
  void figmaRenewsAtAnotherUrl() {
    OAuth2Scheme figma = code().refreshUrl("{url}/refresh");
    answers("/token", "{'access_token':'f1','refresh_token':'r1','expires_in':100}");
    answers("/refresh", "{'access_token':'f2','expires_in':100}");

    assertThat(sent(figma)).containsEntry("Authorization", "Bearer f1");
    connection.clock.set(95);
    assertThat(sentAgain(figma)).containsEntry("Authorization", "Bearer f2");
    assertThat(last("/refresh").getBodyAsString())
        .contains("grant_type=refresh_token&refresh_token=r1");
    assertThat(connection.vault().contents()).containsEntry("refresh_token", "r1");
  }

  @Test
  void aGoogleServiceAccountSignsAnAssertion() throws NoSuchAlgorithmException {
    OAuth2Scheme account =
        OAuth2Scheme.jwtBearer(
                "{url}/token",
                JwtTemplate.signedBy("RS256", "{private_key}")
                    .claim("iss", "{client_email}")
                    .claim("scope", "{scope}")
                    .claim("aud", "https://oauth2.googleapis.com/token")
                    .life(Duration.ofHours(1)))
            .scopes("drive", "sheets")
            .exchange(r -> r.without("scope"));
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    String key =
        Base64.getMimeEncoder()
            .encodeToString(generator.generateKeyPair().getPrivate().getEncoded());
    connection
        .secret(
            "private_key", "-----BEGIN PRIVATE KEY-----\n" + key + "\n-----END PRIVATE KEY-----")
        .parameter("client_email", "robot@example.com");
    answers("/token", "{'access_token':'g1','expires_in':3600}");

    assertThat(sentAgain(account)).containsEntry("Authorization", "Bearer g1");
    String body = last("/token").getBodyAsString();
    assertThat(body).doesNotContain("client_id").doesNotContain("scope=");
    String payload = body.replaceAll(".*assertion=[^.]*\\.([^.]*)\\..*", "$1");
    String claims = new String(Base64.getUrlDecoder().decode(payload), UTF_8);
    assertThat(claims)
        .contains("\"iss\":\"robot@example.com\"")
        .contains("\"scope\":\"drive sheets\"")
        .contains("\"exp\":1767272400")
        .doesNotContain("PRIVATE");
  }

  @Test
  void aSessionLoginWithTwoStepsIsTheSameWay() {
    OAuth2Scheme vault =
        OAuth2Scheme.session(
                RequestTemplate.post("{url}/tenant/{tenant}")
                    .answer(f -> TokenFields.none().value("tenantId", "/id")))
            .then(
                RequestTemplate.post("{url}/login/{tenantId}")
                    .json()
                    .header("X-Api-Version", "{version=v24.1}")
                    .parameter("/auth/user", "{username}")
                    .parameter("/auth/password", "{password}")
                    .answer(
                        f ->
                            f.accessToken("/session/id", "cookie:SID")
                                .successIf("/status", "SUCCESS")
                                .expiry(
                                    Expiry.duration("/ttl")
                                        .orElse(Expiry.fixed(Duration.ofMinutes(20))))))
            .sendingToken(TokenPlace.header("Authorization", "{access_token}"));
    connection.parameter("tenant", "acme").parameter("username", "ada").secret("password", "pw");
    answers("/tenant/acme", "{'id':'t/1'}");
    answers("/login/t%2F1", "{'status':'SUCCESS','session':{'id':'sess-1'}}");

    assertThat(sentAgain(vault)).containsEntry("Authorization", "sess-1");
    LoggedRequest login = last("/login/t%2F1");
    assertThat(login.getBodyAsString())
        .isEqualTo("{\"auth\":{\"user\":\"ada\",\"password\":\"pw\"}}");
    assertThat(login.getHeader("X-Api-Version")).isEqualTo("v24.1");
    assertThat(connection.vault().contents()).containsEntry("expires_at", "2026-01-01T12:20:00Z");
  }

  @Test
  void dynamicsExchangesTheHostsTokenForTheUser() {
    OAuth2Scheme dynamics =
        OAuth2Scheme.onBehalfOf("{url}/token").clientAuthentication(ClientAuthentication.POST);
    connection.registered(
        ClientRegistration.of("app", Secret.of("s3cret"))
            .onBehalfOf(id -> Secret.of("host-token-of-" + id)));
    answers("/token", "{'access_token':'d1','expires_in':3600}");

    assertThat(sentAgain(dynamics)).containsEntry("Authorization", "Bearer d1");
    assertThat(last("/token").getBodyAsString())
        .contains("assertion=host-token-of-c1&requested_token_use=on_behalf_of");
  }

  private static OAuth2Scheme code() {
    return OAuth2Scheme.authorizationCode("{url}/authorize", "{url}/token");
  }

  private ConsentStart begin(OAuth2Scheme scheme) {
    OAuth2Strategy strategy = new OAuth2Strategy();
    return strategy.begin(
        scheme,
        connection,
        new ConsentRequest(CALLBACK, "st4te", strategy.scopes(scheme, connection), Map.of()));
  }

  @Test
  void noParameterOfASignInReplacesOneOfTheProtocolByWhateverName() {
    OAuth2Scheme scheme =
        OAuth2Scheme.authorizationCode("https://id.example.com/auth", "{url}/token")
            .authorization(r -> r.renamed("client_id", "client_key"));
    Map<String, String> parameters =
        Map.of("client_key", "evil", "client_id", "evil", "prompt", "login");

    String link =
        new OAuth2Strategy()
            .begin(scheme, connection, new ConsentRequest(CALLBACK, "st4te", List.of(), parameters))
            .authorizationUrl()
            .toString();

    assertThat(link).contains("client_key=").contains("prompt=login").doesNotContain("evil");
  }

  private String signInUrl(OAuth2Scheme scheme) {
    return begin(scheme).authorizationUrl().toString();
  }

  private void signIn(OAuth2Scheme scheme) {
    new OAuth2Strategy()
        .complete(
            scheme,
            connection,
            new ConsentCallback(CALLBACK, begin(scheme).memo(), Map.of("code", List.of("c"))));
  }

  private Map<String, String> sent(OAuth2Scheme scheme) {
    signIn(scheme);
    return sentAgain(scheme);
  }

  private Map<String, String> sentAgain(OAuth2Scheme scheme) {
    return sent(scheme, "");
  }

  private Map<String, String> sent(OAuth2Scheme scheme, String token) {
    TestRequest request = new TestRequest();
    request.token = token.isEmpty() ? null : token;
    Authenticator authenticator = connection.open(scheme);
    authenticator.authenticate(request);
    return request.headers;
  }

  private static void answers(String path, String json) {
    ResponseDefinitionBuilder answer = okJson(json.replace('\'', '"'));
    provider.stubFor(any(urlPathEqualTo(path.replace(" ", "%20"))).willReturn(answer));
  }

  private static LoggedRequest last(String path) {
    List<LoggedRequest> all = provider.findAll(anyRequestedFor(urlPathEqualTo(path)));
    assertThat(all).describedAs("requests to %s", path).isNotEmpty();
    return all.get(all.size() - 1);
  }

  private static int count(String path) {
    return provider.findAll(anyRequestedFor(urlPathEqualTo(path))).size();
  }
}
