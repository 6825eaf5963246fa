package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.api.auth.AuthStrategy;
import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.auth.ConsentStrategy;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.error.ConsentException;
import dev.connectorsdk.auth.AuthStrategies;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.consent.ConsentOptions;
import dev.connectorsdk.consent.PendingConsent;
import dev.connectorsdk.reference.ReferenceReadiness;
import dev.connectorsdk.runtime.Tickets.TicketId;
import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A connection is changed around its sign-in. */
class SignInChangesTest extends HostTest {

  private static final URI CALLBACK = URI.create("https://app.test/callback/tickets");

  private final AtomicInteger opened = new AtomicInteger();

  @Override
  Connector connector() {
    return Tickets.builder(url())
        .auth(
            AuthOption.oauth2(
                    OAuth2Scheme.authorizationCode(url() + "/authorize2", url() + "/token2"))
                .named("otherSignIn"))
        .build();
  }

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    ClientRegistration client = ClientRegistration.of("app", Secret.of("client-s3cret"));
    return builder
        .client("tickets", "signIn", client)
        .client("tickets", "otherSignIn", client)
        .authStrategy(new Counted(standard(), opened));
  }

  @SuppressWarnings("unchecked") // The strategy for a scheme takes that scheme.
  private static ConsentStrategy<OAuth2Scheme> standard() {
    for (AuthStrategy<?> strategy : AuthStrategies.standard()) {
      if (strategy.schemeType() == OAuth2Scheme.class) {
        return (ConsentStrategy<OAuth2Scheme>) strategy;
      }
    }
    throw new AssertionError("There is a strategy for OAuth 2.0");
  }

  /** Counts how often a connection is opened. */
  private record Counted(ConsentStrategy<OAuth2Scheme> strategy, AtomicInteger opened)
      implements ConsentStrategy<OAuth2Scheme> {

    @Override
    public Class<OAuth2Scheme> schemeType() {
      return OAuth2Scheme.class;
    }

    @Override
    public Authenticator open(OAuth2Scheme scheme, AuthContext context) {
      opened.incrementAndGet();
      return strategy.open(scheme, context);
    }

    @Override
    public ConsentStart begin(OAuth2Scheme scheme, AuthContext context, ConsentRequest request) {
      return strategy.begin(scheme, context, request);
    }

    @Override
    public ConsentResult complete(
        OAuth2Scheme scheme, AuthContext context, ConsentCallback callback) {
      return strategy.complete(scheme, context, callback);
    }
  }

  private static URI callback(PendingConsent pending) {
    return SignIns.callback(CALLBACK, pending, "code=c-1");
  }

  @Test
  @Tag("A6")
  void aCodeNeverReachesAnotherServiceThanTheOneThatIssuedIt() {
    PendingConsent pending =
        runtime
            .consents()
            .begin(
                ADA,
                ConnectionSpec.of("tickets", "signIn"),
                "session-1",
                ConsentOptions.standard().redirectUri(CALLBACK));
    runtime
        .connections()
        .update(ADA, pending.connection(), ConnectionSpec.of("tickets", "otherSignIn"));

    assertThatExceptionOfType(ConsentException.class)
        .isThrownBy(
            () -> runtime.consents().complete(ADA.principal(), callback(pending), "session-1"));
    service.verify(0, postRequestedFor(anyUrl()));
  }

  @Test
  void aConnectionIsOpenedOnceHoweverOftenItIsReadInBetween() {
    service.stubFor(
        post(urlEqualTo("/token"))
            .willReturn(okJson("{\"access_token\":\"t-1\",\"token_type\":\"Bearer\"}")));
    service.stubFor(get("/tickets/1").willReturn(okJson("{\"id\":\"1\",\"title\":\"T\"}")));
    ConnectionSpec spec = ConnectionSpec.of("tickets", "signIn");
    PendingConsent pending =
        runtime
            .consents()
            .begin(ADA, spec, "session-1", ConsentOptions.standard().redirectUri(CALLBACK));
    Connection connection =
        runtime.consents().complete(ADA.principal(), callback(pending), "session-1").connection();
    runtime.invoke(ADA, MINE, Tickets.GET, new TicketId("1"));
    assertThat(opened).hasValue(1);

    for (String name : List.of("first", "second")) {
      runtime.connections().update(ADA, connection.id(), spec.named(name));
      assertThat(runtime.references().readiness(ADA, List.of(MINE)))
          .singleElement()
          .matches(ReferenceReadiness::isReady);
    }
    runtime.invoke(ADA, MINE, Tickets.GET, new TicketId("1"));

    assertThat(opened).hasValue(1);
  }
}
