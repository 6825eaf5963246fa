package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static dev.connectorsdk.runtime.Way.done;
import static dev.connectorsdk.runtime.Way.told;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.consent.ConsentOptions;
import dev.connectorsdk.reference.DeploymentSettings;
import dev.connectorsdk.runtime.Tickets.TicketId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * The ways into another's connection. Eve, who has none, tries every method with what is Ada's:
 * ids, names of references, and flows that name Ada. She gets nothing, hears nothing of it, and
 * cannot tell what is Ada's from what does not exist.
 */
@Tag("I1")
class OthersConnectionsTest extends HostTest {

  private static final Caller EVE = Principal.user("eve").in("dev");
  private static final ConnectionReference OTHER =
      ConnectionReference.embedded("other-tickets", "tickets");
  private static final ConnectionReference ADAS = SHARED.ownedBy(ADA.principal());
  private static final Flow REPORT =
      Flow.of("report", ADA.principal()).coOwnedBy(BOB.principal()).using(SHARED, MINE);

  private static final String ENVIRONMENT = "canary-environment";
  private static final String NAME = "canary-name";
  private static final String PROJECT = "canary-project";
  private static final String LOGIN = "canary-login";
  private static final String KEY = "canary-key";

  /** As what Eve comes. The host vouches for her flows, in which she names whom she likes. */
  private static final List<Caller> GUISES =
      List.of(
          EVE,
          EVE.principal().in(ENVIRONMENT),
          EVE.running(Flow.of("evil", EVE.principal())),
          EVE.running(Flow.of("evil", EVE.principal()).coOwnedBy(ADA.principal())),
          EVE.running(Flow.of("evil", EVE.principal()).runnableBy(ADA.principal())),
          EVE.running(Flow.of("report", EVE.principal()).coOwnedBy(ADA.principal())),
          EVE.running(
              Flow.of("evil", EVE.principal()).coOwnedBy(ADA.principal()).using(SHARED, MINE)),
          EVE.running(Flow.of("evil", EVE.principal()).using(ADAS.named("Adas"), MINE)),
          EVE.running(REPORT),
          EVE.running(Flow.of("evil", ADA.principal())),
          EVE.running(
              Flow.of("evil", ADA.principal()).coOwnedBy(EVE.principal()).using(OTHER, MINE)),
          EVE.running(
              Flow.of("evil", ADA.principal()).runnableBy(EVE.principal()).using(OTHER, MINE)));

  private final List<Connection> adas = new ArrayList<>();

  @Override
  Connector connector() {
    return Tickets.at(url());
  }

  @BeforeEach
  void adaHasConnections() {
    service.stubFor(get("/me").willReturn(okJson("{\"login\":\"" + LOGIN + "\"}")));
    service.stubFor(get("/tickets/1").willReturn(okJson("{\"id\":\"1\",\"title\":\"T\"}")));
    Connection bound = adas(ADA, "apiKey");
    adas.add(bound);
    adas.add(adas(ADA, "apiKey"));
    adas.add(adas(ADA.principal().in(ENVIRONMENT), "apiKey"));
    adas.add(
        runtime
            .connections()
            .create(
                ADA, ConnectionSpec.of("tickets", "signIn").named(NAME).with("project", PROJECT)));
    runtime.references().bind(ADA.running(REPORT), SHARED, bound.id());
    runtime.references().bind(ADA.running(REPORT), MINE, bound.id());
    service.resetRequests();
  }

  private Connection adas(Caller caller, String option) {
    return runtime
        .connections()
        .create(
            caller,
            ConnectionSpec.of("tickets", option)
                .named(NAME)
                .with("project", PROJECT)
                .secret("api_key", Secret.of(KEY)));
  }

  private static void nothingWasSent() {
    service.verify(0, anyRequestedFor(anyUrl()));
  }

