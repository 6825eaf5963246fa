package dev.connectorsdk.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.auth.BearerScheme;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.OAuth2Scheme.ClientAuthentication;
import dev.connectorsdk.api.auth.OAuth2Scheme.Grant;
import dev.connectorsdk.api.auth.OAuth2Scheme.Renewal;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the settings of an identity provider become. */
class OAuthSettingsTest {

  @TempDir private Path temp;
  private Folder folder;

  @BeforeEach
  void aFolder() {
    folder = Folder.in(temp);
  }

  @Test
  void renewingMayHaveAUrlOfItsOwn() {
    standard("'refreshUrl': {'value': 'https://id.example/refresh'}", "");

    assertThat(scheme().refresh().url()).isEqualTo("https://id.example/refresh");
    assertThat(scheme().endpoints())
        .containsExactly("https://id.example/token", "https://id.example/refresh");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{endpoint=}", "{endpoint=https://id.example/token}", "{endpoint}", "{"})
  void aUrlInBracesIsNoUrl(String url) {
    standard("'refreshUrl': {'value': '" + url + "'}", "");

    assertThat(folder.load().report().toString())
        .contains("the URL at which it renews tokens is not https, or not a plain URL");
  }

  @Test
  void aPageWithARouteCanBeWhereUsersSignIn() {
    signIn(
        """
        'identityProvider': 'oauth2', 'customParameters': {
          'authorizationUrl': {'value': 'https://go.example/#/authorize'},
          'tokenUrl': {'value': 'https://id.example/token'}}
        """,
        "");

    assertThat(scheme().authorizationUrl()).isEqualTo("https://go.example/#/authorize");
  }

  @Test
  void aConnectionMayBringItsOwnClient() {
    standard(
        "",
        """
        , 'token:ClientId': {'type': 'string'}, 'token:clientSecret': {'type': 'securestring'}
        """);

    assertThat(scheme().ownClientId()).isEqualTo("token:ClientId");
    assertThat(scheme().ownClientSecret()).isEqualTo("token:clientSecret");
    assertThat(scheme().isClientFromConnection()).isFalse();
    assertThat(folder.report().authOptions()).noneMatch(DefinitionReport.Auth::isLimited);
  }

  @Test
  void parametersReplaceTheSettingsOfTheSameName() {
    standard(
        "",
        """
        , 'token:authorizationUrl': {'type': 'string'}, 'token:tokenUrl': {'type': 'string'}
        , 'token:scopes': {'type': 'string'}
        """);

    assertThat(scheme().authorizationUrl())
        .isEqualTo("{token:authorizationUrl=https://id.example/authorize}");
    assertThat(scheme().tokenUrl()).isEqualTo("{token:tokenUrl=https://id.example/token}");
    assertThat(scheme().scopes()).containsExactly("{token:scopes=read}");
  }

  @Test
  @DisplayName("H5: URLs that the connection gives stand for settings that are none")
  void urlsOfTheConnectionStandForSettingsThatAreNone() {
    signIn(
        """
        'identityProvider': 'oauth2', 'customParameters': {'authorizationUrl': {'value': '/sign-in'},
          'tokenUrl': {'value': '/token'}, 'refreshUrl': {'value': '/token'}}
        """,
        """
        , 'token:authorizationUrl': {'type': 'string'}, 'token:tokenUrl': {'type': 'string'}
        , 'token:refreshUrl': {'type': 'string'}
        """);

    assertThat(scheme().authorizationUrl()).isEqualTo("{token:authorizationUrl}");
    assertThat(scheme().tokenUrl()).isEqualTo("{token:tokenUrl}");
    assertThat(scheme().refresh().url()).isEqualTo("{token:refreshUrl}");
    assertThat(folder.report().authOptions()).noneMatch(DefinitionReport.Auth::isLimited);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://global.consent.azure-apim.net/redirect",
        "https://global.consent.azure-apim.net/redirect/desk-5f0a",
        "https%3A%2F%2Fglobal.consent.azure-apim.net%2fredirect",
        "https://europe-002.consent.azure-apim.net/redirect",
        "https://msmanaged-na.azure-apim.net/redirect",
        "https://other.example.com/callback"
      })
  @DisplayName("H5: a sign-in returns to the host, whatever page the definition has written out")
  void aSignInReturnsToTheHost(String page) {
    signIn(
        """
        'identityProvider': 'oauth2generic', 'customParameters': {
          'authorizationUrlTemplate': {'value': 'https://id.example/auth'},
          'authorizationUrlQueryStringTemplate': {'value': '?redirect_uri=%1$s&state={State}'},
          'tokenUrlTemplate': {'value': 'https://id.example/token'},
          'tokenBodyTemplate': {'value': 'code={Code}&redirect_uri=%1$s'},
          'refreshBodyTemplate': {'value': 'refresh_token={RefreshToken}&redirect_uri=%1$s'}}
        """
            .formatted(page),
        "");

    assertThat(scheme().authorization().parameters())
        .containsEntry("redirect_uri", "{redirect_uri}");
    assertThat(scheme().exchange().parameters()).containsEntry("redirect_uri", "{redirect_uri}");
    assertThat(scheme().refresh().parameters()).containsEntry("redirect_uri", "{redirect_uri}");
  }

  @Test
  void placeholdersHaveSynonymsAndMayBeSettings() {
    generic("client_id={client_id}&redirect_uri={RedirectUri}&scope={Scope}&state={State}&a={Aud}");

    assertThat(scheme().authorization().parameters())
        .containsExactly(
            entry("client_id", "{client_id}"),
            entry("redirect_uri", "{redirect_uri}"),
            entry("scope", "{scope}"),
            entry("state", "{state}"),
            entry("a", "api"));
  }

  @Test
  void aPlaceholderThatNothingGivesAValueIsALimitation() {
    generic("client_id={ClientId}&login={LoginHint}&state={State}&domain={Domain}");

    assertThat(folder.report().authOptions())
        .extracting(DefinitionReport.Auth::limitation)
        .first()
        .asString()
        .startsWith("its templates ask for Domain, LoginHint, which nothing gives a value");
  }

  private void generic(String query) {
    signIn(
        """
        'identityProvider': 'oauth2generic', 'customParameters': {
          'authorizationUrlTemplate': {'value': 'https://id.example/auth'},
          'authorizationUrlQueryStringTemplate': {'value': '?%s'},
          'tokenUrlTemplate': {'value': 'https://id.example/token'},
          'Aud': {'value': 'api'}, 'Domain': {'value': '{other}'}}
        """
            .formatted(query),
        "");
  }

  @Test
  @DisplayName("H5: no token is renewed at the page to which sign-ins return")
  void noTokenIsRenewedAtThePageToWhichSignInsReturn() {
    standard("'refreshUrl': {'value': 'https://global.consent.azure-apim.net/redirect'}", "");

    assertThat(scheme().refresh().url()).isEqualTo("https://id.example/token");
  }

  @Test
  void templatesOfAGenericProviderBecomeTemplatesWhateverTheirCase() {
    signIn(
        """
        'identityProvider': 'oauth2generic', 'scopes': ['a', 'b'], 'customParameters': {
          'AuthorizationUrlTemplate': {'value': 'https://accounts.{customhost}/auth'},
          'authorizationUrlQueryStringTemplate': {'value':
            '?client_id={clientId}&redirect_uri={REDIRECTURL}&scope={Scopes}&state={state}&x=a%20b'},
          'tokenUrlTemplate': {'value': 'https://accounts.{CustomHost}/token'},
          'tokenUrlQueryStringTemplate': {'value': '?op=token&org={OrgName}'},
          'tokenBodyTemplate': {'value': 'code={Code}&client_secret={ClientSecret}&free={Free}'},
          'refreshBodyTemplate': {'value': 'grant_type=refresh_token&t={RefreshToken}&code={Code}'},
          'free': {'value': 'constant'},
          'scopeListDelimiter': {'value': ','}}
        """,
        ", 'token:CustomHost': {'type': 'string'}, 'token:orgName': {'type': 'string'}");

    OAuth2Scheme scheme = scheme();
    assertThat(scheme.authorization().url()).isEqualTo("https://accounts.{token:CustomHost}/auth");
    assertThat(scheme.authorization().parameters())
        .containsExactly(
            entry("client_id", "{client_id}"),
            entry("redirect_uri", "{redirect_uri}"),
            entry("scope", "{scope}"),
            entry("state", "{state}"),
            entry("x", "a b"));
    assertThat(scheme.exchange().url())
        .isEqualTo("https://accounts.{token:CustomHost}/token?op=token&org={token:orgName}");
    assertThat(scheme.exchange().parameters())
        .containsExactly(
            entry("code", "{code}"),
            entry("client_secret", "{client_secret}"),
            entry("free", "constant"));
    assertThat(scheme.refresh().parameters())
        .containsExactly(
            entry("grant_type", "refresh_token"),
            entry("t", "{refresh_token}"),
            entry("code", "{code}"));
    assertThat(scheme.scopeSeparator()).isEqualTo(",");
    assertThat(scheme.clientAuthentication()).isEqualTo(ClientAuthentication.AS_WRITTEN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'authorizationUrlQueryStringTemplate': {'value': '?response_type=token&state={State}'}",
        "'authorizationUrlQueryStringTemplate': {'value': '?response_type=code%20Token'}",
        "'tokenBodyTemplate': {'value': 'grant_type=password&username=u&password=p'}"
      })
  @DisplayName("A1: a template of the implicit or the password grant is no way to sign in")
  void outdatedGrantsAreNoWayToSignIn(String template) {
    signIn(
        """
        'identityProvider': 'oauth2generic', 'customParameters': {
          'authorizationUrlTemplate': {'value': 'https://id.example/auth'},
          'tokenUrlTemplate': {'value': 'https://id.example/token'}, %s}
        """
            .formatted(template),
        "");

    assertThat(folder.load().connector().authOptions())
        .extracting(AuthOption::scheme)
        .containsExactly(new BearerScheme("token"));
    assertThat(folder.report().authOptions())
        .singleElement()
        .extracting(DefinitionReport.Auth::limitation)
        .asString()
        .contains("implicit or the password grant");
  }

  @Test
  void aParameterForAWholeHostTakesAHostAndNothingElse() {
    signIn(
        """
        'identityProvider': 'oauth2generic', 'customParameters': {
          'authorizationUrlTemplate': {'value': 'https://{Host}/auth'},
          'tokenUrlTemplate': {'value': 'https://{Site}.example.com/token'}}
        """,
        ", 'token:Host': {'type': 'string'}, 'token:Site': {'type': 'string'}");

    assertThat(parameter("token:Host").pattern().matcher("id.example.org").matches()).isTrue();
    assertThat(parameter("token:Host").pattern().matcher("id.example.org/x").matches()).isFalse();
    assertThat(parameter("token:Site").pattern()).isNull();
  }

  @Test
  void missingTemplatesAreTheUsualOnes() {
    signIn(
        """
        'identityProvider': 'oauth2generic', 'scopes': ['full'], 'customParameters': {
          'authorizationUrlTemplate': {'value': 'https://id.example/auth'},
          'tokenUrlTemplate': {'value': 'https://id.example/token'}}
        """,
        "");

    assertThat(scheme().authorization().parameters().keySet())
        .containsExactly("response_type", "client_id", "redirect_uri", "scope", "state");
    assertThat(scheme().exchange().parameters().keySet())
        .containsExactly("client_id", "client_secret", "code", "redirect_uri", "grant_type");
    assertThat(scheme().refresh().url()).isEqualTo("https://id.example/token");
    assertThat(scheme().refresh().parameters())
        .containsEntry("grant_type", "refresh_token")
        .containsEntry("refresh_token", "{refresh_token}");
    assertThat(scheme().renewal()).isEqualTo(Renewal.REFRESH_TOKEN);
  }

  @Test
  void aRenewalWithoutAUrlMeansThatTokensDoNotExpire() {
    signIn(
        """
        'identityProvider': 'oauth2generic', 'customParameters': {
          'authorizationUrlTemplate': {'value': 'https://id.example/auth'},
          'tokenUrlTemplate': {'value': 'https://id.example/token'},
          'RefreshUrlTemplate': null}
        """,
        "");

    assertThat(scheme().renewal()).isEqualTo(Renewal.NEVER);
  }

  @Test
  void additionalParametersCountOnlyForTheirRegion() {
    signIn(
        """
        'identityProvider': 'oauth2generic', 'customParameters': {
          'authorizationUrlTemplate': {'value': 'https://{US_domain}{EU_domain}/auth'},
          'tokenUrlTemplate': {'value': 'https://api.{US_domain}{EU_domain}/token'},
          'tokenBodyTemplate': {'value': 'client_id={US_clientId}{EU_clientId}&code={Code}'},
          'uS_domain': {'value': 'vault.example.com'}, 'eU_domain': {'value': 'eu.example.com'},
          'uS_clientId': {'value': 'x'}, 'eU_clientId': {'value': 'y'}},
        'additionalParameters': {
          'uS_domain': {'applicableWhen': [{'parameter': 'region', 'oneOf': [null, 'US']}]},
          'uS_clientId': {'applicableWhen': [{'parameter': 'region', 'oneOf': [null, 'US']}]},
          'eU_domain': {'applicableWhen': [{'parameter': 'region', 'oneOf': ['EU']}]},
          'eU_clientId': {'applicableWhen': [{'parameter': 'region', 'oneOf': ['EU']}]}}
        """,
        ", 'token:region': {'type': 'string'}");

    assertThat(scheme().tokenUrl())
        .isEqualTo(
            "https://api.{token:region?,US=vault.example.com}{token:region?EU=eu.example.com}/token");
    assertThat(scheme().exchange().parameters()).containsEntry("client_id", "{client_id}");
  }

  @Test
  void entraIdTakesTenantAndResourceFromTheConnection() {
    signIn(
        """
        'identityProvider': 'aad', 'customParameters': {
          'loginUri': {'value': 'https://login.example'}, 'tenantId': {'value': 'common'},
          'resourceUri': {'value': '{{ resourceUri }}'}}
        """,
        ", 'token:TenantId': {'type': 'string'}, 'token:resourceUri': {'type': 'string'}");

    assertThat(scheme().tokenUrl())
        .isEqualTo("https://login.example/{token:TenantId=common}/oauth2/token");
    assertThat(scheme().tokenParameters()).containsEntry("resource", "{token:resourceUri}");
    assertThat(scheme().authorizationParameters()).containsEntry("resource", "{token:resourceUri}");
  }

  @Test
  void aGrantThatTheConnectionChoosesIsAnOptionOfItsOwn() {
    signIn(
        """
        'identityProvider': 'aad', 'customParameters': {
          'resourceUri': {'value': 'https://api.example'}}
        """,
        """
        , 'token:grantType': {'type': 'string'}, 'token:clientId': {'type': 'string'}
        , 'token:clientSecret': {'type': 'securestring'}
        """);

    List<AuthOption> options = folder.load().connector().authOptions();
    assertThat(options).extracting(AuthOption::id).containsExactly("oauth2", "oauth2-application");
    OAuth2Scheme application = (OAuth2Scheme) options.get(1).scheme();
    assertThat(application.grant()).isEqualTo(Grant.CLIENT_CREDENTIALS);
    assertThat(application.needsConsent()).isFalse();
    assertThat(application.ownClientId()).isEqualTo("token:clientId");
    assertThat(application.tokenParameters()).containsEntry("resource", "https://api.example");
  }

  @Test
  void entraIdIsAskedForARefreshTokenWhereAUserSignsInForScopes() {
    signIn(
        """
        'identityProvider': 'aad', 'scopes': ['api://tickets/.default'],
        'customParameters': {'enableOnbehalfOfLogin': {'value': 'true'}}
        """,
        ", 'token:grantType': {'type': 'string'}");

    assertThat(folder.load().connector().authOptions())
        .extracting(option -> ((OAuth2Scheme) option.scheme()).scopes())
        .containsExactly(
            List.of("api://tickets/.default", "offline_access"),
            List.of("api://tickets/.default"),
            List.of("api://tickets/.default"));
  }

  @Test
  void entraIdIsAskedForWhatWasGrantedWhenATokenIsRenewed() {
    signIn("'identityProvider': 'aad', 'scopes': ['User.Read'], 'customParameters': {}", "");

    assertThat(scheme().refresh().parameters()).containsEntry("scope", "{scope} offline_access");
  }

  @Test
  void onBehalfOfIsOfferedWhereTheDefinitionSwitchesItOn() {
    signIn(
        """
        'identityProvider': 'aad', 'customParameters': {
          'resourceUri': {'value': 'https://api.example'},
          'enableOnbehalfOfLogin': {'value': 'true'}}
        """,
        "");

    assertThat(folder.load().connector().authOptions())
        .extracting(AuthOption::id)
        .containsExactly("oauth2", "oauth2-on-behalf-of");
  }

  @Test
  void scopesMayBePlaceholders() {
    signIn(
        "'identityProvider': 'aad', 'scopes': ['{Scope}'], 'customParameters': {}",
        ", 'token:Scope': {'type': 'string'}");

    assertThat(scheme().scopes()).containsExactly("{token:Scope}", "offline_access");
    assertThat(scheme().tokenUrl()).endsWith("/oauth2/v2.0/token");
  }

  @ParameterizedTest
  @CsvSource({
    "facebook, https://graph.facebook.com/oauth/access_token",
    "DocuSign, https://account.docusign.com/oauth/token",
    "Google, https://oauth2.googleapis.com/token",
    "github, https://github.com/login/oauth/access_token",
    "dropbox, https://api.dropboxapi.com/oauth2/token",
    "SalesforceV2, https://login.salesforce.com/services/oauth2/token",
    "linkedin, https://www.linkedin.com/oauth/v2/accessToken",
    "yammer, https://www.yammer.com/oauth2/access_token"
  })
  void providersThatAreOnlyNamedAreKnown(String name, String tokenUrl) {
    signIn("'identityProvider': '" + name + "'", "");

    assertThat(scheme().tokenUrl()).isEqualTo(tokenUrl);
    assertThat(folder.report().authOptions()).noneMatch(DefinitionReport.Auth::isLimited);
  }

  private OAuth2Scheme scheme() {
    return (OAuth2Scheme) folder.load().connector().authOptions().get(0).scheme();
  }

  private ConnectionParameter parameter(String name) {
    return folder.load().connector().parameters().stream()
        .filter(parameter -> parameter.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private void standard(String custom, String parameters) {
    signIn(
        """
        'identityProvider': 'oauth2', 'scopes': ['read'], 'customParameters': {
          'authorizationUrl': {'value': 'https://id.example/authorize'},
          'tokenUrl': {'value': 'https://id.example/token'}
        """
            + (custom.isEmpty() ? "" : "," + custom)
            + "}",
        parameters);
  }

  private void signIn(String settings, String parameters) {
    folder.paths("");
    folder.connectionParameters(
        "'token': {'type': 'oauthSetting', 'oAuthSettings': {" + settings + "}}" + parameters);
  }
}
