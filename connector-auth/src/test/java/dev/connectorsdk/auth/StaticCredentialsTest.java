package dev.connectorsdk.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

import dev.connectorsdk.api.auth.ApiKeyScheme;
import dev.connectorsdk.api.auth.ApiKeyScheme.Placement;
import dev.connectorsdk.api.auth.AuthScheme;
import dev.connectorsdk.api.auth.AuthStrategy;
import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.api.auth.AwsSignatureScheme;
import dev.connectorsdk.api.auth.AzureSharedKeyScheme;
import dev.connectorsdk.api.auth.BasicScheme;
import dev.connectorsdk.api.auth.BearerScheme;
import dev.connectorsdk.api.auth.ClientCertificateScheme;
import dev.connectorsdk.api.auth.NoneScheme;
import dev.connectorsdk.api.auth.OAuth1Scheme;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.SignatureScheme;
import dev.connectorsdk.api.error.InvalidInputException;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StaticCredentialsTest {

  private final TestConnection connection = new TestConnection();
  private final TestRequest request = new TestRequest();

  @Test
  void thereIsOneStrategyForEachSchemeOfTheApi() {
    assertThat(AuthStrategies.standard())
        .extracting(AuthStrategy::schemeType)
        .extracting(Class::getName)
        .containsExactlyInAnyOrder(
            NoneScheme.class.getName(),
            BasicScheme.class.getName(),
            ApiKeyScheme.class.getName(),
            BearerScheme.class.getName(),
            OAuth2Scheme.class.getName(),
            OAuth1Scheme.class.getName(),
            AzureSharedKeyScheme.class.getName(),
            AwsSignatureScheme.class.getName(),
            SignatureScheme.class.getName(),
            ClientCertificateScheme.class.getName());
  }

  @Test
  void noneLeavesARequestAsItIs() {
    send(NoneScheme.INSTANCE);

    assertThat(request.headers).isEmpty();
    assertThat(request.query).isEmpty();
    assertThat(request.cookies).isEmpty();
  }

  @Test
  void aCredentialWithoutTokensHasNoNewerOne() {
    Authenticator authenticator = connection.secret("token", "t0ken").open(BearerScheme.standard());

    assertThat(authenticator.authenticate(request)).isZero();
    assertThat(authenticator.renew(0, Instant.MAX)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"ada, s3cret", "ada, ''", "'', s3cret", "'', ''", "jürgen, påß wörd:€"})
  void basicSendsUserAndPasswordInUtf8AndEitherMayBeEmpty(String user, String password) {
    connection.parameter("username", user).secret("password", password);

    send(BasicScheme.standard());

    assertThat(sentByBasic()).isEqualTo(user + ":" + password);
  }

  @Test
  void basicTakesAPartThatWasNotGivenAsEmpty() {
    connection.parameter("username", "key-as-user");

    send(BasicScheme.standard());

    assertThat(sentByBasic()).isEqualTo("key-as-user:");
  }

  @Test
  void basicTakesAUserNameThatIsSecret() {
    connection.secret("api_key", "k3y");

    send(new BasicScheme("api_key", "password"));

    assertThat(sentByBasic()).isEqualTo("k3y:");
  }

  @Test
  void basicRefusesAColonInTheUserName() {
    connection.parameter("username", "a:b").secret("password", "s3cret");

    assertRefused(
        BasicScheme.standard(),
        "Invalid input for connection 'c1': /username: must not contain a colon");
  }

  @Test
  @Tag("D3")
  void basicRefusesALineBreakInThePassword() {
    connection.parameter("username", "ada").secret("password", "s3cret\n");

    assertRefused(
        BasicScheme.standard(),
        "Invalid input for connection 'c1': /password: the value contains a character at position 7"
            + " that is not allowed");
  }

  @Test
  void bearerGoesIntoTheAuthorizationHeader() {
    connection.secret("token", "t0ken");

    send(BearerScheme.standard());

    assertThat(request.headers).containsExactly(entry("Authorization", "Bearer t0ken"));
  }

  @Test
  void aKeyGoesIntoTheHeaderAsItIs() {
    connection.secret("api_key", "k3y");

    send(ApiKeyScheme.header("X-Api-Key"));

    assertThat(request.headers).containsExactly(entry("X-Api-Key", "k3y"));
  }

  @Test
  void aKeyGoesIntoTheQueryWhateverItsCharacters() {
    connection.secret("api_key", "k3y&ö=");

    send(ApiKeyScheme.query("key"));

    assertThat(request.query).containsExactly(entry("key", "k3y&ö="));
    assertThat(request.headers).isEmpty();
  }

  @Test
  void aKeyGoesIntoACookie() {
    connection.secret("api_key", "k3y");

    send(ApiKeyScheme.cookie("session"));

    assertThat(request.cookies).containsExactly("session=k3y");
  }

  @Test
  void severalKeysEachGoToTheirPlaceWithTheirPrefix() {
    connection.secret("api_key", "k3y").secret("app_key", "4pp").secret("site", "s1te");

    send(
        ApiKeyScheme.header("Authorization")
            .prefixed("Token token=")
            .and(Placement.HEADER, "X-App", "app_key")
            .and(Placement.QUERY, "site", "site"));

    assertThat(request.headers)
        .containsExactly(entry("Authorization", "Token token=k3y"), entry("X-App", "4pp"));
    assertThat(request.query).containsExactly(entry("site", "s1te"));
  }

  @Test
  @Tag("D3")
  void aHeaderThatCannotCarryAKeyIsNamedWithThePositionButWithoutTheKey() {
    connection.secret("api_key", "k3y-of-exactly-30-characters..\n");

    assertRefused(
        ApiKeyScheme.header("X-Api-Key"),
        "Invalid input for connection 'c1': /api_key: header X-Api-Key contains a character at"
            + " position 31 that is not allowed");
  }

  @ParameterizedTest
  @Tag("D3")
  @ValueSource(strings = {"\n", "\r", "\0", "\u007f", "ö", "€", "\u202e", "\ud83d\ude00"})
  void aHeaderCarriesVisibleAsciiOnly(String bad) {
    connection.secret("api_key", "k3y" + bad + "k3y");

    assertRefused(
        ApiKeyScheme.header("X-Api-Key"),
        "Invalid input for connection 'c1': /api_key: header X-Api-Key contains a character at"
            + " position 4 that is not allowed");
  }

  @ParameterizedTest
  @Tag("D3")
  @ValueSource(strings = {";", ",", " ", "\"", "\\", "\n", "ö"})
  void aCookieCannotBecomeTwo(String bad) {
    connection.secret("api_key", "k3y" + bad + "k3y");

    assertRefused(
        ApiKeyScheme.cookie("session"),
        "Invalid input for connection 'c1': /api_key: cookie session contains a character at"
            + " position 4 that is not allowed");
  }

  @Test
  void aKeyThatIsNotThereIsNamed() {
    connection.secret("api_key", "k3y");

    assertRefused(
        ApiKeyScheme.header("X-Api-Key").and(Placement.HEADER, "X-App", "app_key"),
        "Invalid input for connection 'c1': /app_key: has no value");
  }

  private void send(AuthScheme scheme) {
    connection.open(scheme).authenticate(request);
  }

  private String sentByBasic() {
    String header = request.headers.getOrDefault("Authorization", "");
    assertThat(header).startsWith("Basic ");
    return new String(Base64.getDecoder().decode(header.substring(6)), UTF_8);
  }

  private void assertRefused(AuthScheme scheme, String message) {
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> connection.open(scheme))
        .withMessage(message)
        .withNoCause();
  }
}
