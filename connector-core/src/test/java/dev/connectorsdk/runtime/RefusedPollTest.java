package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Account;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionStatus.Reason;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.trigger.Subscription;
import dev.connectorsdk.trigger.Subscription.Phase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What follows when a service refuses the credential of a poll. */
@Tag("B17")
class RefusedPollTest extends TriggerHostTest {

  @Override
  Connector connector() {
    return Tickets.builder(url())
        .trigger(Feed.ITEMS)
        .test(call -> Account.of(call.http().get("/me").send().text()))
        .build();
  }

  @Test
  @DisplayName("B17: a poll whose credential the test can use is tried again")
  void aPollWhoseCredentialTheTestCanUseIsTriedAgain() {
    service.stubFor(get("/me").willReturn(okJson("ada")));
    Connection connection = bindAdasConnection();
    service.stubFor(Feed.asked().willReturn(aResponse().withStatus(401)));
    Subscription subscription = subscribe();

    run();

    assertThat(inspect(subscription).phase()).isNotEqualTo(Phase.WAITING);
    assertThat(inspect(subscription).failures()).isEqualTo(1);
    assertThat(inspect(subscription).lastError())
        .endsWith("the service refused the credential of its connection (status 401)");
    assertThat(status(connection)).isNull();
  }

  @Test
  @DisplayName("B17: a poll whose credential the test cannot use either waits for its owner")
  void aPollWhoseCredentialTheTestCannotUseEitherWaits() {
    service.stubFor(get("/me").willReturn(okJson("ada")));
    Connection connection = bindAdasConnection();
    service.stubFor(Feed.asked().willReturn(aResponse().withStatus(401)));
    service.stubFor(get("/me").willReturn(aResponse().withStatus(401)));
    Subscription subscription = subscribe();
    service.resetRequests();

    run();
    runAfter(ROUND);

    assertThat(status(connection)).isEqualTo(Reason.CREDENTIALS_REJECTED);
    assertThat(inspect(subscription).phase()).isEqualTo(Phase.WAITING);
    service.verify(1, getRequestedFor(urlEqualTo("/me")));
  }

  private @Nullable Reason status(Connection connection) {
    return runtime.connections().get(ADA, connection.id()).status().reason();
  }
}
