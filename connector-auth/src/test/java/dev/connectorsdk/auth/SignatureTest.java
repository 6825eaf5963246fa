package dev.connectorsdk.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.auth.SignatureScheme;
import dev.connectorsdk.api.auth.SignatureScheme.Algorithm;
import dev.connectorsdk.api.auth.SignatureScheme.Encoding;
import dev.connectorsdk.api.auth.SignatureScheme.KeyEncoding;
import dev.connectorsdk.api.auth.SignatureScheme.Timestamps;
import dev.connectorsdk.api.error.InvalidInputException;
import java.util.Base64;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What services have made up, with the values that their documentation shows. */
class SignatureTest {

  private final TestConnection connection = new TestConnection();

  private TestRequest sent(SignatureScheme scheme, TestRequest request) {
    connection.open(scheme).authenticate(request);
    return request;
  }

  @Test
  @DisplayName("Duo Admin API, \"Authentication\": a hash over lines, in HTTP Basic")
  void duo() {
    connection
        .parameter("integration_key", "DIWJ8X6AEYOR5OMC6TQ1")
        .secret("secret_key", "Zh5eGmUq9zpfQnyUIu5OL9iWoMMv5ZNmk3zLJ4Ep")
        .clock
        .set("2012-08-21T17:29:18Z");
    SignatureScheme duo =
        SignatureScheme.of(
                Algorithm.HMAC_SHA1,
                "{timestamp}\n{method}\n{host|lower}\n{path}\n{query|sorted}{body|sorted}")
            .timestamps(Timestamps.MAIL_DATE)
            .asking(ConnectionParameter.text("integration_key").titled("Integration key"))
            .header("Date", "{timestamp}")
            .value("pair", "{parameter:integration_key}:{signature}")
            .header("Authorization", "Basic {pair|base64}");
    TestRequest request =
        new TestRequest(
            "POST",
            "https://API-XXXXXXXX.duosecurity.com/accounts/v1/account/list",
            "username=root&realname=First%20Last");

    sent(duo, request);

    assertThat(request.headers)
        .containsEntry("Date", "Tue, 21 Aug 2012 17:29:18 -0000")
        .containsEntry(
            "Authorization",
            "Basic RElXSjhYNkFFWU9SNU9NQzZUUTE6MmQ5N2Q2MTY2MzE5NzgxYjVhM2EwN2FmMzlkMzY2ZjQ5MTIzNGVkYw==");
  }

  @Test
  @DisplayName("Binance, \"SIGNED endpoint examples for POST /api/v3/order\": a hash in the query")
  void binance() {
    connection
        .parameter("api_key", "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A")
        .secret("secret_key", "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j")
        .clock
        .set("2017-07-12T02:41:59.559Z");
    SignatureScheme binance =
        SignatureScheme.hmacSha256("{query}{body}")
            .timestamps(Timestamps.EPOCH_MILLIS)
            .asking(ConnectionParameter.text("api_key").titled("API key"))
            .header("X-MBX-APIKEY", "{parameter:api_key}")
            .query("timestamp", "{timestamp}")
            .query("signature", "{signature}");
    TestRequest request =
        new TestRequest(
            "POST",
            "https://api.binance.com/api/v3/order?symbol=LTCBTC&side=BUY&type=LIMIT"
                + "&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000",
            "");

    sent(binance, request);

    assertThat(request.query)
        .containsEntry("timestamp", "1499827319559")
        .containsEntry(
            "signature", "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71");
  }

  @Test
  @DisplayName("WSSE, \"Atom authentication\": a plain hash with the secret in it")
  void wsse() {
    connection
        .parameter("username", "bob")
        .secret("secret_key", "taadtaadpstcsm")
        .random(new FixedBytes("d36e316282959a9ed4c89851497a717f"))
        .clock
        .set("2003-12-15T14:43:07Z");
    SignatureScheme wsse =
        SignatureScheme.of(Algorithm.SHA1, "{nonce}{timestamp}{parameter:secret_key}")
            .in(Encoding.BASE64)
            .timestamps(Timestamps.ISO_8601)
            .asking(ConnectionParameter.text("username").titled("User name"))
            .header("Authorization", "WSSE profile=\"UsernameToken\"")
            .header(
                "X-WSSE",
                "UsernameToken Username=\"{parameter:username}\","
                    + " PasswordDigest=\"{signature}\", Nonce=\"{nonce}\","
                    + " Created=\"{timestamp}\"");

    assertThat(sent(wsse, new TestRequest()).headers)
        .containsEntry(
            "X-WSSE",
            "UsernameToken Username=\"bob\", PasswordDigest=\"quR/EWLAV4xLf9Zqyw4pDmfV9OY=\","
                + " Nonce=\"d36e316282959a9ed4c89851497a717f\", Created=\"2003-12-15T14:43:07Z\"");
  }

