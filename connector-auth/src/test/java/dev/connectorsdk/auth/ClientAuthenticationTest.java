package dev.connectorsdk.auth;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.auth.ConsentStrategy.ConsentCallback;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.OAuth2Scheme.ClientAuthentication;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.AuthenticationException.Reason;
import java.net.URI;
import java.net.URLDecoder;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("B2")
class ClientAuthenticationTest {

  private static final String SECRET = "a-secret-of-more-than-thirty-two-bytes";

  @RegisterExtension static final TokenServer server = new TokenServer();

  private final TestConnection connection = new TestConnection().client("a b:c", "p%+ö&=");

  @BeforeEach
  void theServerIssuesTokens() {
    server.issues("t", 3600);
  }

  @Test
  void basicIsFormEncodedBeforeItIsJoined() {
    ask(scheme());

    assertThat(basicOfTheRequest()).containsExactly("a b:c", "p%+ö&=");
    assertThat(server.form()).containsExactly(entry("grant_type", "client_credentials"));
  }

  @Test
  void postPutsTheClientIntoTheBodyAndNowhereElse() {
    ask(scheme().clientAuthentication(ClientAuthentication.POST));

    assertThat(server.form())
        .containsOnly(
            entry("grant_type", "client_credentials"),
            entry("client_id", "a b:c"),
            entry("client_secret", "p%+ö&="));
    assertThat(server.latest().containsHeader("Authorization")).isFalse();
  }

  @Test
  void aPublicClientOnlySaysItsName() {
    ask(scheme().clientAuthentication(ClientAuthentication.NONE));

    assertThat(server.form())
        .containsOnly(entry("grant_type", "client_credentials"), entry("client_id", "a b:c"));
    assertThat(server.latest().containsHeader("Authorization")).isFalse();
  }

  @Test
  void aServerThatDoesNotDecodeBasicGetsItAsItIs() {
    ask(scheme().clientAuthentication(ClientAuthentication.BASIC_RAW));

    assertThat(headerOfTheRequest()).isEqualTo("a b:c:p%+ö&=");
    assertThat(server.form()).containsExactly(entry("grant_type", "client_credentials"));
  }

  @Test
  void aClientThatIsRefusedInTheBodyIsProvedOnceMoreInTheHeader() {
    server.inTurn(aResponse().withStatus(401), okJson("{\"access_token\":\"t\"}"));

    ask(scheme().clientAuthentication(ClientAuthentication.POST_OR_BASIC));

    assertThat(server.requests()).isEqualTo(2);
    assertThat(basicOfTheRequest()).containsExactly("a b:c", "p%+ö&=");
    assertThat(server.form()).containsExactly(entry("grant_type", "client_credentials"));
  }

  @Test
  void aClientThatIsRefusedBothWaysIsAMatterOfConfiguration() {
    server.fails(401);

    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(() -> ask(scheme().clientAuthentication(ClientAuthentication.POST_OR_BASIC)))
        .extracting(AuthenticationException::reason)
        .isEqualTo(Reason.CONFIGURATION);
    assertThat(server.requests()).isEqualTo(2);
  }

  @Test
  void whatIsRefusedForAnotherReasonIsNotProvedInAnotherWay() {
    server.refuses("invalid_request");

    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(() -> ask(scheme().clientAuthentication(ClientAuthentication.POST_OR_BASIC)));
    assertThat(server.requests()).isEqualTo(1);
  }

  @Test
  @DisplayName("B3: a JWT signed with the secret is for the issuer, and carries no secret")
  void theSecretSignsAJwt() {
    connection.client("app", SECRET);
    OAuth2Scheme scheme =
        scheme()
            .clientAuthentication(ClientAuthentication.CLIENT_SECRET_JWT)
            .issuedBy("https://id.example.com");

    ask(scheme);

    String jwt = server.form().getOrDefault("client_assertion", "..");
    assertThat(server.form())
        .containsOnlyKeys("grant_type", "client_id", "client_assertion", "client_assertion_type")
        .containsEntry("client_id", "app")
        .containsEntry(
            "client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    assertThat(decoded(jwt, 0)).contains("\"alg\":\"HS256\"");
    assertThat(decoded(jwt, 1))
        .contains("\"iss\":\"app\"", "\"sub\":\"app\"", "\"aud\":\"https://id.example.com\"");
    assertThat(jwt.substring(jwt.lastIndexOf('.') + 1)).isEqualTo(signature(jwt));
    assertThat(server.latest().containsHeader("Authorization")).isFalse();
    assertThat(server.latest().getBodyAsString()).doesNotContain(SECRET);
  }

