package dev.connectorsdk.internal.http;

import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.temporaryRedirect;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.ServiceException;
import dev.connectorsdk.api.http.ConnectorHttp;
import dev.connectorsdk.fixtures.SettableClock;
import dev.connectorsdk.http.AddressPolicy;
import dev.connectorsdk.http.HttpLimits;
import dev.connectorsdk.internal.audit.Auditor;
import dev.connectorsdk.internal.event.EventHub;
import dev.connectorsdk.internal.observation.Observations;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.json.JsonMapper;

/** Requests without a credential are a strategy's own only where they were opened as that. */
@Tag("E4")
class CredentiallessCallTest {

  @RegisterExtension
  static final WireMockExtension service = WireMockExtension.newInstance().build();

  private static final ConnectionId ID = ConnectionId.of("c1");

  private final SettableClock clock = new SettableClock();

  @AutoClose
  private final Transport transport =
      new Transport(
          new HttpSettings(
              null,
              AddressPolicy.allowAll(),
              HttpLimits.standard(),
              HttpLimits.forTokens(),
              null,
              null),
          JsonMapper.shared(),
          clock,
          new SecureRandom(),
          clock,
          new EventHub(Auditor.none(clock), List.of()),
          Observations.NONE);

  @BeforeEach
  void aServiceThatRedirects() {
    service.stubFor(get("/old").willReturn(temporaryRedirect("/new")));
    service.stubFor(get("/new").willReturn(ok("here")));
  }

  private Endpoint endpoint() {
    ServiceUrl base = new ServiceUrl(HttpUrl.get(service.baseUrl()), false, true);
    return new Endpoint(
        ID,
        ConnectorId.of("c"),
        Destinations.of(base, List.of()),
        null,
        transport.clients(ID, null),
        null,
        (url, caller) -> {});
  }

  @Test
  void aCallFollowsRedirectsAndSetsNoCredential() {
    var budget = new CallBudget(clock, Duration.ofMinutes(1), Effect.READ, null, null);
    ConnectorHttp http = transport.open(endpoint(), budget);

    assertThat(http.get("/old").send().text()).isEqualTo("here");
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> http.get("/new").header("Authorization", "Basic x"));
  }

  @Test
  void aStrategysOwnRequestFollowsNoneAndMaySetOne() {
    ConnectorHttp http = transport.openForTokens(endpoint());

    assertThatExceptionOfType(ServiceException.class)
        .isThrownBy(() -> http.get("/old").send())
        .matches(e -> e.status() == 302);
    assertThat(http.get("/new").header("Authorization", "Basic x").send().text()).isEqualTo("here");
  }
}
