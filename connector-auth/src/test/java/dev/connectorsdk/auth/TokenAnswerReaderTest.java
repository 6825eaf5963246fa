package dev.connectorsdk.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.Expiry;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.TokenFields;
import dev.connectorsdk.auth.TokenAnswer.Granted;
import dev.connectorsdk.auth.TokenAnswer.Refused;
import dev.connectorsdk.auth.TokenAnswer.Unreadable;
import dev.connectorsdk.auth.TokenAnswer.Unsuitable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("B6")
class TokenAnswerReaderTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Secret KEPT = Secret.of("r");
  private static final String OF_TYPE =
      "its tokens are%s not bearer tokens; if it calls those so, OAuth2Scheme.bearerTokenTypes can"
          + " say it";
  private static final TokenAnswer GARBAGE =
      unreadable("its answer is neither a JSON object nor a form");
  private static final TokenAnswer NO_TOKEN = unreadable("its answer has no access token");
  private static final TokenAnswer BROKEN_OFF =
      unreadable("its answer breaks off, or is no JSON after a while");
  private static final TokenAnswer SEVERAL = unreadable("its answer has several access tokens");

  static Stream<Arguments> answers() {
    return Stream.of(
        // What RFC 6749 shows
        json("{'access_token':'a','token_type':'Bearer','expires_in':3600}", granted(HOUR)),
        json("{'access_token':'a','token_type':'bearer','expires_in':3600}", granted(HOUR)),
        json(
            "{'access_token':'a','token_type':'BEARER','refresh_token':'r','scope':'x y'}",
            granted("r", null, "x", "y")),
        // Liberties that are taken
        json("{'access_token':'a','expires_in':3600}", granted(HOUR)),
        json("{'access_token':'a','expires_in':'3600'}", granted(HOUR)),
        json("{'access_token':'a','expires_in':3600.9}", granted(HOUR)),
        json("{'access_token':'a','error':null,'refresh_token':''}", granted(null)),
        json("{'access_token':'a','more':{'b':[1,2]}}", granted(null)),
        json("{'access_token':'a','scope':'x,y, z'}", granted(null, null, "x", "y", "z")),
        json("{'access_token':'a','scope':'x X  x,y x'}", granted(null, null, "x", "X", "y")),
        json("{'access_token':'a','scope':['x','y']}", granted(null, null, "x", "y")),
        json("{'access_token':'a','scope':'x\\ty\\r\\nz'}", granted(null, null, "x", "y", "z")),
        json("{'access_token':'a','scope':['x y','z,',' ']}", granted(null, null, "x", "y", "z")),
        json(
            "{'access_token':'a','scope':'x\\u0000y\\ud800z'}", granted(null, null, "x", "y", "z")),
        json("{'access_token':'a','scope':{'x':'y'}}", granted(null)),
        arguments("text/html", " \n{\"access_token\":\"a\"}", granted(null)),
        arguments(null, "{\"access_token\":\"a\"}", granted(null)),
        // A life that is nobody's
        json("{'access_token':'a','expires_in':0}", granted(null)),
        json("{'access_token':'a','expires_in':-1}", granted(null)),
        json("{'access_token':'a','expires_in':1e99}", granted(null)),
        json("{'access_token':'a','expires_in':1e99999}", granted(null)),
        json("{'access_token':'a','expires_in':315360001}", granted(null)),
        json("{'access_token':'a','expires_in':" + "9".repeat(400) + "}", granted(null)),
        json("{'access_token':'a','expires_in':'1h'}", granted(null)),
        json("{'access_token':'a','expires_in':'NaN'}", granted(null)),
        json("{'access_token':'a','expires_in':true}", granted(null)),
        json("{'access_token':'a','expires_in':[3600]}", granted(null)),
        // Errors with status 200
        json("{'error':'invalid_grant'}", refused("invalid_grant", null)),
        json("{'access_token':'a','error':'invalid_client'}", refused("invalid_client", null)),
        json("{'error':'s3cret'}", refused("an unlisted error code", "s3cret")),
        json("{'error':{'code':400}}", refused("an unlisted error code", null)),
        json("{'error':{'message':'no'}}", refused("an unlisted error code", "no")),
        json("{'error':'BAD_REFRESH_TOKEN'}", refused("bad_refresh_token", null)),
        json("{'status':'BAD_REFRESH_TOKEN'}", refused("bad_refresh_token", null)),
        json(
            "{'error':{'code':'RefreshTokenExpired'}}",
            refused("invalid_grant", "RefreshTokenExpired")),
        json(
            "{'errors':[{'errorType':'invalid_grant','message':'no'}]}",
            refused("invalid_grant", null)),
        json(
            "{'status':400,'message':'Invalid refresh token'}",
            refused("invalid_grant", "Invalid refresh token")),
        // No tokens
        json("{}", NO_TOKEN),
        json("{'access_token':''}", NO_TOKEN),
        json("{'access_token':null}", NO_TOKEN),
        json("{'access_token':5}", NO_TOKEN),
        json("{'access_token':['a']}", NO_TOKEN),
        json(
            "{'access_token':'a\\nb'}",
            unreadable("its access token holds a character that no header can carry")),
        json("{'access_token':'a','token_type':'DPoP'}", otherType(" of type 'DPoP', and")),
        json("{'access_token':'a','token_type':'mac'}", otherType(" of type 'mac', and")),
        json("{'access_token':'a','token_type':'s3cret'}", otherType("")),
        json("{'access_token':'a','token_type':7}", otherType("")),
        // Garbage
        json("", GARBAGE),
        json("[]", GARBAGE),
        json("null", GARBAGE),
        json("'access_token'", GARBAGE),
        json("{'access_token':'a','access_token':'b'}", SEVERAL),
        json("{'access_token':'a'", BROKEN_OFF),
        json("{'access_token':'a','x':" + "[".repeat(300) + "]".repeat(300) + "}", BROKEN_OFF),
        arguments("text/html", "<html>access_token=a</html>", GARBAGE),
        arguments("text/html", "<html>{\"access_token\":\"a\"}</html>", GARBAGE),
        // Odd, and yet there is only one way to read it
        json("\uFEFF{'access_token':'a'}", granted(null)),
        json("{'access_token':'a'} {}", granted(null)),
        json("{'access_token':'a'}<!-- 12 ms -->", granted(null)),
        json("<br />Notice: x in y.php\n{'access_token':'a'}", granted(null)),
        json("{'access_token':'a','x':1,'x':2}", granted(null)),
        json("{'access_token':'a','access_token':'a'}", granted(null)),
        json("{'access_token':'a','refresh_token':'q','refresh_token':'r'}", granted("r", null)),
        json("{'access_token':'a','x':'\n',}", granted(null)),
        arguments("application/json", "{'access_token':'a'}", granted(null)),
        arguments("application/json", "{access_token:\"a\"}", granted(null)),
        json("'{\\'access_token\\':\\'a\\'}'", granted(null)),
        json("{'access_token':' a\\n'}", granted(null)),
        json("{'access_token':'Bearer a'}", granted(null)),
        json("{'access_token':'a','refresh_token':15}", granted("15", null)),
        json("{'access_token':'a','refresh_token':{}}", granted(null)),
        json("{'access_token':'a','refresh_token':false}", granted(null)),
        json("{'access_token':'a','token_type':'BearerToken'}", granted(null)),
        json("{'access_token':'a','token_type':' bearer '}", granted(null)),
        json("{'access_token':'a','error':false}", granted(null)),
        json("{'access_token':'a','error':0}", granted(null)),
        json("{'access_token':'a','error':[]}", granted(null)),
        arguments("text/html", "access_token=a", granted(null)),
        arguments(null, "access_token=a&expires_in=3600", granted(HOUR)),
        form("access_token=a&", granted(null)),
        form("&access_token=a&&x&y=%zz", granted(null)),
        form("access_token=a&access_token=a", granted(null)),
        // A refresh token is kept although the rest is no use
        json("{'refresh_token':'r'}", new Unreadable("its answer has no access token", KEPT)),
        json(
            "{'access_token':'a\\nb','refresh_token':'r'}",
            new Unreadable("its access token holds a character that no header can carry", KEPT)),
        json(
            "{'access_token':'a','refresh_token':'r','scope':'x",
            new Unreadable("its answer breaks off, or is no JSON after a while", KEPT)),
        // Of a number nobody knows whether it is whole
        json("{'access_token':'a','refresh_token':12", BROKEN_OFF),
        json(
            "{'access_token':'a','access_token':'b','refresh_token':'r'}",
            new Unreadable("its answer has several access tokens", KEPT)),
        json(
            "{'access_token':'a','token_type':'bot','refresh_token':'r'}",
            new Unsuitable(OF_TYPE.formatted(" of type 'bot', and"), KEPT)),
        // Forms
        form("access_token=a&token_type=bearer&expires_in=3600", granted(HOUR)),
        form("access_token=a&scope=x%2Cy&token_type=bearer", granted(null, null, "x", "y")),
        arguments("text/plain", "access_token=a\n", granted(null)),
        form("error=invalid_grant&error_description=no", refused("invalid_grant", "no")),
        form("access_token=a&access_token=b", SEVERAL),
        form("access_token=%zz", GARBAGE),
        form("hello", GARBAGE),
        form("hello=you", NO_TOKEN));
  }

  @ParameterizedTest(name = "[{index}] {1}")
  @MethodSource("answers")
  void anAnswerIsBelievedOnlyIfAllOfItIsValid(
      @Nullable String contentType, String body, TokenAnswer outcome) {
    assertThat(read(true, contentType, body)).isEqualTo(outcome);
  }

  @ParameterizedTest(name = "[{index}] {1}")
  @MethodSource("answers")
  void noAnswerWithAnErrorStatusGivesAToken(
      @Nullable String contentType, String body, TokenAnswer outcome) {
    TokenAnswer answer = read(false, contentType, body);

    assertThat(answer).isNotInstanceOf(Granted.class);
    if (outcome instanceof Refused) {
      assertThat(answer).isEqualTo(outcome);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "P999999999999D",
        "PT9223372036854775807S",
        "-PT9223372036854775807S",
        "PT-1H",
        "P1Y",
        "999999:59:59",
        "999999d 999999h",
        "P3651D"
      })
  void aDurationThatIsNobodysCountsAsNotSaid(String said) {
    assertThat(lasting(said)).isEqualTo(granted("r", null));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT1H", "1:00:00", "1h", "60m"})
  void aDurationMayBeWrittenInSeveralWays(String said) {
    assertThat(lasting(said)).isEqualTo(granted("r", HOUR));
  }

  @ParameterizedTest
  @ValueSource(strings = {"12345678901234567.890", "98765432109876543210", "1764500000.5"})
  void aNumberKeepsItsDigits(String number) {
    TokenFields fields = TokenFields.standard().capture("tenant", "/tenant");
    String body = "{\"access_token\":\"a\",\"tenant\":" + number + "}";

    assertThat(reader(fields).read(true, AnswerBody.of(null, body, Map.of()), NOW))
        .isInstanceOfSatisfying(
            Granted.class,
            granted -> assertThat(granted.captures()).containsEntry("tenant", number));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'data':{'access_token':'a','access_token':'b'}}",
        "{'data':{'access_token':'a'},'data':{'access_token':'b'}}",
        "{'data':[{'access_token':'a','access_token':'b'}]}"
      })
  void aTokenThatIsThereTwiceIsNoneHoweverDeepItIs(String body) {
    TokenFields fields =
        TokenFields.standard().accessToken("/data/access_token", "/data/0/access_token");

    assertThat(
            reader(fields).read(true, AnswerBody.of(null, body.replace('\'', '"'), Map.of()), NOW))
        .isEqualTo(SEVERAL);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'data':{'access_token':'a','x':1,'x':2}}",
        "{'data':{'access_token':'a','access_token':'a'}}",
        "{'data':{'access_token':'a'},'datas':1,'datas':2}"
      })
  void anythingElseMayBeThereTwice(String body) {
    TokenFields fields = TokenFields.standard().accessToken("/data/access_token");

    assertThat(
            reader(fields).read(true, AnswerBody.of(null, body.replace('\'', '"'), Map.of()), NOW))
        .isEqualTo(granted(null));
  }

  private static TokenAnswer lasting(String duration) {
    String body = "{\"access_token\":\"a\",\"refresh_token\":\"r\",\"lasts\":\"%s\"}";
    return reader(TokenFields.standard().expiry(Expiry.duration("/lasts")))
        .read(true, AnswerBody.of("application/json", body.formatted(duration), Map.of()), NOW);
  }

  private static Arguments json(String body, TokenAnswer outcome) {
    return arguments("application/json", body.replace('\'', '"'), outcome);
  }

  private static TokenAnswerReader reader(TokenFields fields) {
    return new TokenAnswerReader(
        fields, OAuth2Scheme.clientCredentials("https://id.example.com/token"), false, false);
  }

  private static TokenAnswer unreadable(String problem) {
    return new Unreadable(problem, null);
  }

  private static TokenAnswer otherType(String named) {
    return new Unsuitable(OF_TYPE.formatted(named), null);
  }

  private static Refused refused(String code, @Nullable String said) {
    return new Refused(code, said == null ? null : Secret.of(said));
  }

  private static Arguments form(String body, TokenAnswer outcome) {
    return arguments("application/x-www-form-urlencoded", body, outcome);
  }

  private static TokenAnswer read(boolean success, @Nullable String contentType, String body) {
    return reader(TokenFields.standard())
        .read(success, AnswerBody.of(contentType, body, Map.of()), NOW);
  }

  private static TokenAnswer granted(@Nullable Duration life) {
    return granted(null, life);
  }

  private static TokenAnswer granted(
      @Nullable String refreshToken, @Nullable Duration life, String... scopes) {
    return new Granted(
        Secret.of("a"),
        refreshToken == null ? null : Secret.of(refreshToken),
        life == null ? null : NOW.plus(life),
        List.of(scopes),
        Map.of(),
        Map.of(),
        Map.of(),
        null);
  }
}
