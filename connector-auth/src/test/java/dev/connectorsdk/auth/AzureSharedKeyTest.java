package dev.connectorsdk.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.auth.AzureSharedKeyScheme;
import dev.connectorsdk.api.auth.AzureSharedKeyScheme.Variant;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.auth.AzureSharedKeyStrategy.SharedKey;
import java.util.Base64;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Against the texts that "Authorize with Shared Key" of the Azure Storage REST reference shows. It
 * publishes no key; that the signature is right is shown by a Blob service.
 */
class AzureSharedKeyTest {

  private static final String KEY =
      Base64.getEncoder().encodeToString("not-a-real-key".getBytes(UTF_8));
  private static final String HOST = "https://myaccount.blob.core.windows.net";

  private final TestConnection connection =
      new TestConnection().parameter("account_name", "myaccount").secret("access_key", KEY);

  private String text(Variant variant, TestRequest request) {
    return new SharedKey(
            new AzureSharedKeyScheme(variant, "2015-02-21"),
            "myaccount",
            "k".getBytes(UTF_8),
            connection.clock)
        .text(request);
  }

  @Test
  @DisplayName("Azure Storage REST reference: Shared Key, Get Container Metadata")
  void signsWhatTheReferenceShows() {
    TestRequest request =
        new TestRequest("GET", HOST + "/mycontainer?comp=metadata&restype=container&timeout=20", "")
            .with("x-ms-date", "Fri, 26 Jun 2015 23:39:12 GMT")
            .with("x-ms-version", "2015-02-21");

    assertThat(text(Variant.SHARED_KEY, request))
        .isEqualTo(
            """
            GET











            x-ms-date:Fri, 26 Jun 2015 23:39:12 GMT
            x-ms-version:2015-02-21
            /myaccount/mycontainer
            comp:metadata
            restype:container
            timeout:20""");
  }

  @Test
  @DisplayName("Azure Storage REST reference: Shared Key Lite, Put Blob")
  void signsLessInShort() {
    TestRequest request =
        new TestRequest("PUT", HOST + "/mycontainer/hello.txt", "hello world")
            .with("Content-Type", "text/plain; charset=UTF-8")
            .with("x-ms-date", "Sun, 20 Sep 2009 20:36:40 GMT")
            .with("x-ms-meta-m1", "v1")
            .with("x-ms-meta-m2", "v2");

    assertThat(text(Variant.SHARED_KEY_LITE, request))
        .isEqualTo(
            """
            PUT

            text/plain; charset=UTF-8

            x-ms-date:Sun, 20 Sep 2009 20:36:40 GMT
            x-ms-meta-m1:v1
            x-ms-meta-m2:v2
            /myaccount/mycontainer/hello.txt""");
  }

  @ParameterizedTest
  @DisplayName("Azure Storage REST reference: canonicalized resources")
  @CsvSource(
      delimiter = '|',
      value = {
        "/mycontainer?restype=container&comp=metadata"
            + " | /myaccount/mycontainer~comp:metadata~restype:container",
        "/mycontainer?restype=container&comp=list&include=snapshots&include=metadata"
            + "&include=uncommittedblobs"
            + " | /myaccount/mycontainer~comp:list~include:metadata,snapshots,uncommittedblobs"
            + "~restype:container",
        "/mycontainer/myblob | /myaccount/mycontainer/myblob",
        "/ | /myaccount/",
        "/c/%C3%BC%20b?Prefix=a%2Fb%20c&MARKER=x%3D%3D"
            + " | /myaccount/c/%C3%BC%20b~marker:x==~prefix:a/b c"
      })
  void theResourceIsTheEncodedPathAndTheDecodedQuery(String target, String resource) {
    TestRequest request = new TestRequest("GET", HOST + target, "");

    assertThat(text(Variant.SHARED_KEY, request)).endsWith("\n" + resource.replace("~", "\n"));
  }

