package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.deleteRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.error.PolicyException;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.DataPolicy.Group;
import dev.connectorsdk.trigger.Subscription;
import dev.connectorsdk.trigger.SubscriptionSpec;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What ends access while a policy has the host of a custom connector in Blocked. */
@Tag("I3")
class EndingAccessTest extends WebhookHostTest {

  private static final Administrator ADMINISTRATOR =
      Administrator.ofRuntime(Principal.user("root"));
  private static final ConnectionReference CUSTOM =
      ConnectionReference.embedded("custom", "custom");

  private Connection connection;

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    OAuth2Scheme tokens =
        OAuth2Scheme.clientCredentials(url() + "/token").revocationUrl(url() + "/revoke");
    return super.with(builder)
        .connector(
            Connector.builder("custom", url())
                .auth(AuthOption.oauth2(tokens))
                .trigger(trigger())
                .build(),
            "dev");
  }

  @BeforeEach
  void connect() {
    service.stubFor(
        post("/token")
            .willReturn(
                okJson("{\"access_token\":\"t\",\"token_type\":\"Bearer\",\"expires_in\":3600}")));
    service.stubFor(post("/revoke").willReturn(okJson("{}")));
    service.stubFor(get(anyUrl()).willReturn(okJson("{}")));
    connection =
        runtime
            .connections()
            .create(
                ADA,
                ConnectionSpec.of("custom", "oauth2")
                    .with("client_id", "id")
                    .secret("client_secret", Secret.of("s3cret")));
    runtime.references().bind(ADA, CUSTOM, connection.id());
    flows.put(FLOW.id(), FLOW.calling(CUSTOM, "hook"));
    clock.advance(Duration.ofSeconds(6));
  }

  private void save(DataPolicy.Builder policy) {
    runtime.policies().save(ADMINISTRATOR, policy.build(), 0);
  }

  private Subscription subscribeToCustom() {
    Subscription subscription =
        subscribe(SubscriptionSpec.of(CUSTOM, "hook", Nothing.NOTHING, "announce"));
    run();
    return subscription;
  }

  @Test
  @DisplayName("I3: a callback is removed, with a new token if it takes one")
  void aCallbackIsRemoved() {
    Subscription subscription = subscribeToCustom();
    save(DataPolicy.named("p").customConnectors("*", Group.BLOCKED));
    clock.advance(Duration.ofHours(2));

    runtime.triggers().unsubscribe(ADAS_FLOW, subscription.id());
    run();

    service.verify(2, postRequestedFor(urlEqualTo("/token")));
    service.verify(1, deleteRequestedFor(urlEqualTo("/hooks/h-1")));
    assertThatExceptionOfType(PolicyException.class).isThrownBy(this::subscribeToCustom);
  }

  @Test
  @DisplayName("I3: a callback is removed while the directory of flows fails")
  void aCallbackIsRemovedWhileTheDirectoryFails() {
    Subscription subscription = subscribeToCustom();
    runtime.triggers().unsubscribe(ADAS_FLOW, subscription.id());
    clock.advance(Duration.ofSeconds(6));
    whenAFlowIsLookedFor(
        () -> {
          throw new IllegalStateException("no line to it");
        });

    run();

    service.verify(1, deleteRequestedFor(urlEqualTo("/hooks/h-1")));
    assertThat(runtime.triggers().list(ADAS_FLOW)).isEmpty();
  }

  @Test
  @DisplayName("I3: a token is revoked")
  void aTokenIsRevoked() {
    subscribeToCustom();
    save(DataPolicy.named("p").customConnectors("*", Group.BLOCKED));

    assertThat(runtime.connections().delete(ADA, connection.id())).isTrue();

    service.verify(1, postRequestedFor(urlEqualTo("/revoke")));
  }

  @Test
  @DisplayName("I3: an endpoint rule keeps what ends access, but for an exempt flow")
  void anEndpointRuleDoesNotConcernAnExemptFlow() {
    Subscription subscription = subscribeToCustom();
    save(DataPolicy.named("p").denyEndpoint("custom", "*/hooks/*").exempt(FLOW.id()));

    runtime.triggers().unsubscribe(ADAS_FLOW, subscription.id());
    run();

    service.verify(1, deleteRequestedFor(urlEqualTo("/hooks/h-1")));
  }

  @Test
  @DisplayName("I3: no token is revoked where an endpoint rule denies that")
  void anEndpointRuleKeepsATokenFromBeingRevoked() {
    subscribeToCustom();
    save(DataPolicy.named("p").denyEndpoint("custom", "localhost:*/revoke"));

    assertThat(runtime.connections().delete(ADA, connection.id())).isTrue();

    service.verify(0, postRequestedFor(urlEqualTo("/revoke")));
  }
}
