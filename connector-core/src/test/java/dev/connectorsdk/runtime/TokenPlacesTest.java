package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlMatching;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.http.HttpHeader;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.TokenPlace;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.consent.ConsentOptions;
import dev.connectorsdk.consent.PendingConsent;
import dev.connectorsdk.runtime.Tickets.NewTicket;
import dev.connectorsdk.runtime.Tickets.Query;
import dev.connectorsdk.runtime.Tickets.TicketId;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Where the parts of a token stand on the wire, from the sign-in to the revocation. */
@Tag("B7")
class TokenPlacesTest extends HostTest {

  private static final URI CALLBACK = URI.create("https://app.test/callback/tickets");
  private static final int CALLS = 1000;
  private static final String CLIENT_SECRET = "client-Pq8sWv2Lk0Zt";
  private static final List<String> TOKENS =
      List.of(
          CLIENT_SECRET,
          "access-one-Jx7yQm4Rb9Dn",
          "access-two-Vc3hTf6Gs1Ke",
          "refresh-one-Zw5uNa8Xo2Pi",
          "refresh-two-Hj0rLb7Yd4Mq");

  private final Random random = new Random(7);

  @Override
  Connector connector() {
    OAuth2Scheme scheme =
        OAuth2Scheme.authorizationCode(url() + "/authorize", url() + "/token")
            .revocationUrl(url() + "/revoke");
    return Tickets.builder(url())
        .auth(AuthOption.oauth2(scheme).named("revocable"))
        .auth(
            AuthOption.oauth2(scheme.sendingToken(TokenPlace.query("auth", "{access_token}")))
                .named("inQuery"))
        .build();
  }

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    ClientRegistration client = ClientRegistration.of("app", Secret.of(CLIENT_SECRET));
    return builder.client("tickets", "revocable", client).client("tickets", "inQuery", client);
  }

  @Test
  @DisplayName("B7: over 1,000 calls, a refresh and a revocation no token is in a URL or Referer")
  void noTokenIsInAUrlOrReferer() {
    wholeLife("revocable", CALLS);

    List<LoggedRequest> sent = service.findAll(anyRequestedFor(anyUrl()));
    assertThat(sent).hasSizeGreaterThan(CALLS + 3);
    assertThat(sent).extracting(LoggedRequest::getUrl).contains("/token", "/revoke");
    assertThat(sent)
        .extracting(LoggedRequest::getBodyAsString)
        .anyMatch(body -> body.contains("grant_type=refresh_token"));
    for (LoggedRequest request : sent) {
      assertHoldsNoToken(request.getUrl());
      for (HttpHeader header : request.getHeaders().all()) {
        if (!header.key().equalsIgnoreCase("Authorization")) {
          header.values().forEach(TokenPlacesTest::assertHoldsNoToken);
        }
      }
      boolean isForTokens = request.getUrl().equals("/token") || request.getUrl().equals("/revoke");
      if (!isForTokens) {
        assertThat(request.getHeader("Authorization")).startsWith("Bearer access-");
        assertHoldsNoToken(request.getBodyAsString());
      }
    }
  }

  @Test
  @DisplayName("B7: a scheme that says so has its token in the query, and nothing else of it there")
  void aSchemeThatSaysSoHasItsTokenInTheQuery() {
    wholeLife("inQuery", 50);

    List<LoggedRequest> calls = service.findAll(anyRequestedFor(urlMatching("/tickets.*")));
    assertThat(calls).hasSizeGreaterThanOrEqualTo(50);
    for (LoggedRequest request : calls) {
      assertThat(request.queryParameter("auth").firstValue()).startsWith("access-");
      assertHoldsNoToken(request.getUrl().replaceAll("auth=[^&]*", ""));
      assertThat(request.getHeader("Referer")).isNull();
      assertThat(request.getHeader("Authorization")).isNull();
    }
  }

  private void wholeLife(String authOption, int calls) {
    service.stubFor(any(anyUrl()).willReturn(okJson("{\"id\":\"1\",\"title\":\"T\"}")));
    service.stubFor(get(urlPathEqualTo("/tickets")).willReturn(okJson("[]")));
    service.stubFor(
        any(urlMatching("/tickets/moved.*"))
            .willReturn(aResponse().withStatus(302).withHeader("Location", "/tickets/1")));
    issues("authorization_code", TOKENS.get(1), TOKENS.get(3));
    issues("refresh_token", TOKENS.get(2), TOKENS.get(4));
    Connection connection = signIn(ConnectionSpec.of("tickets", authOption));
    for (int i = 0; i < calls; i++) {
      if (i == calls / 2) {
        clock.advance(Duration.ofHours(2));
      }
      call();
    }
    runtime.connections().delete(ADA, connection.id());
  }

  private void call() {
    String word = Long.toHexString(random.nextLong());
    switch (random.nextInt(5)) {
      case 0 -> runtime.invoke(ADA, MINE, Tickets.GET, new TicketId(word));
      case 1 -> runtime.invoke(ADA, MINE, Tickets.GET, new TicketId("moved-" + word));
      case 2 -> runtime.invoke(ADA, MINE, Tickets.LIST, new Query(word, null));
      case 3 -> runtime.invoke(ADA, MINE, Tickets.CREATE, new NewTicket(word, List.of()));
      default -> runtime.invoke(ADA, MINE, Tickets.DELETE, new TicketId(word));
    }
  }

  private Connection signIn(ConnectionSpec spec) {
    PendingConsent pending =
        runtime
            .consents()
            .begin(ADA, spec, "session", ConsentOptions.standard().redirectUri(CALLBACK));
    assertHoldsNoToken(pending.authorizationUrl().toString());
    URI callback = SignIns.callback(CALLBACK, pending, "code=c");
    return runtime.consents().complete(ADA.principal(), callback, "session").connection();
  }

  private void issues(String grant, String accessToken, String refreshToken) {
    service.stubFor(
        post(urlEqualTo("/token"))
            .withRequestBody(containing("grant_type=" + grant))
            .willReturn(
                okJson(
                    """
                    {"access_token":"%s","refresh_token":"%s","expires_in":3600}\
                    """
                        .formatted(accessToken, refreshToken))));
  }

  /** Not even eight characters of one, in any letter case or encoding of URLs. */
  private static void assertHoldsNoToken(String text) {
    List<String> found = new ArrayList<>();
    String plain = URLDecoder.decode(text, StandardCharsets.UTF_8).toLowerCase(Locale.ROOT);
    for (String token : TOKENS) {
      for (int i = token.indexOf('-') + 1; i + 8 <= token.length(); i++) {
        if (plain.contains(token.substring(i, i + 8).toLowerCase(Locale.ROOT))) {
          found.add(token);
        }
      }
    }
    assertThat(found).as("tokens in " + text).isEmpty();
  }
}
