package dev.connectorsdk.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.Expiry;
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
  private static final TokenAnswer GARBAGE =
      new Unreadable("its answer is neither a JSON object nor a form");
  private static final TokenAnswer NO_TOKEN = new Unreadable("its answer has no access token");
  private static final TokenAnswer OTHER_TYPE = new Unsuitable("its tokens are not bearer tokens");

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
        // No tokens
        json("{}", NO_TOKEN),
        json("{'access_token':''}", NO_TOKEN),
        json("{'access_token':null}", NO_TOKEN),
        json("{'access_token':5}", NO_TOKEN),
        json("{'access_token':['a']}", NO_TOKEN),
        json(
            "{'access_token':'a\\nb'}",
            new Unreadable("its access token holds a character that no header can carry")),
        json(
            "{'access_token':'a','refresh_token':{}}",
            new Unreadable("its refresh token is not a text")),
        json("{'access_token':'a','token_type':'DPoP'}", OTHER_TYPE),
        json("{'access_token':'a','token_type':'mac'}", OTHER_TYPE),
        json("{'access_token':'a','token_type':7}", OTHER_TYPE),
        // Garbage
        json("", GARBAGE),
        json("[]", GARBAGE),
        json("null", GARBAGE),
        json("'access_token'", GARBAGE),
        json("{'access_token':'a','access_token':'b'}", GARBAGE),
        json("{'access_token':'a'", GARBAGE),
        json("{'access_token':'a'} {}", GARBAGE),
        json("{'access_token':'a','x':" + "[".repeat(300) + "]".repeat(300) + "}", GARBAGE),
        arguments("text/html", "<html>access_token=a</html>", GARBAGE),
        arguments("text/html", "access_token=a", GARBAGE),
        // Forms
        form("access_token=a&token_type=bearer&expires_in=3600", granted(HOUR)),
        form("access_token=a&scope=x%2Cy&token_type=bearer", granted(null, null, "x", "y")),
        arguments("text/plain", "access_token=a\n", granted(null)),
        form("error=invalid_grant&error_description=no", refused("invalid_grant", "no")),
        form("access_token=a&access_token=b", GARBAGE),
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

  private static TokenAnswer lasting(String duration) {
    String body = "{\"access_token\":\"a\",\"refresh_token\":\"r\",\"lasts\":\"%s\"}";
    return new TokenAnswerReader(
            TokenFields.standard().expiry(Expiry.duration("/lasts")), "Bearer", false)
        .read(true, AnswerBody.of("application/json", body.formatted(duration), Map.of()), NOW);
  }

  private static Arguments json(String body, TokenAnswer outcome) {
    return arguments("application/json", body.replace('\'', '"'), outcome);
  }

  private static Refused refused(String code, @Nullable String said) {
    return new Refused(code, said == null ? null : Secret.of(said));
  }

  private static Arguments form(String body, TokenAnswer outcome) {
    return arguments("application/x-www-form-urlencoded", body, outcome);
  }

  private static TokenAnswer read(boolean success, @Nullable String contentType, String body) {
    return new TokenAnswerReader(TokenFields.standard(), "Bearer", false)
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
