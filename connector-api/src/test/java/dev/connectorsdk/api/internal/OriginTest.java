package dev.connectorsdk.api.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6454. */
class OriginTest {

  private static Origin of(String url) {
    return Origin.of(URI.create(url));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://id.example.com",
        "https://id.example.com/",
        "https://id.example.com:443/a?b#c",
        "https://id.example.com:",
        "HTTPS://ID.Example.COM",
      })
  void caseAndTheUsualPortMakeNoDifference(String url) {
    assertThat(of(url)).isEqualTo(new Origin("https", "id.example.com", 443));
    assertThat(of(url)).hasToString("https://id.example.com");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://id.example.com",
        "https://id.example.com:80",
        "https://id.example.com:8443",
        "https://id.example.com.",
        "https://a.id.example.com",
        "https://id_example.com",
      })
  void othersDiffer(String url) {
    assertThat(of(url)).isNotEqualTo(of("https://id.example.com"));
  }

  @Test
  void namesWithUnderscoresAreTheirOwn() {
    assertThat(of("https://a_b.example.com:8443/x"))
        .isEqualTo(new Origin("https", "a_b.example.com", 8443));
    assertThat(of("https://a_b.example.com")).isNotEqualTo(of("https://c_d.example.com"));
  }

  @Test
  void addressesOfVersion6HaveBracketsInUrlsAlone() {
    assertThat(of("http://[::1]:8080/x").host()).isEqualTo("::1");
    assertThat(of("http://[::1]:8080/x")).hasToString("http://[::1]:8080");
    assertThat(of("http://[2001:DB8::1]:80/x")).hasToString("http://[2001:db8::1]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/path",
        "//id.example.com",
        "mailto:me@example.com",
        "https:///x",
        "https:x",
        "https://a_b:x",
        "https://ex%61mple.com",
        "file:///etc",
        "https://id.example.com@a.test",
        "https://user:pass@id.example.com/a",
        "https://me@a_b.example.com"
      })
  void whatDoesNotSayWhereItLeadsHasNone(String url) {
    assertThatIllegalArgumentException().isThrownBy(() -> of(url));
  }

  @ParameterizedTest
  @CsvSource({
    "https://example.com, true",
    "HTTPS://EXAMPLE.COM, true",
    "http://localhost:8080, true",
    "http://LocalHost, true",
    "http://127.0.0.1, true",
    "HTTP://[::1], true",
    "http://example.com, false",
    "http://localhost.example.com, false",
    "http://localhost., false",
    "http://127.0.0.1.example.com, false",
    "http://127.0.0.2, false",
    "http://0.0.0.0, false",
    "http://[::2], false",
    "ftp://localhost, false",
    "httpss://example.com, false",
  })
  void isSecureByTlsOrOnThisMachine(String url, boolean secure) {
    assertThat(of(url).isSecure()).isEqualTo(secure);
  }

  @ParameterizedTest
  @CsvSource({
    "https, example.com, 443, example.com",
    "https, example.com, 80, example.com:80",
    "http, example.com, 80, example.com",
    "http, ::1, 80, [::1]",
    "https, ::1, 8443, [::1]:8443",
  })
  void theHostHeaderLeavesTheUsualPortOut(String scheme, String host, int port, String header) {
    assertThat(Origin.hostHeader(scheme, host, port)).isEqualTo(header);
  }

  @Test
  void isComparedPartByPart() {
    Origin origin = of("https://example.com");
    assertThat(origin.is("https", "example.com", 443)).isTrue();
    assertThat(origin.is("http", "example.com", 443)).isFalse();
    assertThat(origin.is("https", "example.org", 443)).isFalse();
    assertThat(origin.is("https", "example.com", 444)).isFalse();
  }
}