  /** The ways that name a connection. */
  private Map<String, Way> waysTo(Caller eve, ConnectionReference reference, ConnectionId id) {
    var references = runtime.references();
    var connections = runtime.connections();
    var consents = runtime.consents();
    var spec = ConnectionSpec.of("tickets", "apiKey").secret("api_key", Secret.of("eves"));
    var settings =
        new DeploymentSettings(
            List.of(
                new DeploymentSettings.Binding(reference.logicalName(), id.value(), "tickets")));
    var standard = ConsentOptions.standard();
    Map<String, Way> ways = new LinkedHashMap<>();
    ways.put("bind", () -> done(() -> references.bind(eve, reference, id)));
    ways.put("apply", () -> done(() -> references.apply(eve, settings, List.of(reference))));
    ways.put("applyToFlow", () -> done(() -> references.apply(eve, settings)));
    ways.put("get", () -> connections.get(eve, id));
    ways.put("update", () -> connections.update(eve, id, spec));
    ways.put("test", () -> connections.test(eve, id));
    ways.put("delete", () -> connections.delete(eve, id));
    ways.put("begin", () -> consents.begin(eve, id, "session"));
    ways.put(
        "signInHere",
        () -> consents.signInHere(eve, id, standard, Duration.ofSeconds(1), link -> {}));
    ways.put("beginDevice", () -> consents.beginDevice(eve, id, standard));
    return ways;
  }

  /** The ways that name nothing but a reference. */
  private Map<String, Way> ways(Caller eve, ConnectionReference reference) {
    var references = runtime.references();
    var forms = runtime.forms();
    Map<String, Way> ways = new LinkedHashMap<>();
    ways.put("unbind", () -> references.unbind(eve, reference));
    ways.put("binding", () -> references.binding(eve, reference));
    ways.put("grant", () -> done(() -> references.grant(eve, reference, EVE.principal())));
    ways.put("revoke", () -> references.revoke(eve, reference, BOB.principal()));
    ways.put("grants", () -> references.grants(eve, reference));
    ways.put("resolve", () -> references.resolve(eve, reference));
    ways.put("export", () -> references.export(eve, List.of(reference)).toJson());
    ways.put("exportFlow", () -> references.export(eve).toJson());
    ways.put("readiness", () -> references.readiness(eve, List.of(reference)));
    ways.put("readinessOfFlow", () -> references.readiness(eve));
    ways.put("invoke", () -> runtime.invoke(eve, reference, Tickets.GET, new TicketId("1")));
    ways.put("invokeById", () -> runtime.invoke(eve, reference, "getTicket", Map.of("id", "1")));
    ways.put("choices", () -> forms.choices(eve, reference, "getTicket", "id", Map.of()));
    ways.put("input", () -> forms.input(eve, reference, "getTicket", Map.of()));
    ways.put("output", () -> forms.output(eve, reference, "getTicket", Map.of()));
    ways.put("refresh", () -> done(() -> forms.refresh(eve, reference)));
    ways.put("list", () -> runtime.connections().list(eve));
    return ways;
  }

  private void namesNothingOfAdas(String way, String told) {
    List<String> canaries = new ArrayList<>(List.of(NAME, PROJECT, LOGIN, KEY));
    adas.forEach(connection -> canaries.add(connection.id().value()));
    assertThat(canaries).as(way + " " + told).noneMatch(told::contains);
  }

  @ParameterizedTest
  @FieldSource("GUISES")
  void aConnectionOfAdasIsToEveAsOneThatDoesNotExist(Caller eve) {
    ConnectionId unknown = ConnectionId.of("0123456789abcdef0123456789abcdef");
    for (ConnectionReference reference : List.of(SHARED, ADAS, OTHER, MINE)) {
      Map<String, Way> toNothing = waysTo(eve, reference, unknown);
      for (Connection connection : adas) {
        waysTo(eve, reference, connection.id())
            .forEach(
                (name, way) -> {
                  String told = told(way).replace(connection.id().value(), "the id");
                  namesNothingOfAdas(name, told);
                  assertThat(told)
                      .as(name)
                      .isEqualTo(told(toNothing.get(name)).replace(unknown.value(), "the id"));
                });
      }
    }
    nothingWasSent();
    adasCallGoesOn();
  }

  @ParameterizedTest
  @FieldSource("GUISES")
  void bindingNamesNotEvenTheIdThatEveGave(Caller eve) {
    String id = adas.get(0).id().value();

    assertThat(told(waysTo(eve, SHARED, adas.get(0).id()).get("bind"))).doesNotContain(id);
    assertThat(told(waysTo(eve, MINE, adas.get(0).id()).get("bind"))).doesNotContain(id);
  }

