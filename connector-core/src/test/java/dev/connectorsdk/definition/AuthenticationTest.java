package dev.connectorsdk.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.auth.ApiKeyScheme;
import dev.connectorsdk.api.auth.ApiKeyScheme.Placement;
import dev.connectorsdk.api.auth.BasicScheme;
import dev.connectorsdk.api.auth.BearerScheme;
import dev.connectorsdk.api.auth.NoneScheme;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.OAuth2Scheme.ClientAuthentication;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthenticationTest {

  private static final String KEY_IN_HEADER =
      "'securityDefinitions': {'undefined': {'type': 'apiKey', 'in': 'header', 'name': 'X-Key'}}";
  private static final String SECURE = "{'type': 'securestring'}";

  @TempDir Path temp;
  private Folder folder;

  @BeforeEach
  void aFolder() {
    folder = Folder.in(temp);
  }

  @Test
  void withoutAnyParameterRequestsGoOutAsTheyAre() {
    folder.paths("");

    assertThat(onlyOption().scheme()).isEqualTo(NoneScheme.INSTANCE);
    assertThat(folder.report().authOptions())
        .containsExactly(
            new DefinitionReport.Auth("none", "No authentication", null, true, List.of()));
  }

  @Test
  void theParameterCalledApiKeyIsTheKeyWhateverTheDefinitionIsCalled() {
    security(KEY_IN_HEADER);
    folder.connectionParameters("'API_Key': " + SECURE + ", 'other': " + SECURE);

    assertThat(keys())
        .containsExactly(new ApiKeyScheme.Key(Placement.HEADER, "X-Key", "", "API_Key"));
    assertThat(names(onlyOption().parameters())).containsExactly("API_Key");
    assertThat(names(connector().parameters())).containsExactly("other");
  }

  @Test
  void aKeyMayTravelInTheQuery() {
    security("'securityDefinitions': {'k': {'type': 'apiKey', 'in': 'query', 'name': 'appid'}}");
    folder.connectionParameters("'api_key': " + SECURE);

    assertThat(keys())
        .containsExactly(new ApiKeyScheme.Key(Placement.QUERY, "appid", "", "api_key"));
  }

  @ParameterizedTest
  @CsvSource({
    "API Key,     X-Any,         apiKey",
    "whatever,    Account Token, accountToken",
    "App_Secret,  X-Any,         appsecret",
    "whatever,    X-Any,         onlySecret"
  })
  void anotherParameterIsTheKeyIfItIsNamedLikeItOrTheOnlySecret(
      String definition, String name, String parameter) {
    security(
        "'securityDefinitions': {'%s': {'type': 'apiKey', 'in': 'query', 'name': '%s'}}"
            .formatted(definition, name));
    folder.connectionParameters(
        "'site': {'type': 'string'}, '" + parameter + "': {'type': 'securestring'}");

    assertThat(keys()).extracting(ApiKeyScheme.Key::parameter).containsExactly(parameter);
  }

  @Test
  void aTextThatTurnsOutToBeTheKeyIsASecret() {
    security("'securityDefinitions': {'Account': {'type': 'apiKey', 'in': 'query', 'name': 'a'}}");
    folder.connectionParameters(
        "'account': {'type': 'string', 'uiDefinition': {'displayName': 'Account'}}");

    assertThat(onlyOption().parameters())
        .singleElement()
        .satisfies(p -> assertThat(p.isSecret()).isTrue())
        .satisfies(p -> assertThat(p.title()).isEqualTo("Account"));
  }

  @Test
  void theOnlySecretIsNotTheKeyIfAPolicySendsItThere() {
    security(KEY_IN_HEADER);
    folder.properties(
        """
        {'properties': {'connectionParameters': {'pass': {'type': 'securestring'}},
          'policyTemplateInstances': [{'templateId': 'setheader', 'parameters': {
            'x-ms-apimTemplateParameter.name': 'x-key',
            'x-ms-apimTemplateParameter.value': 'Token @connectionParameters(#pass#)'}}]}}
        """
            .replace("#", "\\u0027"));

    assertThat(onlyOption().scheme()).isEqualTo(NoneScheme.INSTANCE);
  }

  @Test
  void aDefinitionThatNothingFitsIsReported() {
    security(KEY_IN_HEADER);
    folder.connectionParameters("'a': " + SECURE + ", 'b': " + SECURE);

    assertThat(onlyOption().scheme()).isEqualTo(NoneScheme.INSTANCE);
    assertThat(folder.report().authOptions())
        .extracting(DefinitionReport.Auth::limitation)
        .containsExactly(
            "no connection parameter fits the security definition 'undefined': requests go out"
                + " without it");
  }

  @Test
  void ofAlternativesTheFirstThatCanBeBoundIsUsedAlone() {
    security(
        """
        'securityDefinitions': {
          'login': {'type': 'oauth2'},
          'inHeader': {'type': 'apiKey', 'in': 'header', 'name': 'Subscription'},
          'inQuery': {'type': 'apiKey', 'in': 'query', 'name': 'subscription'}},
        'security': [{'login': []}, {'unknown': []}, {'inHeader': []}, {'inQuery': []}]
        """);
    folder.connectionParameters("'api_key': " + SECURE);

    assertThat(keys())
        .containsExactly(new ApiKeyScheme.Key(Placement.HEADER, "Subscription", "", "api_key"));
  }

  @Test
  void ofWhatIsRequiredTogetherEachSetSendsWhatItHas() {
    security(
        """
        'securityDefinitions': {
          'login': {'type': 'basic'}, 'token': {'type': 'apiKey', 'in': 'header', 'name': 'X-Token'}},
        'security': [{'login': [], 'token': []}]
        """);
    folder.properties(
        """
        {'properties': {'connectionParameterSets': {'values': [
          {'name': 'token', 'parameters': {'api_key': {'type': 'securestring'}}},
          {'name': 'login', 'parameters': {
            'username': {'type': 'string'}, 'password': {'type': 'securestring'}}}]}}}
        """);

    assertThat(connector().authOptions())
        .extracting(AuthOption::scheme)
        .containsExactly(
            new ApiKeyScheme(
                List.of(new ApiKeyScheme.Key(Placement.HEADER, "X-Token", "", "api_key"))),
            BasicScheme.standard());
    assertThat(folder.report().authOptions())
        .extracting(DefinitionReport.Auth::limitation)
        .containsOnlyNulls();
  }

  @Test
  void keysThatAreRequiredTogetherAreSentTogether() {
    security(
        """
        'securityDefinitions': {
          'main': {'type': 'apiKey', 'in': 'header', 'name': 'X-Key'},
          'app': {'type': 'apiKey', 'in': 'query', 'name': 'app_id'}},
        'security': [{'main': [], 'app': []}]
        """);
    folder.connectionParameters("'api_key': " + SECURE + ", 'appId': " + SECURE);

    assertThat(keys())
        .containsExactly(
            new ApiKeyScheme.Key(Placement.HEADER, "X-Key", "", "api_key"),
            new ApiKeyScheme.Key(Placement.QUERY, "app_id", "", "appId"));
  }

  @Test
  void nameAndPasswordMakeBasicAuthentication() {
    security("'securityDefinitions': {'b': {'type': 'basic'}}");
    folder.connectionParameters("'username': {'type': 'string'}, 'password': {'type': 'string'}");

    assertThat(onlyOption().scheme()).isEqualTo(BasicScheme.standard());
    assertThat(onlyOption().parameters())
        .extracting(Object::toString)
        .containsExactly("username (text)", "password (secret)");
  }

  @Test
  void ofNameAndPasswordOneMayBeMissingAndTheNameMayBeSecret() {
    security("'securityDefinitions': {'b': {'type': 'basic'}}");
    folder.connectionParameters("'Username': " + SECURE);

    assertThat(onlyOption().scheme()).isEqualTo(new BasicScheme("Username", "password"));
    assertThat(onlyOption().parameters())
        .filteredOn(p -> p.name().equals("Username"))
        .singleElement()
        .matches(ConnectionParameter::isSecret);
    assertThat(onlyOption().parameters())
        .filteredOn(p -> p.name().equals("password"))
        .singleElement()
        .matches(p -> p.isHidden() && !p.isRequired());
  }

  @Test
  void anOAuthParameterAloneMakesASignIn() {
    folder.paths("");
    signIn(
        """
        'identityProvider': 'OAuth2', 'clientId': '[[PLACEHOLDER]]',
        'scopes': ['read write,admin', 'read'],
        'customParameters': {
          'AuthorizationUrl': {'value': 'https://id.parcels.example/authorize'},
          'tokenUrl': {'value': 'https://id.parcels.example/token'},
          'refreshUrl': {'value': ''}}
        """);

    OAuth2Scheme scheme = (OAuth2Scheme) onlyOption().scheme();
    assertThat(onlyOption().id()).isEqualTo("oauth2");
    assertThat(scheme.grant()).isEqualTo(OAuth2Scheme.Grant.AUTHORIZATION_CODE);
    assertThat(scheme.authorizationUrl()).isEqualTo("https://id.parcels.example/authorize");
    assertThat(scheme.tokenUrl()).isEqualTo("https://id.parcels.example/token");
    assertThat(scheme.scopes()).containsExactly("read", "write", "admin");
    assertThat(scheme.clientAuthentication()).isEqualTo(ClientAuthentication.POST_OR_BASIC);
    assertThat(scheme.usesPkce()).isFalse();
    assertThat(scheme.isClientFromConnection()).isFalse();
    assertThat(folder.report().authOptions())
        .containsExactly(
            new DefinitionReport.Auth("oauth2", "Sign in", null, false, List.of("PKCE is off")));
  }

  @Test
  void aSignInWinsOverAKeyThatNoParameterHolds() {
    security(
        """
        'securityDefinitions': {
          'k': {'type': 'apiKey', 'in': 'header', 'name': 'X-Key'}, 'o': {'type': 'oauth2'}}
        """);
    signIn(plainSignIn("'refreshUrl': {'value': 'https://id.parcels.example/token'}"));

    assertThat(onlyOption().scheme()).isInstanceOf(OAuth2Scheme.class);
    assertThat(folder.report().authOptions()).noneMatch(DefinitionReport.Auth::isLimited);
  }

  @ParameterizedTest
  @ValueSource(strings = {"implicit", "password", "application", "accessCode"})
  @DisplayName("A1: whatever flow a definition names, users sign in by codes, and nobody without")
  void usersSignInByCodes(String flow) {
    String security =
        """
        'securityDefinitions': {'o': {'type': 'oauth2', 'flow': '%s', 'scopes': {},
          'authorizationUrl': 'https://id.parcels.example/authorize',
          'tokenUrl': 'https://id.parcels.example/token'}},
        'security': [{'o': []}]
        """
            .formatted(flow);
    security(security);
    assertThat(onlyOption().scheme()).isEqualTo(NoneScheme.INSTANCE);
    assertThat(folder.report().authOptions())
        .extracting(DefinitionReport.Auth::limitation)
        .containsExactly(
            "no connection parameter fits the security definition 'o': requests go out without it");

    signIn(plainSignIn(""));

    assertThat(onlyOption().scheme())
        .isInstanceOfSatisfying(
            OAuth2Scheme.class,
            scheme -> {
              assertThat(scheme.grant()).isEqualTo(OAuth2Scheme.Grant.AUTHORIZATION_CODE);
              assertThat(scheme.authorization().parameters())
                  .containsEntry("response_type", "code");
            });
  }

  @Test
  void entraIdSignsInForAResource() {
    folder.paths("");
    signIn(
        """
        'identityProvider': 'aad', 'scopes': ['User.Read'], 'customParameters': {
          'loginUri': {'value': 'https://login.windows.net/'},
          'tenantId': {'value': 'common'},
          'resourceUri': {'value': 'https://graph.example'}}
        """);

    OAuth2Scheme scheme = (OAuth2Scheme) onlyOption().scheme();
    assertThat(scheme.authorizationUrl())
        .isEqualTo("https://login.windows.net/common/oauth2/authorize");
    assertThat(scheme.tokenUrl()).isEqualTo("https://login.windows.net/common/oauth2/token");
    assertThat(scheme.authorizationParameters())
        .isEqualTo(Map.of("resource", "https://graph.example", "prompt", "select_account"));
    assertThat(scheme.tokenParameters()).isEqualTo(Map.of("resource", "https://graph.example"));
    assertThat(scheme.scopes()).isEmpty();
  }

  @Test
  void entraIdWithoutAResourceSignsInForScopes() {
    folder.paths("");
    signIn(
        """
        'identityProvider': 'aadCertificate', 'scopes': ['api://x/.default offline_access'],
        'customParameters': {
          'loginUriAAD': {'value': 'https://login.example'}, 'tenantId': {}}
        """);

    OAuth2Scheme scheme = (OAuth2Scheme) onlyOption().scheme();
    assertThat(scheme.authorizationUrl())
        .isEqualTo("https://login.example/common/oauth2/v2.0/authorize");
    assertThat(scheme.tokenUrl()).isEqualTo("https://login.example/common/oauth2/v2.0/token");
    assertThat(scheme.scopes()).containsExactly("api://x/.default", "offline_access");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'identityProvider': 'unheard-of'                         | sign-in by 'unheard-of' is not",
        "'clientId': 'x'                                          | does not say how to sign in",
        "'identityProvider': 'oauth2'                             | sign-in or token URL is missing",
        "'identityProvider': 'aad'                                | neither a resource nor scopes",
        "'identityProvider': 'oauth2generic'                      | URL is missing"
      })
  void aSignInThatCannotBeDoneTakesAnAccessTokenInstead(String settings, String reason) {
    folder.paths("");
    signIn(settings);

    assertThat(onlyOption().id()).isEqualTo("token-bearer");
    assertThat(onlyOption().scheme()).isEqualTo(new BearerScheme("token"));
    assertThat(onlyOption().parameters())
        .extracting(Object::toString)
        .containsExactly("token (secret)");
    assertThat(folder.report().authOption("token-bearer").orElseThrow().limitation())
        .contains(reason)
        .endsWith("; an access token can be given instead");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "http://id.example/a     | https://id.example/t",
        "https://{Host}/a        | https://id.example/t",
        "https://id.example/a    | https://<replace me>",
        "https://id.example/a    | @connectionParameters(x)",
      })
  @Tag("H4")
  void aUrlThatIsNotPlainIsNeverSignedInAt(String authorize, String token) {
    folder.paths("");
    signIn(
        "'identityProvider': 'oauth2', 'customParameters': {'authorizationUrl': {'value': '%s'}, 'tokenUrl': {'value': '%s'}}"
            .formatted(authorize, token));

    assertThat(onlyOption().scheme()).isInstanceOf(BearerScheme.class);
  }

  @Test
  void eachParameterSetIsAnOptionAndThePlainParametersAreNot() {
    security(KEY_IN_HEADER);
    folder.properties(
        """
        {'properties': {
          'connectionParameters': {'old': {'type': 'securestring'}},
          'connectionParameterSets': {'values': [
            {'name': 'key auth', 'uiDefinition': {'displayname': 'With a key'},
             'parameters': {'api_key': {'type': 'securestring'}, 'site': {'type': 'string'}}},
            {'name': 'login', 'metadata': {'allowSharing': true},
             'parameters': {'token': {'type': 'oAuthSetting', 'oauthSettings': {%s}}}},
            {'name': 'login', 'parameters': {'token': {'type': 'oauthSetting'}}}]}}}
        """
            .formatted(plainSignIn("")));

    assertThat(connector().parameters()).isEmpty();
    assertThat(connector().authOptions())
        .extracting(AuthOption::id)
        .containsExactly("key-auth", "login", "login-bearer");
    assertThat(names(connector().authOptions().get(0).parameters()))
        .containsExactly("api_key", "site");
    assertThat(folder.report().authOptions())
        .extracting(DefinitionReport.Auth::title, DefinitionReport.Auth::shareable)
        .containsExactly(tuple("With a key", true), tuple("login", true), tuple("login", false));
  }

  private static final String UNUSED = "it asks for 'api_key', which no request carries";

  @Test
  @DisplayName("H5: the report says which secret no request carries")
  void theReportSaysWhichSecretNoRequestCarries() {
    security("'securityDefinitions': {}");
    folder.connectionParameters("'api_key': " + SECURE + ", 'site': {'type': 'string'}");
    assertThat(limitation()).isEqualTo(UNUSED);

    security(KEY_IN_HEADER);
    folder.connectionParameters("'api_key': " + SECURE);
    assertThat(limitation()).isNull();

    folder.connectionParameters("'apiKey': " + SECURE + ", 'api_key': " + SECURE);
    assertThat(limitation()).isEqualTo("it asks for 'apiKey', which no request carries");

    security("'securityDefinitions': {}");
    withPolicy("api_key", "X-Any", "'api_key': " + SECURE);
    assertThat(limitation()).isNull();

    folder.connectionParameters("'api_key': " + SECURE);
    folder.file("script.csx", new byte[0]);
    assertThat(limitation()).isNull();
  }

  @Test
  @DisplayName("H5: a secret that a policy puts in its place is no limitation")
  void aSecretThatAPolicyPutsInItsPlaceIsNoLimitation() {
    security(KEY_IN_HEADER);
    withPolicy("subscriptionKey", "X-KEY", "'subscriptionKey': " + SECURE);
    assertThat(limitation()).isNull();
    assertThat(onlyOption().scheme()).isEqualTo(NoneScheme.INSTANCE);

    withPolicy("one", "X-Key", "'one': " + SECURE + ", 'two': " + SECURE);
    assertThat(limitation()).isEqualTo("it asks for 'two', which no request carries");

    security("'securityDefinitions': {'b': {'type': 'basic'}}");
    withPolicy("token", "authorization", "'token': " + SECURE);
    assertThat(limitation()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'securityDefinitions': {}",
        "'securityDefinitions': {}, 'security': [{'basic': []}]",
        "'securityDefinitions': {'sign-in': {'type': 'oauth2'}}, 'security': [{'basic': []}, {'sign-in': []}]"
      })
  @DisplayName("H5: a name and a password that nothing else uses are sent as such")
  void aNameAndAPasswordThatNothingElseUsesAreSentAsSuch(String security) {
    security(security);
    folder.connectionParameters("'username': " + SECURE + ", 'Password': " + SECURE);
    assertThat(onlyOption().scheme()).isEqualTo(new BasicScheme("username", "Password"));
    assertThat(limitation()).isNull();

    withPolicy("password", "X-Any", "'username': " + SECURE + ", 'password': " + SECURE);
    assertThat(onlyOption().scheme()).isEqualTo(NoneScheme.INSTANCE);
  }

  /** Writes a policy that sends a connection parameter in a header. */
  private void withPolicy(String parameter, String header, String declared) {
    folder.properties(
        """
        {'properties': {'connectionParameters': {%s}, 'policyTemplateInstances': [
          {'templateId': 'setheader', 'title': 't', 'parameters': {
            'x-ms-apimTemplateParameter.name': '%s',
            'x-ms-apimTemplateParameter.value': 'Key @connectionParameters(\\u0027%s\\u0027)'}}]}}
        """
            .formatted(declared, header, parameter));
  }

  private String limitation() {
    return folder.report().authOptions().get(0).limitation();
  }

  @Test
  @Tag("E7")
  void aParameterInTheCredentialsPlaceIsNotOffered() {
    folder
        .document(
            KEY_IN_HEADER
                + """
                , 'paths': {'/p': {'get': {'operationId': 'op', 'parameters': [
                  {'name': 'x-KEY', 'in': 'header', 'required': true, 'type': 'string'},
                  {'name': 'X-Key', 'in': 'query', 'type': 'string'}]}}}
                """)
        .connectionParameters("'api_key': " + SECURE);

    assertThat(folder.report().operation("op").orElseThrow().isSupported()).isTrue();
    assertThat(folder.action("op").input().givenSchema().path("properties").propertyNames())
        .containsExactly("X-Key");
    assertThat(folder.report().warnings())
        .extracting(Object::toString)
        .containsExactly(
            "apiDefinition.swagger.json#/paths/~1p/get: the parameter 'x-KEY' is never sent: the"
                + " connection sends its credential there");
  }

  private void security(String members) {
    folder.document(members + ", 'paths': {}");
  }

  private void signIn(String settings) {
    folder.connectionParameters(
        "'token': {'type': 'oauthSetting', 'oAuthSettings': {" + settings + "}}");
  }

  private static String plainSignIn(String more) {
    return "'identityProvider': 'oauth2', 'customParameters': {"
        + "'authorizationUrl': {'value': 'https://id.parcels.example/authorize'},"
        + "'tokenUrl': {'value': 'https://id.parcels.example/token'}"
        + (more.isEmpty() ? "" : "," + more)
        + "}";
  }

  private Connector connector() {
    return folder.load().connector();
  }

  private AuthOption onlyOption() {
    assertThat(connector().authOptions()).hasSize(1);
    return connector().authOptions().get(0);
  }

  private List<ApiKeyScheme.Key> keys() {
    return ((ApiKeyScheme) onlyOption().scheme()).keys();
  }

  private static List<String> names(List<ConnectionParameter> parameters) {
    return parameters.stream().map(ConnectionParameter::name).toList();
  }
}
