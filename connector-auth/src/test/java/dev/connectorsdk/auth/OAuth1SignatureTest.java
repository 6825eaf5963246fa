package dev.connectorsdk.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.auth.OAuth1Scheme;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.internal.PercentEncoding;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Against what has been published; times and nonces are those of the examples. */
class OAuth1SignatureTest {

  private final TestConnection connection = new TestConnection();

  private String signed(OAuth1Scheme scheme, TestRequest request, String time, String nonce) {
    ((OAuth1Signature) connection.open(scheme)).sign(request, time, nonce);
    return request.headers.get("Authorization");
  }

  private static String signature(String header) {
    String value = header.replaceFirst(".*oauth_signature=\"([^\"]*)\".*", "$1");
    return PercentEncoding.decode(value);
  }

  @Test
  @DisplayName("RFC 5849 section 1.2: a resource, HMAC-SHA1")
  void signsTheResourceOfTheRfc() {
    connection
        .parameter("consumer_key", "dpf43f3p2l4k3l03")
        .secret("consumer_secret", "kd94hf93k423kf44")
        .secret("token", "nnch734d00sl2jdk")
        .secret("token_secret", "pfkkdhi9sl3r4s00");
    TestRequest request =
        new TestRequest(
            "GET", "http://photos.example.net/photos?file=vacation.jpg&size=original", "");

    assertThat(
            signed(
                OAuth1Scheme.hmacSha1().realm("Photos").withoutVersion(),
                request,
                "137131202",
                "chapoH"))
        .isEqualTo(
            "OAuth realm=\"Photos\", oauth_consumer_key=\"dpf43f3p2l4k3l03\","
                + " oauth_token=\"nnch734d00sl2jdk\", oauth_signature_method=\"HMAC-SHA1\","
                + " oauth_timestamp=\"137131202\", oauth_nonce=\"chapoH\","
                + " oauth_signature=\"MdpQcU8iPSUjWoN%2FUDMsK2sui9I%3D\"");
  }

  @Test
  @DisplayName("RFC 5849 section 3.4.1.1: the signature base string")
  void theBaseStringIsThatOfTheRfc() {
    TestRequest request =
        new TestRequest(
                "POST",
                "http://EXAMPLE.COM:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b",
                "c2&a3=2+q")
            .with("Content-Type", "application/x-www-form-urlencoded");
    Map<String, String> protocol = new TreeMap<>();
    protocol.put("oauth_consumer_key", "9djdj82h48djs9d2");
    protocol.put("oauth_token", "kkk9d7dh3k39sjv7");
    protocol.put("oauth_signature_method", "HMAC-SHA1");
    protocol.put("oauth_timestamp", "137131201");
    protocol.put("oauth_nonce", "7d8f3e4a");

    assertThat(OAuth1Signature.baseString(request, protocol))
        .isEqualTo(
            "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D"
                + "%253D%25253D%26c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26"
                + "oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D"
                + "137131201%26oauth_token%3Dkkk9d7dh3k39sjv7");
  }

  @Test
  @DisplayName("RFC 5849 section 3.4.1.2: a host with an underscore and a port of its own")
  void theBaseStringHasAnyHost() {
    TestRequest request = new TestRequest("GET", "HTTPS://My_Shop.example.com:8443", "");

    assertThat(OAuth1Signature.baseString(request, Map.of()))
        .isEqualTo("GET&https%3A%2F%2Fmy_shop.example.com%3A8443%2F&");
  }

  @Test
  @DisplayName("Twitter's documentation, \"Creating a signature\": a form, HMAC-SHA1")
  void signsTheFormOfTwittersExample() {
    connection
        .parameter("consumer_key", "xvz1evFS4wEEPTGEFPHBog")
        .secret("consumer_secret", "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw")
        .secret("token", "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb")
        .secret("token_secret", "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE");
    TestRequest request =
        new TestRequest(
                "POST",
                "https://api.twitter.com/1.1/statuses/update.json?include_entities=true",
                "status=Hello%20Ladies%20%2b%20Gentlemen%2c%20a%20signed%20OAuth%20request%21")
            .with("Content-Type", "application/x-www-form-urlencoded");

    String header =
        signed(
            OAuth1Scheme.hmacSha1(),
            request,
            "1318622958",
            "kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg");

    assertThat(signature(header)).isEqualTo("hCtSmYh+iHYCEqBWrE7C7hYmtUk=");
    assertThat(header).contains("oauth_version=\"1.0\"");
  }