  @ParameterizedTest
  @FieldSource("GUISES")
  @DisplayName("6.3: users build nothing else with it")
  void noReferenceLeadsEveToAConnectionOfAdas(Caller eve) {
    for (ConnectionReference reference : List.of(SHARED, ADAS, OTHER, MINE)) {
      ways(eve, reference).forEach((name, way) -> namesNothingOfAdas(name, told(way)));
    }
    nothingWasSent();
    adasCallGoesOn();
  }

  @Test
  void anUnknownReferenceOfAdasIsToEveAsOneThatIsBound() {
    ConnectionReference unknown =
        ConnectionReference.embedded("no-tickets", "tickets").ownedBy(ADA.principal());
    for (Caller eve : GUISES) {
      Flow flow = eve.flow();
      if (flow != null && flow.references().contains(ADAS)) {
        eve = EVE.running(Flow.of("evil", EVE.principal()).using(ADAS, unknown));
      }
      Map<String, Way> toUnknown = ways(eve, unknown);
      ways(eve, ADAS)
          .forEach(
              (name, way) ->
                  assertThat(told(way).replaceAll("(team|no)-tickets", "x"))
                      .as(name)
                      .isEqualTo(told(toUnknown.get(name)).replaceAll("(team|no)-tickets", "x")));
    }
    nothingWasSent();
  }

  @Test
  void whatEveBindsUnderAdasNamesIsHersAlone() {
    Caller eve = EVE.running(Flow.of("report", EVE.principal()).coOwnedBy(ADA.principal()));
    Connection eves =
        runtime
            .connections()
            .create(
                eve, ConnectionSpec.of("tickets", "apiKey").secret("api_key", Secret.of("eves")));
    service.resetRequests();

    runtime.references().bind(eve, SHARED, eves.id());
    runtime.references().bind(eve, MINE, eves.id());
    runtime.invoke(eve, SHARED, Tickets.GET, new TicketId("1"));

    service.verify(1, getRequestedFor(anyUrl()).withHeader("X-Api-Key", equalTo("eves")));
    adasCallGoesOn();
    assertThat(runtime.references().unbind(eve, SHARED)).isTrue();
    adasCallGoesOn();
  }

  @Test
  @DisplayName("6.3: addresses and names stay hidden from users")
  void whoMayOnlyRunAdasFlowUsesHerConnectionAndIsToldNothingOfIt() {
    Flow flow = REPORT.runnableBy(EVE.principal());
    Caller eve = EVE.running(flow);
    runtime.references().unbind(ADA.running(flow), MINE);

    ways(eve, SHARED)
        .forEach(
            (name, way) -> {
              if (!name.startsWith("invoke")) {
                namesNothingOfAdas(name, told(way));
              }
            });
    waysTo(eve, SHARED, adas.get(0).id())
        .forEach(
            (name, way) ->
                namesNothingOfAdas(name, told(way).replace(adas.get(0).id().value(), "the id")));
    runtime.invoke(eve, SHARED, Tickets.GET, new TicketId("1"));
    service.verify(1, getRequestedFor(urlEqualTo("/tickets/1")));
  }

  @Test
  void aClientThatEveUnwrapsTellsNothingOfAdasConnection() {
    Caller eve = EVE.running(REPORT.runnableBy(EVE.principal()));
    OkHttpClient client =
        runtime.references().resolve(eve, SHARED).unwrap(OkHttpClient.class, "x", Effect.READ);
    var elsewhere = new okhttp3.Request.Builder().url("https://elsewhere.example/").build();
    var here = new okhttp3.Request.Builder().url(url() + "/x").build();

    namesNothingOfAdas("elsewhere", told(() -> client.newCall(elsewhere).execute()));
    runtime.connections().delete(ADA, adas.get(0).id());
    namesNothingOfAdas("deleted", told(() -> client.newCall(here).execute()));
  }

  private void adasCallGoesOn() {
    service.resetRequests();
    runtime.invoke(ADA.running(REPORT), SHARED, Tickets.GET, new TicketId("1"));
    runtime.invoke(ADA.running(REPORT), MINE, Tickets.GET, new TicketId("1"));
    service.verify(
        2, getRequestedFor(urlEqualTo("/tickets/1")).withHeader("X-Api-Key", equalTo(KEY)));
    assertThat(adas)
        .allSatisfy(
            connection ->
                assertThat(
                        runtime
                            .connections()
                            .get(ADA.principal().in(connection.environment()), connection.id()))
                    .isEqualTo(connection));
    service.resetRequests();
  }
}
