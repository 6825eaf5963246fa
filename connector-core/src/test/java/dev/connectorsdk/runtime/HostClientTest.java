package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.error.ConsentException;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.consent.ConsentOptions;
import dev.connectorsdk.consent.PendingConsent;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.util.Enumeration;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a host says of its OAuth clients, and what is checked of it at the start. */
class HostClientTest extends HostTest {

  private static final ConnectionSpec SIGN_IN = ConnectionSpec.of("tickets", "signIn");
  private static final URI HERE = URI.create("https://app.test/callback/tickets");
  private static final URI OTHER_DOMAIN = URI.create("https://app.example/callback/tickets");
  private static final URI EACH = URI.create("https://app.test/callback/tickets/*");

  private ConnectorRuntime with(ClientRegistration client) {
    return builder().client("tickets", "signIn", client).build();
  }

  private static String redirectUri(PendingConsent pending) {
    return HttpUrl.get(pending.authorizationUrl()).queryParameter("redirect_uri");
  }

  private static ConsentOptions at(URI redirectUri) {
    return ConsentOptions.standard().redirectUri(redirectUri);
  }

  @Test
  void aSignInUsesTheRedirectUriOfTheClient() {
    service.stubFor(post("/token").willReturn(okJson("{\"access_token\":\"t\"}")));
    try (ConnectorRuntime own = with(CLIENT.redirectingTo(HERE))) {
      PendingConsent pending = own.consents().begin(ADA, SIGN_IN, "s");
      assertThat(redirectUri(pending)).isEqualTo(HERE.toString());

      URI callback = SignIns.callback(HERE, pending, "code=c");
      Connection connection = own.consents().complete(ADA.principal(), callback, "s").connection();

      assertThat(connection.status().isConnected()).isTrue();
      assertThat(connection.environment()).isEqualTo(ADA.environment());
    }
  }

  @Test
  void aHostWithSeveralDomainsSaysWhichOneASignInComesBackTo() {
    try (ConnectorRuntime own = with(CLIENT.redirectingTo(HERE, OTHER_DOMAIN))) {
      var consents = own.consents();
      assertThat(redirectUri(consents.begin(ADA, SIGN_IN, "s"))).isEqualTo(HERE.toString());
      assertThat(redirectUri(consents.begin(ADA, SIGN_IN, "s", at(OTHER_DOMAIN))))
          .isEqualTo(OTHER_DOMAIN.toString());

      URI unknown = URI.create("https://www.app.test/callback/tickets");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> consents.begin(ADA, SIGN_IN, "s", at(unknown)))
          .withMessageStartingWith("The redirect URI is none of those of the client");
    }
  }

  @Test
  void aConnectionCanHaveARedirectUriOfItsOwn() {
    service.stubFor(post("/token").willReturn(okJson("{\"access_token\":\"t\"}")));
    try (ConnectorRuntime own = with(CLIENT.redirectingTo(EACH))) {
      var consents = own.consents();
      PendingConsent first = consents.begin(ADA, SIGN_IN, "s");
      PendingConsent second = consents.begin(ADA, SIGN_IN, "s");
      URI ofFirst = URI.create("https://app.test/callback/tickets/" + first.connection());
      URI ofSecond = URI.create("https://app.test/callback/tickets/" + second.connection());
      assertThat(redirectUri(first)).isEqualTo(ofFirst.toString());

      assertThatExceptionOfType(ConsentException.class)
          .isThrownBy(
              () ->
                  consents.complete(
                      ADA.principal(), SignIns.callback(ofFirst, second, "code=c"), "s"))
          .extracting(ConsentException::reason)
          .isEqualTo(ConsentException.Reason.CONTEXT_MISMATCH);
      assertThat(
              consents
                  .complete(ADA.principal(), SignIns.callback(ofFirst, first, "code=c"), "s")
                  .connection()
                  .id())
          .isEqualTo(first.connection());
      assertThat(ofFirst).isNotEqualTo(ofSecond);
    }
  }

  @Test
  void whoeverNamesNoRedirectUriIsAskedForOne() {
    try (ConnectorRuntime own = with(CLIENT)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> own.consents().begin(ADA, SIGN_IN, "s"))
          .withMessageContaining("ClientRegistration.redirectingTo");
      assertThat(own.connections().list(ADA)).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://app.test/callback",
        "http://app.test/callback/tickets",
        "https://app.test/callback/tickets#x"
      })
  @DisplayName("A7: a redirect URI that cannot be used is refused at the start")
  void aRedirectUriThatCannotBeUsedIsRefusedAtTheStart(URI redirectUri) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> with(CLIENT.redirectingTo(HERE, redirectUri)))
        .withMessageStartingWith(
            "The client for auth option 'signIn' of connector 'tickets' cannot have the redirect"
                + " URI "
                + redirectUri);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                builder()
                    .hostOrigins("https://app.test")
                    .client("tickets", "signIn", CLIENT.redirectingTo(OTHER_DOMAIN))
                    .build())
        .withMessageContaining("not on one of the host's origins");
  }

  @Test
  void aClientForAnOptionThatTheConnectorDoesNotHaveIsRefusedAtTheStart() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().client("tickets", "sign-in", CLIENT).build())
        .withMessage(
            "A client is registered for auth option 'sign-in' of connector 'tickets', which has"
                + " [apiKey, basic, bearer, none, queryKey, oauth2, signIn]");
  }

  @Test
  void aClientForAConnectorThatIsNotThereIsRefusedAtTheStart() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().client("tickts", "signIn", CLIENT).build())
        .withMessage(
            "A client is registered for auth option 'signIn' of connector 'tickts', which is not"
                + " there; there are [tickets]");
  }

  @Test
  void whereAPluginWasSkippedAClientWithoutItsConnectorIsAProblemOfPlugins() {
    ClassLoader failing =
        new ClassLoader(null) {
          @Override
          public Enumeration<URL> getResources(String name) throws IOException {
            throw new IOException("disk gone");
          }
        };

    try (ConnectorRuntime own =
        builder().discover(failing).client("calendar", "signIn", CLIENT).build()) {
      assertThat(own.pluginProblems())
          .hasSize(2)
          .last()
          .hasToString(
              "Provider (unknown) in (unknown): A client is registered for auth option 'signIn' of"
                  + " connector 'calendar', which is not there; there are [tickets]");
    }
  }
}
