package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.api.auth.AuthScheme;
import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.api.auth.ConsentStrategy;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.consent.ConsentOptions;
import dev.connectorsdk.consent.PendingConsent;
import dev.connectorsdk.runtime.Tickets.TicketId;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A service tells what the connector could not know: where it is, and which account it is. */
class CapturedParametersTest extends HostTest {

  private static final URI CALLBACK = URI.create("https://app.test/callback/shops");
  private static final ConnectionSpec SPEC =
      ConnectionSpec.of("shops", "told").with("team", "blue");
  private static final ConnectionReference SHOP = ConnectionReference.invoker("shop", "shops");

  record Told(Set<String> captured) implements AuthScheme {

    @Override
    public boolean needsConsent() {
      return true;
    }
  }

  /** What the service tells with each call, if anything. */
  private final Map<String, String> toldByCalls = new ConcurrentHashMap<>();

  /** Believes the callback and the calls. */
  private record ToldStrategy(Map<String, String> toldByCalls) implements ConsentStrategy<Told> {

    @Override
    public Class<Told> schemeType() {
      return Told.class;
    }

    @Override
    public Authenticator open(Told scheme, AuthContext context) {
      return request -> {
        context.capture(toldByCalls);
        request.setHeader("X-Realm", String.valueOf(context.parameter("realm")));
        return 1;
      };
    }

    @Override
    public ConsentStart begin(Told scheme, AuthContext context, ConsentRequest request) {
      return new ConsentStart(URI.create("https://id.test/?state=" + request.state()), Map.of());
    }

    @Override
    public ConsentResult complete(Told scheme, AuthContext context, ConsentCallback callback) {
      Map<String, String> told = new LinkedHashMap<>();
      callback.parameters().forEach((name, values) -> told.put(name, values.get(0)));
      told.remove("state");
      context.capture(told);
      told.forEach((name, value) -> assertThat(context.parameter(name)).isEqualTo(value));
      return ConsentResult.unsaid();
    }
  }

  @Override
  Connector connector() {
    return Connector.builder("shops", "{instance}")
        .titled("Shops")
        .parameter(ConnectionParameter.text("team").titled("Team"))
        .parameter(
            ConnectionParameter.text("instance")
                .titled("Instance")
                .hidden()
                .matching("http://localhost:[0-9]+"))
        .parameter(ConnectionParameter.integer("realm").titled("Realm").hidden())
        .parameter(ConnectionParameter.secret("key").titled("Key").optional())
        .auth(AuthOption.of("told", new Told(Set.of("instance", "realm", "key"))))
        .action(Tickets.GET)
        .build();
  }

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    return builder
        .authStrategy(new ToldStrategy(toldByCalls))
        .connector(
            Connector.builder("boundless", "{instance}")
                .titled("Boundless")
                .parameter(ConnectionParameter.text("instance").titled("Instance").hidden())
                .auth(AuthOption.of("told", new Told(Set.of("instance"))))
                .build());
  }

  private PendingConsent begin() {
    return runtime
        .consents()
        .begin(ADA, SPEC, "session-1", ConsentOptions.standard().redirectUri(CALLBACK));
  }

  private Connection complete(PendingConsent pending, String query) {
    String callback = CALLBACK + "?" + pending.authorizationUrl().getQuery() + "&" + query;
    return runtime
        .consents()
        .complete(ADA.principal(), URI.create(callback), "session-1")
        .connection();
  }

  private void call() {
    runtime.invoke(ADA, SHOP, Tickets.GET, new TicketId("1"));
  }

  @Test
  void whatTheServiceTellsBecomesParametersThatRequestsUse() {
    service.stubFor(get("/tickets/1").willReturn(okJson("{\"id\":\"1\",\"title\":\"T\"}")));

    PendingConsent pending = begin();
    Connection connection = complete(pending, "realm=7&instance=" + url());
    call();

    assertThat(connection.parameters())
        .containsEntry("team", "blue")
        .containsEntry("realm", 7L)
        .containsEntry("instance", url());
    service.verify(1, getRequestedFor(urlEqualTo("/tickets/1")));
  }

  @Test
  void anOpenConnectionGoesOnWithWhatIsToldAnew() {
    service.stubFor(get("/tickets/1").willReturn(okJson("{\"id\":\"1\",\"title\":\"T\"}")));
    Connection connection = complete(begin(), "realm=7&instance=" + url());
    call();

    PendingConsent again =
        runtime
            .consents()
            .begin(
                ADA, connection.id(), "session-1", ConsentOptions.standard().redirectUri(CALLBACK));
    complete(again, "realm=8&instance=" + url());
    call();

    assertThat(service.findAll(getRequestedFor(anyUrl())))
        .extracting(request -> request.getHeader("X-Realm"))
        .containsExactly("7", "8");
  }

  @Test
  void tellingTheSameAgainChangesNothing() {
    service.stubFor(get("/tickets/1").willReturn(okJson("{\"id\":\"1\",\"title\":\"T\"}")));
    Connection connection = complete(begin(), "realm=7&instance=" + url());
    toldByCalls.put("REALM", "7");

    call();
    call();

    assertThat(runtime.connections().get(ADA, connection.id())).isEqualTo(connection);
  }

  @Test
  void whatWasToldOutlivesAChangeOfWhatWasEntered() {
    Connection connection = complete(begin(), "realm=7&instance=" + url());

    Connection changed =
        runtime.connections().update(ADA, connection.id(), SPEC.with("team", "red"));

    assertThat(changed.parameters()).containsEntry("team", "red").containsEntry("realm", 7L);
    assertThat(changed.status().isConnected()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "instance=https://evil.test, /instance",
    "instance=http://localhost:80@evil.test, /instance",
    "realm=seven, /realm",
    "realm=7&team=red, 'team'",
    "key=s3cret, 'key'",
    "unknown=1, 'unknown'"
  })
  void whatDoesNotFitIsRefusedAndNothingIsKept(String query, String named) {
    PendingConsent pending = begin();

    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(() -> complete(pending, query))
        .withMessageContaining(named)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("evil", "s3cret", "seven"))
        .satisfies(
            e -> assertThat(e.reason()).isEqualTo(AuthenticationException.Reason.CONFIGURATION));

    assertThat(runtime.connections().get(ADA, pending.connection()))
        .satisfies(c -> assertThat(c.parameters()).containsOnlyKeys("team"))
        .satisfies(c -> assertThat(c.status().isConnected()).isFalse());
  }

  @Test
  void aParameterThatDecidesTheHostIsToldWithinBoundsOnly() {
    PendingConsent pending =
        runtime
            .consents()
            .begin(
                ADA,
                ConnectionSpec.of("boundless", "told"),
                "session-1",
                ConsentOptions.standard()
                    .redirectUri(URI.create("https://app.test/callback/boundless")));

    String callback =
        "https://app.test/callback/boundless?"
            + pending.authorizationUrl().getQuery()
            + "&instance=https://anywhere.test";
    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(
            () -> runtime.consents().complete(ADA.principal(), URI.create(callback), "session-1"))
        .withMessageContaining("a pattern or a list of choices");
  }
}