  @Test
  void blanksAroundNamesDoNotCount() {
    connection.secret("secret_key", "k");
    SignatureScheme dense = SignatureScheme.hmacSha256("{body|sha256|hex}{query}");
    SignatureScheme spaced = SignatureScheme.hmacSha256("{ body | sha256 | hex }{ query }");

    assertThat(signature(spaced)).isEqualTo(signature(dense));
  }

  private String signature(SignatureScheme scheme) {
    TestRequest request = new TestRequest("POST", "https://api.example.com/?a=b", "body");
    return sent(scheme.header("X-Signature", "{signature}"), request).headers.get("X-Signature");
  }

  @ParameterizedTest
  @DisplayName("RFC 4231 section 4.3: every hash and every way to write it")
  @CsvSource({
    "HMAC_SHA1, HEX, effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
    "HMAC_SHA256, HEX, 5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    "HMAC_SHA256, BASE64, W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=",
    "HMAC_SHA256, BASE64URL, W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM",
    "HMAC_SHA384, HEX, af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e"
        + "2c78b3239ecfab21649",
    "HMAC_SHA512, HEX, 164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a9"
        + "94a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"
  })
  void hashes(Algorithm algorithm, Encoding encoding, String expected) {
    connection.secret("secret_key", "Jefe");
    SignatureScheme scheme =
        SignatureScheme.of(algorithm, "{body}").in(encoding).header("X-Signature", "{signature}");

    TestRequest request =
        sent(
            scheme,
            new TestRequest("POST", "https://api.example.com/", "what do ya want for nothing?"));

    assertThat(request.headers).containsEntry("X-Signature", expected);
  }

  @Test
  void aKeyCanBeGivenInOtherForms() {
    SignatureScheme scheme =
        SignatureScheme.hmacSha256("{method}").header("X-Signature", "{signature}");
    connection.secret("secret_key", "Jefe");
    String expected = sent(scheme, new TestRequest()).headers.get("X-Signature");

    connection.secret("secret_key", Base64.getEncoder().encodeToString("Jefe".getBytes(UTF_8)));
    assertThat(sent(scheme.keyIn(KeyEncoding.BASE64), new TestRequest()).headers)
        .containsEntry("X-Signature", expected);
    connection.secret("secret_key", "4a656665");
    assertThat(sent(scheme.keyIn(KeyEncoding.HEX), new TestRequest()).headers)
        .containsEntry("X-Signature", expected);
  }

  @Test
  void templatesTakeWhatTheRequestShows() {
    connection.secret("secret_key", "k").clock.set("2026-01-31T12:00:00Z");
    SignatureScheme scheme =
        SignatureScheme.hmacSha256("x")
            .timestamps(Timestamps.ISO_8601_BASIC)
            .header("X-All", "{method|lower} {scheme} {host} {path} {query} {header:X-In}")
            .header("X-Body", "{body|sha256|base64url} {body|md5|hex|upper} {body|encoded}")
            .header("X-Time", "{timestamp}");
    TestRequest request =
        new TestRequest("PUT", "https://api.example.com:8443/a%20b?q=1%2B2", "a b")
            .with("X-In", "here");

    sent(scheme, request);

    assertThat(request.headers)
        .containsEntry("X-All", "put https api.example.com:8443 /a%20b q=1%2B2 here")
        .containsEntry(
            "X-Body",
            "yGh6CKpdbtIEQyj6aml6uOltw0KR6MIDSujDjm_MbWU 0CC9CD4DD26C5137B675A0D819CB9AB0"
                + " a%20b")
        .containsEntry("X-Time", "20260131T120000Z");
  }

  @Test
  void theNonceIsNewEachTime() {
    connection.secret("secret_key", "k");
    SignatureScheme scheme = SignatureScheme.hmacSha256("{nonce}").header("X-Nonce", "{nonce}");

    String first = sent(scheme, new TestRequest()).headers.get("X-Nonce");
    assertThat(first).matches("[0-9a-f]{32}");
    assertThat(sent(scheme, new TestRequest()).headers.get("X-Nonce")).isNotEqualTo(first);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{metod}",
        "{signature}",
        "{body|sha3}",
        "{header:}",
        "{parameter:a b}",
        "{body",
        "body}",
        "{}"
      })
  void aTemplateThatCannotBeFilledIsNoScheme(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> SignatureScheme.hmacSha256(text));
  }

  @Test
  void aKeyThatIsNotInItsFormIsNamedAndNotShown() {
    connection.secret("secret_key", "s3cret!");

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> connection.open(SignatureScheme.hmacSha256("x").keyIn(KeyEncoding.HEX)))
        .withMessage(
            "Invalid input for connection 'c1': /secret_key: is not a row of hexadecimal digits")
        .withNoCause();
  }
}
