package dev.connectorsdk.auth;

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
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("B2")
class ClientAuthenticationTest {

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

  private static List<String> basicOfTheRequest() {
    String header = server.latest().getHeader("Authorization");
    String pair =
        new String(Base64.getDecoder().decode(header.substring("Basic ".length())), UTF_8);
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