  @Test
  @DisplayName("B3: a secret that can be guessed from a signature signs nothing")
  void aShortSecretSignsNothing() {
    connection.client("app", "short");

    assertConfiguration(
        scheme()
            .clientAuthentication(ClientAuthentication.CLIENT_SECRET_JWT)
            .issuedBy("https://id.example.com"),
        "Connection 'c1': the secret that signs its JWT is shorter than the 32 bytes that HS256"
            + " needs");
  }

  @Test
  void theClientOfTheHostIsTheRegisteredOne() {
    connection.registered(ClientRegistration.of("host", Secret.of("s3cret")));

    ask(scheme().clientOfHost());

    assertThat(basicOfTheRequest()).containsExactly("host", "s3cret");
  }

  @Test
  void aRegistrationWithoutSecretIsAPublicClientWhenItExchangesACode() {
    connection.registered(ClientRegistration.publicClient("app"));
    OAuth2Scheme scheme =
        OAuth2Scheme.authorizationCode("https://id.example.com/authorize", server.url());

    new OAuth2Strategy()
        .complete(
            scheme,
            connection,
            new ConsentCallback(
                URI.create("https://host.example.com/callback"),
                Map.of(),
                Map.of("code", List.of("c0de"))));

    assertThat(server.form()).containsEntry("client_id", "app");
    assertThat(server.latest().containsHeader("Authorization")).isFalse();
  }

  @Test
  void scopesAndParametersOfTheSchemeAreSentButDoNotReplaceTheGrant() {
    ask(
        scheme()
            .scopes("tickets.read", "tickets.write")
            .tokenParameter("audience", "https://api.example.com")
            .tokenParameter("grant_type", "password"));

    assertThat(server.form())
        .containsOnly(
            entry("grant_type", "client_credentials"),
            entry("scope", "tickets.read tickets.write"),
            entry("audience", "https://api.example.com"));
  }

  @Test
  void theTokenUrlIsATemplateAndKeepsItsQuery() {
    connection.parameter("path", "token");
    String template = server.url().replace("/token", "/{path}?api-version=2");

    ask(OAuth2Scheme.clientCredentials(template));

    assertThat(server.latest().getUrl()).isEqualTo("/token?api-version=2");
    assertThat(server.latest().getHeader("Accept")).isEqualTo("application/json");
  }

  @Test
  void aClientThatNobodyRegisteredIsAMatterOfConfiguration() {
    assertConfiguration(
        scheme().clientOfHost(),
        "Connection 'c1': no client is registered for connector 'tickets'");
  }

  @Test
  void aRegisteredClientWithoutSecretCannotActOnItsOwnBehalf() {
    connection.registered(ClientRegistration.publicClient("app"));

    assertConfiguration(
        scheme().clientOfHost(), "Connection 'c1': the client registered for it has no secret");
  }

  @Test
  void aConnectionWithoutClientSecretIsNamed() {
    connection.secret(OAuth2Scheme.CLIENT_SECRET, "");

    assertConfiguration(scheme(), "Connection 'c1': the parameter 'client_secret' has no value");
  }

  @Test
  void aConnectionWithoutClientIdIsNamed() {
    connection.parameter(OAuth2Scheme.CLIENT_ID, " ");

    assertConfiguration(scheme(), "Connection 'c1': the parameter 'client_id' has no value");
  }

  private static OAuth2Scheme scheme() {
    return OAuth2Scheme.clientCredentials(server.url());
  }

  private void ask(OAuth2Scheme scheme) {
    connection.open(scheme).authenticate(new TestRequest());
  }

  private static String headerOfTheRequest() {
    String header = server.latest().getHeader("Authorization");
    return new String(Base64.getDecoder().decode(header.substring("Basic ".length())), UTF_8);
  }

  private static String decoded(String jwt, int part) {
    return new String(
        Base64.getUrlDecoder().decode(List.of(jwt.split("\\.", -1)).get(part)), UTF_8);
  }

  private static String signature(String jwt) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(SECRET.getBytes(UTF_8), "HmacSHA256"));
      byte[] signed = mac.doFinal(jwt.substring(0, jwt.lastIndexOf('.')).getBytes(UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(signed);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> basicOfTheRequest() {
    String pair = headerOfTheRequest();
    return pair.lines()
        .flatMap(line -> List.of(line.split(":", -1)).stream())
        .map(part -> URLDecoder.decode(part, UTF_8))
        .toList();
  }

  private void assertConfiguration(OAuth2Scheme scheme, String message) {
    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(() -> ask(scheme))
        .withMessage(message)
        .extracting(AuthenticationException::reason)
        .isEqualTo(Reason.CONFIGURATION);
    assertThat(server.requests()).isZero();
  }
}
