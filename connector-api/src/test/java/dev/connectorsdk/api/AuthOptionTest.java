package dev.connectorsdk.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.connectorsdk.api.auth.ApiKeyScheme;
import dev.connectorsdk.api.auth.NoneScheme;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.OAuth2Scheme.ClientAuthentication;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class AuthOptionTest {

  private static final AuthOption PERSONS =
      AuthOption.oauth2(OAuth2Scheme.authorizationCode("https://a.example", "https://t.example"));

  @Test
  void asksForWhatItsSchemeNeeds() {
    assertThat(parametersOf(AuthOption.none())).isEmpty();
    assertThat(parametersOf(AuthOption.basic()))
        .containsExactly("username (text)", "password (secret)");
    assertThat(parametersOf(AuthOption.apiKeyHeader("X-Key"))).containsExactly("api_key (secret)");
    assertThat(parametersOf(AuthOption.apiKeyQuery("key"))).containsExactly("api_key (secret)");
    assertThat(parametersOf(AuthOption.bearer())).containsExactly("token (secret)");
  }

  @Test
  void aClientOfTheConnectionIsAskedFor() {
    OAuth2Scheme scheme = OAuth2Scheme.clientCredentials("https://id.example.com/token");

    assertThat(parametersOf(AuthOption.oauth2(scheme)))
        .containsExactly("client_id (text)", "client_secret (secret)");
    assertThat(
            parametersOf(AuthOption.oauth2(scheme.clientAuthentication(ClientAuthentication.NONE))))
        .containsExactly("client_id (text)");
    assertThat(parametersOf(AuthOption.oauth2(scheme.clientOfHost()))).isEmpty();
  }

  @Test
  void aFurtherParameterComesAfterThoseOfTheScheme() {
    assertThat(parametersOf(AuthOption.bearer().asking(ConnectionParameter.text("site"))))
        .containsExactly("token (secret)", "site (text)");
  }

  @Test
  void aFurtherParameterReplacesTheSchemesOneOfThatName() {
    AuthOption option =
        AuthOption.basic().asking(ConnectionParameter.text("USERNAME").titled("Account"));

    assertThat(parametersOf(option)).containsExactly("password (secret)", "USERNAME (text)");
  }

  @Test
  void severalKeysCanComeFromOneParameter() {
    AuthOption option =
        AuthOption.of(
            "keys",
            ApiKeyScheme.header("X-Key")
                .and(ApiKeyScheme.Placement.QUERY, "key", "api_key")
                .and(ApiKeyScheme.Placement.COOKIE, "app", "app_key"));

    assertThat(parametersOf(option)).containsExactly("api_key (secret)", "app_key (secret)");
  }

  @Test
  void eachChangeReturnsACopy() {
    AuthOption option = AuthOption.none();

    assertThat(option.named("open").titled("Open"))
        .extracting(AuthOption::id, AuthOption::title, AuthOption::scheme)
        .containsExactly("open", "Open", NoneScheme.INSTANCE);
    assertThat(option).hasToString("none");
  }

  @Test
  void anIdIsAName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AuthOption.none().named("my option"))
        .withMessageStartingWith("Id of an auth option must be");
  }

  @Test
  void onlySomebodySigningInNeedsConsent() {
    assertThat(AuthOption.bearer().scheme().needsConsent()).isFalse();
    assertThat(OAuth2Scheme.clientCredentials("https://t.example").needsConsent()).isFalse();
    assertThat(
            OAuth2Scheme.authorizationCode("https://a.example", "https://t.example").needsConsent())
        .isTrue();
  }

  @Test
  @DisplayName("6.2: what the connector says decides whether a connection is shared")
  void whatTheConnectorSaysDecidesAboutSharing() {
    for (boolean custom : List.of(true, false)) {
      assertThat(PERSONS.shareable(true).sharing(custom).isAllowed()).isTrue();
      assertThat(AuthOption.basic().shareable(false).sharing(custom).isAllowed()).isFalse();
    }
  }

  @Test
  @DisplayName("6.1, 6.2: else a fixed credential is shared, and a person's sign-in is not")
  void fixedCredentialsAreSharedAndSignInsAreNot() {
    assertThat(AuthOption.basic().sharing(false).isAllowed()).isTrue();
    assertThat(PERSONS.sharing(false).isAllowed()).isFalse();
    assertThat(PERSONS.sharing(false).why()).isEqualTo("A person signs in for such a connection.");
  }

  @Test
  @DisplayName("6.2: a service's own sign-in is shared")
  void theSignInOfAServiceIsShared() {
    OAuth2Scheme ofService = OAuth2Scheme.clientCredentials("https://t.example");

    assertThat(AuthOption.oauth2(ofService).sharing(false).isAllowed()).isTrue();
  }

  @Test
  @DisplayName("6.3: users of a custom connector still create own connections")
  void usersOfACustomConnectorCreateOwnConnections() {
    assertThat(AuthOption.basic().sharing(true).isAllowed()).isFalse();
    assertThat(AuthOption.basic().sharing(true).why()).contains("custom");
  }

  private static List<String> parametersOf(AuthOption option) {
    return option.parameters().stream().map(ConnectionParameter::toString).toList();
  }
}