  @Test
  @DisplayName("OAuth test cases of oauth.net: RSA-SHA1")
  void signsWithAnRsaKey() {
    connection
        .parameter("consumer_key", "dpf43f3p2l4k3l03")
        .secret("private_key", TestKeys.OAUTH_NET);
    TestRequest request =
        new TestRequest(
            "GET", "http://photos.example.net/photos?file=vacaction.jpg&size=original", "");

    String header = signed(OAuth1Scheme.rsaSha1(), request, "1196666512", "13917289812797014437");

    assertThat(signature(header))
        .isEqualTo(
            "jvTp/wX1TYtByB1m+Pbyo0lnCOLIsyGCH7wke8AUs3BpnwZJtAuEJkvQL2/9n4s5wUmUl4aCI4BwpraNx4RtEXMe"
                + "5qg5T1LVTGliMRpKasKsW//e+RinhejgCuzoH26dyF8iY2ZZ/5D1ilgeijhV/vBka5twt399mXwaYdCwFYE=");
  }

  @Test
  void theLongerHashHasTheSameText() {
    connection
        .parameter("consumer_key", "k")
        .parameter("account", "123_SB1")
        .secret("consumer_secret", "s");
    String header =
        signed(
            OAuth1Scheme.hmacSha256().realm("{account}"),
            new TestRequest("GET", "https://api.example.com/", ""),
            "1",
            "n");

    assertThat(header)
        .startsWith("OAuth realm=\"123_SB1\", oauth_consumer_key=\"k\"")
        .contains("oauth_signature_method=\"HMAC-SHA256\"")
        .doesNotContain("oauth_token");
    assertThat(signature(header)).hasSize(44);
  }

  @Test
  @DisplayName("RFC 5849 section 3.4.4: PLAINTEXT")
  void sendsTheSecretsOverHttpsOnly() {
    connection
        .parameter("consumer_key", "k")
        .secret("consumer_secret", "djr9rjt0jd78jf88")
        .secret("token_secret", "jjd99$tj88uiths3");

    assertThat(
            signature(
                signed(
                    OAuth1Scheme.plaintext(),
                    new TestRequest("GET", "https://api.example.com/", ""),
                    "1",
                    "n")))
        .isEqualTo("djr9rjt0jd78jf88&jjd99%24tj88uiths3");
    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(
            () ->
                signed(
                    OAuth1Scheme.plaintext(),
                    new TestRequest("GET", "http://127.0.0.1/", ""),
                    "1",
                    "n"))
        .withMessageNotContaining("djr9rjt0jd78jf88");
  }

  @Test
  void eachAttemptHasItsOwnNonceAndTime() {
    connection.parameter("consumer_key", "k").secret("consumer_secret", "s");
    connection.clock.set("2026-01-01T00:00:00Z");
    var authenticator = connection.open(OAuth1Scheme.hmacSha1());
    TestRequest first = new TestRequest("GET", "https://api.example.com/", "");
    TestRequest second = new TestRequest("GET", "https://api.example.com/", "");

    authenticator.authenticate(first);
    authenticator.authenticate(second);

    assertThat(first.headers.get("Authorization")).contains("oauth_timestamp=\"1767225600\"");
    assertThat(second.headers.get("Authorization"))
        .isNotEqualTo(first.headers.get("Authorization"));
  }

  @Test
  void aKeyThatIsNoneIsNamed() {
    connection.parameter("consumer_key", "k").secret("private_key", "s3cret");

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> connection.open(OAuth1Scheme.rsaSha1()))
        .withMessage(
            "Invalid input for connection 'c1': /private_key: is not a private key in PEM");
  }
}
