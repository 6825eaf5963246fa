package dev.connectorsdk.internal.consent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.internal.connection.Registry.ClientKey;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9700 sections 2.1 and 4.11: where browsers may be sent. */
class HostAddressTest {

  private static final ClientKey TICKETS = new ClientKey(null, ConnectorId.of("tickets"), "signIn");

  private final HostAddress host = new HostAddress(List.of("HTTPS://App.Example.com:443"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://app.example.com/tickets",
        "https://APP.example.com:443/tickets",
        "HTTPS://app.example.com/tickets",
        "http://127.0.0.1:8080/tickets",
        "HTTP://[::1]/tickets",
      })
  void anOriginIsTheSameHoweverItIsWritten(String redirectUri) {
    assertThatCode(() -> host.requireRedirectUri(URI.create(redirectUri), TICKETS))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://app.example.com:8443/tickets",
        "https://app.example.com./tickets",
        "https://app_example.com/tickets",
        "http://app.example.com/tickets",
        "http://localhost/tickets",
        "https://me@app.example.com/tickets",
        "https://app.example.com@app_a.test/tickets",
        "https://app.example.com/tickets#f",
        "/tickets",
        "mailto:tickets",
      })
  void othersAreRefused(String redirectUri) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> host.requireRedirectUri(URI.create(redirectUri), TICKETS));
  }

  @ParameterizedTest
  @CsvSource({
    "/next, https://app.example.com/next",
    "https://APP.example.com:443/next, https://APP.example.com:443/next",
  })
  void usersGoOnWithinTheHost(String returnTo, String expected) {
    assertThat(host.returnTo(returnTo, URI.create("https://app.example.com/tickets")))
        .hasToString(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://app.example.org/next",
        "https://me@app.example.com/next",
        "https://app.example.com@my_evil.test/next",
        "//app.example.com/next"
      })
  void andNotElsewhere(String returnTo) {
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> host.returnTo(returnTo, URI.create("https://app.example.com/tickets")));
  }

  @ParameterizedTest
  @CsvSource({
    "https://app.example.com/tickets?code=1#f, true",
    "HTTPS://APP.example.com:443/tickets, true",
    "https://app.example.com/tickets/, false",
    "https://app.example.com:8443/tickets, false",
    "https://me@app.example.com/tickets, false",
    "/tickets, false",
  })
  void aCallbackArrivesWhereItWasToArrive(String callback, boolean same) {
    assertThat(
            CallbackQuery.isSameAddress(
                URI.create("https://app.example.com/tickets"), URI.create(callback)))
        .isEqualTo(same);
  }
}
