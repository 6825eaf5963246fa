package dev.connectorsdk.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.auth.AwsSignatureScheme;
import dev.connectorsdk.api.error.InvalidInputException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against what AWS has published. */
class AwsSignatureTest {

  /** The Signature Version 4 test suite; each test is named after its folder. */
  @Nested
  @DisplayName("AWS Signature Version 4 test suite")
  class TestSuite {

    private static final String HOST = "https://example.amazonaws.com";

    private final TestConnection connection =
        new TestConnection()
            .parameter("access_key_id", "AKIDEXAMPLE")
            .secret("secret_access_key", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");

    private String signed(TestRequest request) {
      connection.clock.set("2015-08-30T12:36:00Z");
      connection.open(AwsSignatureScheme.of("service").inRegion("us-east-1")).authenticate(request);
      return request.headers.get("Authorization");
    }

    private void assertSignature(TestRequest request, String signature) {
      assertThat(signed(request)).endsWith(", Signature=" + signature);
    }

    @Test
    @DisplayName("get-vanilla")
    void getVanilla() {
      assertThat(signed(new TestRequest("GET", HOST + "/", "")))
          .isEqualTo(
              "AWS4-HMAC-SHA256"
                  + " Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request,"
                  + " SignedHeaders=host;x-amz-date,"
                  + " Signature="
                  + "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
      "get-vanilla-empty-query-key, GET, /?Param1=value1,"
          + " a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb",
      "get-vanilla-query-order-key-case, GET, /?Param2=value2&Param1=value1,"
          + " b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
      "get-vanilla-query-unreserved, GET,"
          + " /?-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz="
          + "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz,"
          + " 9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197",
      "get-slashes, GET, //example//,"
          + " 9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84",
      "get-slash-dot-slash, GET, /./,"
          + " 5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
      "get-slash-pointless-dot, GET, /./example,"
          + " ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5",
      "get-relative, GET, /example/..,"
          + " 5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
      "post-vanilla, POST, /,"
          + " 5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
      "post-vanilla-query, POST, /?Param1=value1,"
          + " 28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11"
    })
    void pathsAndQueries(String test, String method, String target, String signature) {
      assertSignature(new TestRequest(method, HOST + target, ""), signature);
    }

    @Test
    @DisplayName("get-header-key-duplicate")
    void severalValuesOfAHeaderKeepTheirOrder() {
      assertSignature(
          new TestRequest("GET", HOST + "/", "")
              .with("My-Header1", "value2")
              .with("My-Header1", "value2")
              .with("My-Header1", "value1"),
          "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea");
    }

    @Test
    @DisplayName("get-header-value-trim")
    void spacesInHeadersAreCollapsed() {
      assertSignature(
          new TestRequest("GET", HOST + "/", "")
              .with("My-Header1", " value1")
              .with("My-Header2", " \"a   b   c\""),
          "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736");
    }

    @Test
    @DisplayName("post-header-key-sort")
    void headersAreSorted() {
      assertSignature(
          new TestRequest("POST", HOST + "/", "").with("My-Header1", "value1"),
          "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c");
    }

    @Test
    @DisplayName("post-header-value-case")
    void valuesKeepTheirCase() {
      assertSignature(
          new TestRequest("POST", HOST + "/", "").with("My-Header1", "VALUE1"),
          "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d");
    }

    @Test
    @DisplayName("post-x-www-form-urlencoded")
    void aFormIsSigned() {
      assertSignature(
          new TestRequest("POST", HOST + "/", "Param1=value1")
              .with("Content-Type", "application/x-www-form-urlencoded"),
          "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a");
    }

    @Test
    @DisplayName("post-x-www-form-urlencoded-parameters")
    void aFormsCharsetIsSigned() {
      assertSignature(
          new TestRequest("POST", HOST + "/", "Param1=value1")
              .with("Content-Type", "application/x-www-form-urlencoded; charset=utf8"),
          "1a72ec8f64bd914b0e42e42607c7fbce7fb2c7465f63e3092b3b0d39fa77a6fe");
    }

    @Test
    @DisplayName("post-sts-header-before")
    void theSessionTokenIsSigned() {
      connection.secret(
          "session_token",
          "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfp"
              + "SPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy"
              + "0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL"
              + "64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==");

      assertSignature(
          new TestRequest("POST", HOST + "/", ""),
          "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead");
    }
  }

  /** The examples of the Amazon S3 API reference, "Signature Calculations: Header-Based Auth". */
  @Nested
  @DisplayName("Amazon S3 API reference, examples of signature calculations")
  class S3Examples {

    private static final String BUCKET = "https://examplebucket.s3.amazonaws.com";