  @Test
  void anEmulatorsPathNamesTheAccountTwice() {
    TestRequest request = new TestRequest("GET", "http://127.0.0.1:10000/myaccount/c", "");

    assertThat(text(Variant.SHARED_KEY, request)).endsWith("\n/myaccount/myaccount/c");
  }

  @Test
  void ofALengthOfZeroNothingIsSigned() {
    TestRequest empty = new TestRequest("PUT", HOST + "/c", "").with("Content-Length", "0");
    TestRequest eleven = new TestRequest("PUT", HOST + "/c", "hello world");

    assertThat(text(Variant.SHARED_KEY, empty)).startsWith("PUT\n\n\n\n\n\n");
    assertThat(text(Variant.SHARED_KEY, eleven)).startsWith("PUT\n\n\n11\n\n\n");
  }

  @Test
  void headersAreSortedAsTheServiceSortsThem() {
    TestRequest request =
        new TestRequest("PUT", HOST + "/c", "")
            .with("x-ms-meta-a1", "digit")
            .with("x-ms-meta-a_1", " underscore ")
            .with("X-Ms-Meta-ab", "letter")
            .with("X-Other", "unsigned");

    assertThat(text(Variant.SHARED_KEY, request))
        .contains("\nx-ms-meta-a_1:underscore\nx-ms-meta-a1:digit\nx-ms-meta-ab:letter\n/")
        .doesNotContain("unsigned");
  }

  @Test
  @DisplayName("Azure Storage REST reference: Shared Key for the Table service")
  void tablesSignTheDateByItself() {
    TestRequest request =
        new TestRequest(
                "GET", "https://myaccount.table.core.windows.net/Tables?$top=1&comp=acl", "")
            .with("x-ms-date", "Sun, 11 Oct 2009 19:52:39 GMT");

    assertThat(text(Variant.TABLE, request))
        .isEqualTo("GET\n\n\nSun, 11 Oct 2009 19:52:39 GMT\n/myaccount/Tables?comp=acl");
    assertThat(text(Variant.TABLE_LITE, request))
        .isEqualTo("Sun, 11 Oct 2009 19:52:39 GMT\n/myaccount/Tables?comp=acl");
  }

  @Test
  void eachAttemptHasItsOwnDate() {
    var authenticator = connection.open(AzureSharedKeyScheme.blob());
    TestRequest request = new TestRequest("GET", HOST + "/c", "");
    connection.clock.set("2026-01-02T03:04:05Z");
    authenticator.authenticate(request);
    String first = request.headers.get("Authorization");
    assertThat(request.headers)
        .containsEntry("x-ms-date", "Fri, 02 Jan 2026 03:04:05 GMT")
        .containsEntry("x-ms-version", "2023-11-03");
    assertThat(first).startsWith("SharedKey myaccount:");

    connection.clock.set("2026-01-02T03:04:06Z");
    authenticator.authenticate(request);

    assertThat(request.headers.get("x-ms-date")).isEqualTo("Fri, 02 Jan 2026 03:04:06 GMT");
    assertThat(request.headers.get("Authorization")).isNotEqualTo(first);
  }

  @Test
  void aVersionThatTheRequestAsksForStays() {
    TestRequest request =
        new TestRequest("GET", HOST + "/c", "").with("x-ms-version", "2021-12-02");

    connection.open(AzureSharedKeyScheme.blob()).authenticate(request);

    assertThat(request.headers).containsEntry("x-ms-version", "2021-12-02");
  }

  @ParameterizedTest
  @ValueSource(strings = {"not*base64", "a"})
  void aKeyThatIsNotBase64IsNamedAndNotShown(String key) {
    connection.secret("access_key", key);

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> connection.open(AzureSharedKeyScheme.blob()))
        .withMessage("Invalid input for connection 'c1': /access_key: is not Base64")
        .withNoCause();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "My-Account", "a/b", "ab"})
  void anAccountNameThatNoAccountHasIsRefused(String account) {
    connection.parameter("account_name", account);

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> connection.open(AzureSharedKeyScheme.blob()))
        .withMessageContaining("/account_name: must be the name of a storage account");
  }
}