    private final TestConnection connection =
        new TestConnection()
            .parameter("region", "us-east-1")
            .parameter("access_key_id", "AKIAIOSFODNN7EXAMPLE")
            .secret("secret_access_key", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");

    private void assertAuthorization(TestRequest request, String headers, String signature) {
      connection.clock.set("2013-05-24T00:00:00Z");
      connection.open(AwsSignatureScheme.s3()).authenticate(request);
      assertThat(request.headers.get("Authorization"))
          .isEqualTo(
              "AWS4-HMAC-SHA256"
                  + " Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
                  + " SignedHeaders="
                  + headers
                  + ", Signature="
                  + signature);
    }

    @Test
    void getObject() {
      assertAuthorization(
          new TestRequest("GET", BUCKET + "/test.txt", "").with("Range", "bytes=0-9"),
          "host;range;x-amz-content-sha256;x-amz-date",
          "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
    }

    @Test
    void putObject() {
      assertAuthorization(
          new TestRequest("PUT", BUCKET + "/test$file.text", "Welcome to Amazon S3.")
              .with("Date", "Fri, 24 May 2013 00:00:00 GMT")
              .with("x-amz-storage-class", "REDUCED_REDUNDANCY"),
          "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
          "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
    }

    @Test
    void getBucketLifecycle() {
      assertAuthorization(
          new TestRequest("GET", BUCKET + "/?lifecycle", ""),
          "host;x-amz-content-sha256;x-amz-date",
          "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
    }

    @Test
    void listObjects() {
      assertAuthorization(
          new TestRequest("GET", BUCKET + "/?max-keys=2&prefix=J", ""),
          "host;x-amz-content-sha256;x-amz-date",
          "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3express", "s3-object-lambda", "s3-outposts"})
    void itsSiblingsHaveTheSameRules(String service) {
      AwsSignatureScheme scheme = AwsSignatureScheme.of(service);
      TestRequest once = new TestRequest("GET", BUCKET + "/a%20b%2Bc", "");
      TestRequest asWritten = new TestRequest("GET", BUCKET + "/a%20b+c", "");
      connection.open(scheme).authenticate(once);
      connection.open(scheme).authenticate(asWritten);

      assertThat(once.headers).containsKey("x-amz-content-sha256");
      assertThat(once.headers.get("Authorization"))
          .isEqualTo(asWritten.headers.get("Authorization"));
    }

    @Test
    void thePathIsNotEncodedAgain() {
      TestRequest once = new TestRequest("GET", BUCKET + "/a%20b%2Bc/%C3%BC", "");
      TestRequest asWritten = new TestRequest("GET", BUCKET + "/a%20b+c/%c3%bc", "");
      connection.open(AwsSignatureScheme.s3()).authenticate(once);
      connection.open(AwsSignatureScheme.s3()).authenticate(asWritten);

      assertThat(once.headers.get("Authorization"))
          .isEqualTo(asWritten.headers.get("Authorization"));
    }

    @Test
    void anUnsignedPayloadIsNotRead() {
      TestRequest request =
          new TestRequest("PUT", BUCKET + "/large", "x") {
            @Override
            public byte[] body() {
              throw new AssertionError("read");
            }
          };

      connection.open(AwsSignatureScheme.s3().unsignedPayload()).authenticate(request);

      assertThat(request.headers).containsEntry("x-amz-content-sha256", "UNSIGNED-PAYLOAD");
    }
  }

  @Test
  void aKeyServesOneDay() {
    TestConnection connection =
        new TestConnection()
            .parameter("access_key_id", "AKIDEXAMPLE")
            .secret("secret_access_key", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    connection.clock.set("2015-08-29T23:59:59Z");
    var authenticator = connection.open(AwsSignatureScheme.of("service").inRegion("us-east-1"));
    authenticator.authenticate(new TestRequest("GET", "https://example.amazonaws.com/", ""));
    connection.clock.set("2015-08-30T12:36:00Z");

    TestRequest next = new TestRequest("GET", "https://example.amazonaws.com/", "");
    authenticator.authenticate(next);

    assertThat(next.headers.get("Authorization"))
        .endsWith("5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
  }

  @Test
  void whatIsMissingOrOddIsNamed() {
    TestConnection connection = new TestConnection().secret("secret_access_key", "s3cr3t");

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> connection.parameter("region", "eu/west").open(AwsSignatureScheme.s3()))
        .withMessageContaining("/region: ")
        .withMessageNotContaining("s3cr3t");
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> connection.open(AwsSignatureScheme.s3().inRegion("eu-west-1")))
        .withMessageContaining("/access_key_id: ");
  }
}
