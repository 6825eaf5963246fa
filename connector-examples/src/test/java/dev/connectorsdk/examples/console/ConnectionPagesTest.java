package dev.connectorsdk.examples.console;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.verify;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Grant;
import dev.connectorsdk.api.Grant.Right;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What people do with their own connections on the pages. */
@WireMockTest
class ConnectionPagesTest {

  private static final Caller ADA = Principal.user("ada").in("dev");

  private ConsoleHost host;
  private ConnectorRuntime runtime;
  private ConsoleBrowser ada;

  @BeforeEach
  void start(WireMockRuntimeInfo service) {
    stubFor(get("/acme/me").willReturn(okJson("{\"login\":\"ada@acme\"}")));
    host = new ConsoleHost(console -> Tickets.runtime(service.getHttpBaseUrl(), console));
    runtime = host.runtime();
    ada = host.browserOf("ada");
  }

  @AfterEach
  void stop() {
    host.close();
  }

  private static String page(Connection connection, String... below) {
    return "connections/" + connection.id() + (below.length == 0 ? "" : "/" + below[0]);
  }

  @Test
  void listsOwnConnectionsAndNobodyElses() {
    Connection own = Tickets.connection(runtime, "ada", "Team desk");
    Connection bens = Tickets.connection(runtime, "ben", "Bens desk");

    assertThat(ada.open("connections").body())
        .contains("Team desk", "ada@acme", "Connected", own.id().value())
        .doesNotContain("Bens desk", bens.id().value());
    assertThat(ada.open(page(bens)).statusCode()).isEqualTo(404);
    assertThat(ada.open(page(bens)).body()).isEqualTo(ada.open(page(bens)).body());
    assertThat(ada.open("connections/none").statusCode()).isEqualTo(404);
  }

  @Test
  void aNameIsTextWhateverItIs() {
    Connection odd = Tickets.connection(runtime, "ada", "<script>alert(1)</script>\"'&");

    for (String path :
        new String[] {
          "connections", page(odd), page(odd, "delete"), page(odd, "share"), page(odd, "change")
        }) {
      assertThat(ada.open(path).body())
          .as(path)
          .contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;")
          .doesNotContain("<script>alert");
    }
  }

  @Test
  void makesAConnectionFromTheParametersOfAWayToAuthenticate() {
    HttpResponse<String> form = ada.open("connectors/tickets/connect");
    assertThat(form.body()).contains("name=\"p.site\"", "type=\"password\"", "Sign in");

    HttpResponse<String> made =
        ada.submit(
            "connectors/tickets/connect",
            "connectors/tickets/connect?option=apiKey",
            Map.of("name", "Mine", "p.site", "acme", "p.api_key", Tickets.KEY.reveal()));

    assertThat(made.statusCode()).isEqualTo(303);
    Connection connection = runtime.connections().list(ADA).get(0);
    assertThat(connection.displayName()).isEqualTo("Mine");
    String there = made.headers().firstValue("location").orElseThrow();
    assertThat(there).endsWith(page(connection) + "?done=connection-made");
    assertThat(ada.open(there).body())
        .contains("The connection is made.", "acme")
        .doesNotContain(Tickets.KEY.reveal());
  }

  @Test
  void saysAtEachFieldWhatDoesNotFitAndForgetsTheSecret() {
    HttpResponse<String> refused =
        ada.submit(
            "connectors/tickets/connect",
            "connectors/tickets/connect?option=apiKey",
            Map.of("p.site", "not a site", "p.api_key", Tickets.KEY.reveal()));

    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.body())
        .contains("href=\"#field-p_2esite\"", "id=\"field-p_2esite\"", "aria-invalid=\"true\"")
        .contains("value=\"not a site\"")
        .doesNotContain(Tickets.KEY.reveal());
    assertThat(runtime.connections().list(ADA)).isEmpty();
  }

  @Test
  void changesValuesAndKeepsTheSecretThatIsLeftOut() {
    Connection connection = Tickets.connection(runtime, "ada", "Desk");
    assertThat(ada.open(page(connection, "change")).body()).doesNotContain(Tickets.KEY.reveal());
    ada.submit(
        page(connection, "change"),
        page(connection, "change"),
        Map.of("name", "Other desk", "p.site", "acme"));

    Connection changed = runtime.connections().get(ADA, connection.id());
    assertThat(changed.displayName()).isEqualTo("Other desk");
    assertThat(ada.submit(page(connection), page(connection, "test"), Map.of()).body())
        .contains("The service was asked: it works.");
    verify(
        3,
        getRequestedFor(urlPathEqualTo("/acme/me"))
            .withHeader("X-Key", equalTo(Tickets.KEY.reveal())));
    HttpResponse<String> elsewhere =
        ada.submit(
            page(connection, "change"), page(connection, "change"), Map.of("p.site", "other"));
    assertThat(elsewhere.statusCode()).isEqualTo(422);
    assertThat(elsewhere.body()).contains("API key: is required");
  }

  @Test
  void saysWhatIsWrongAndWhatMendsIt() {
    Connection connection = Tickets.connection(runtime, "ada", "Desk");
    stubFor(get("/acme/me").willReturn(aResponse().withStatus(401)));

    HttpResponse<String> tested = ada.submit(page(connection), page(connection, "test"), Map.of());

    assertThat(tested.statusCode()).isEqualTo(200);
    assertThat(tested.body())
        .contains("It does not work.", "Enter the credentials again", "Enter credentials");
  }

  @Test
  void anAdministratorsReasonIsShownToTheOwner() {
    Connection connection = Tickets.connection(runtime, "ada", "Desk");
    runtime
        .connections()
        .disable(
            Administrator.ofRuntime(Principal.user("root")),
            connection.id(),
            "The contract has ended.");

    assertThat(ada.open(page(connection)).body())
        .contains("Disabled", "The contract has ended.", "Only an administrator enables it")
        .contains(page(connection, "delete"))
        .doesNotContain(
            page(connection, "test"), page(connection, "change"), page(connection, "share"));
  }

  @Test
  void asksBeforeItDeletes() {
    Connection connection = Tickets.connection(runtime, "ada", "Desk");

    assertThat(ada.open(page(connection, "delete")).body())
        .contains("What stops working", "Nothing brings it back");
    assertThat(runtime.connections().list(ADA)).hasSize(1);

    HttpResponse<String> deleted =
        ada.submit(page(connection, "delete"), page(connection, "delete"), Map.of());

    assertThat(deleted.headers().firstValue("location"))
        .hasValue("/console/connections?done=connection-deleted");
    assertThat(runtime.connections().list(ADA)).isEmpty();
  }

  @Test
  void showsWhatSomebodyGainsBeforeAnythingIsGranted() {
    Connection connection = Tickets.connection(runtime, "ada", "Desk");
    Map<String, String> form =
        Map.of("kind", "user", "who", "ben", "right", "USE", "until", "2031-01-30");

    HttpResponse<String> preview =
        ada.submit(page(connection, "share"), page(connection, "share/preview"), form);

    assertThat(preview.body())
        .contains("What ben gains", "is done as the account ada@acme", "Nothing has been granted")
        .contains("It ends with 2031-01-30, in UTC.");
    assertThat(runtime.connections().grants(ADA, connection.id())).isEmpty();

    ada.submit(page(connection, "share"), page(connection, "share"), form);

    assertThat(runtime.connections().grants(ADA, connection.id()))
        .containsExactly(
            new Grant(
                Principal.user("ben"),
                Right.USE,
                ADA.principal(),
                Instant.parse("2031-01-31T00:00:00Z")));
    assertThat(ada.open(page(connection, "share")).body()).contains("user:ben", "2031-01-31");

    ada.submit(
        page(connection, "share"), page(connection, "share/take-back"), Map.of("who", "user:ben"));
    assertThat(runtime.connections().grants(ADA, connection.id())).isEmpty();
  }

  @Test
  void whoeverMayGrantRightsSharesAConnectionOfAnother() {
    Connection connection = Tickets.connection(runtime, "ada", "Desk");
    ConsoleBrowser ben = host.browserOf("ben");
    Principal bens = Principal.user("ben");
    runtime.connections().grant(ADA, connection.id(), Principal.user("cyd"), Right.USE);

    runtime.connections().grant(ADA, connection.id(), bens, Right.MANAGE);
    assertThat(ben.open(page(connection)).body())
        .contains("Test", "Change")
        .doesNotContain(page(connection, "share"), page(connection, "delete"));
    assertThat(ben.open(page(connection, "share")).statusCode()).isEqualTo(404);
    assertThat(ben.submit(page(connection), page(connection, "delete"), Map.of()).statusCode())
        .isEqualTo(404);

    runtime.connections().grant(ADA, connection.id(), bens, Right.OWN);
    assertThat(ben.open(page(connection)).body())
        .contains(page(connection, "share"), page(connection, "delete"));
    ben.submit(
        page(connection, "share"),
        page(connection, "share"),
        Map.of("kind", "user", "who", "eve", "right", "USE"));
    assertThat(runtime.connections().grants(ADA, connection.id()))
        .contains(new Grant(Principal.user("eve"), Right.USE, bens, null));
    assertThat(ben.open(page(connection, "share")).body())
        .contains("Take back the right of user:eve")
        .doesNotContain("Take back the right of user:cyd");
  }

  @Test
  void aGrantNamesSomebodyElseAndADay() {
    Connection connection = Tickets.connection(runtime, "ada", "Desk");

    HttpResponse<String> refused =
        ada.submit(
            page(connection, "share"),
            page(connection, "share"),
            Map.of("kind", "user", "who", "ada", "right", "USE", "until", "soon"));

    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.body()).contains("is the owner, who has all rights", "is no day");
    Map<String, String> endless =
        Map.of("kind", "user", "who", "ben", "right", "USE", "until", "+999999999-12-31");
    assertThat(ada.submit(page(connection, "share"), page(connection, "share"), endless).body())
        .contains("is no day");
  }

  @Test
  void aRightToNothingHasNoLastDay() {
    Connection connection = Tickets.connection(runtime, "ada", "Desk");
    Map<String, String> form =
        Map.of("kind", "user", "who", "ben", "right", "NONE", "until", "2031-01-30");

    HttpResponse<String> refused =
        ada.submit(page(connection, "share"), page(connection, "share/preview"), form);

    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.body()).contains("Last day: has to be empty: this right has no end");
    assertThat(runtime.connections().grants(ADA, connection.id())).isEmpty();
  }

  @Test
  void namesSoManyReferencesOfAConnection() {
    Connection connection = Tickets.connection(runtime, "ada", "Desk");
    for (int i = 100; i < 151; i++) {
      runtime
          .references()
          .bind(ADA, ConnectionReference.invoker("room-" + i, "tickets"), connection.id());
    }

    assertThat(ada.open(page(connection, "delete")).body())
        .contains("room-149", "and 1 others")
        .doesNotContain("room-150");
  }

  @Test
  void onlyTheConsolesOwnReferenceIsLeftOutOfWhatUsesAConnection() {
    Connection connection = Tickets.connection(runtime, "ada", "Desk");
    for (String name : List.of("console-room", "console-" + connection.id())) {
      runtime.references().bind(ADA, ConnectionReference.invoker(name, "tickets"), connection.id());
    }

    assertThat(List.of(page(connection), page(connection, "delete")))
        .allSatisfy(
            page ->
                assertThat(ada.open(page).body())
                    .contains("console-room")
                    .doesNotContain("console-" + connection.id()));
  }

  @Test
  @DisplayName("A3: nobody completes the sign-in that somebody else began")
  void nobodyCompletesWhatSomebodyElseBegan() {
    HttpResponse<String> leading =
        ada.submit(
            "connectors/tickets/connect?option=signIn",
            "connectors/tickets/connect?option=signIn",
            Map.of("p.site", "acme"));
    Matcher state = Pattern.compile("state=([^&\"]*)").matcher(leading.body());
    assertThat(state.find()).isTrue();

    HttpResponse<String> bens =
        host.browserOf("ben").open("callback/dev/tickets?code=c-1&state=" + state.group(1));

    assertThat(bens.statusCode()).isEqualTo(403);
    assertThat(bens.body()).contains("You are not signed in");
    assertThat(runtime.connections().list(ADA).get(0).status().isConnected()).isFalse();
    verify(0, postRequestedFor(urlPathEqualTo("/token")));
  }

  @Test
  void saysWhoMakesSignInsPossibleThatComeBackToTheConsole(WireMockRuntimeInfo service) {
    try (ConsoleHost other =
        new ConsoleHost(
            console ->
                Tickets.runtime(
                    service.getHttpBaseUrl(), URI.create("https://other.example/console")))) {
      HttpResponse<String> refused =
          other
              .browserOf("ada")
              .submit(
                  "connectors/tickets/connect?option=signIn",
                  "connectors/tickets/connect?option=signIn",
                  Map.of("p.site", "acme"));

      assertThat(refused.statusCode()).isEqualTo(409);
      assertThat(refused.body())
          .contains("An administrator adds this redirect URI")
          .contains(other.address() + "/callback/dev/tickets");
      assertThat(other.runtime().connections().list(ADA)).isEmpty();
    }
  }

  @Test
  void signsInAtTheServiceAndComesBack(WireMockRuntimeInfo service) {
    stubFor(
        post("/token").willReturn(okJson("{\"access_token\":\"t-1\",\"refresh_token\":\"r-1\"}")));
    HttpResponse<String> leading =
        ada.submit(
            "connectors/tickets/connect?option=signIn",
            "connectors/tickets/connect?option=signIn",
            Map.of("p.site", "acme"));
    Matcher state = Pattern.compile("state=([^&\"]*)").matcher(leading.body());
    assertThat(leading.body())
        .contains("href=\"" + service.getHttpBaseUrl() + "/authorize?", "rel=\"noreferrer\"");
    assertThat(state.find()).isTrue();
    String back = "callback/dev/tickets?code=c-1&state=" + state.group(1);

    HttpResponse<String> fromElsewhere = new ConsoleBrowser(host.address(), "").open(back);
    String again = fromElsewhere.headers().firstValue("refresh").orElseThrow();
    assertThat(again).isEqualTo("0; url=/console/" + back + "&again=1");

    HttpResponse<String> done = ada.open(again.substring("0; url=".length()));

    Connection connection = runtime.connections().list(ADA).get(0);
    assertThat(done.headers().firstValue("location"))
        .hasValue("/console/" + page(connection) + "?done=signed-in");
    assertThat(connection.status().isConnected()).isTrue();
    assertThat(ada.open(back).statusCode()).isEqualTo(403);
    assertThat(new ConsoleBrowser(host.address(), "").open(back + "&again=1").statusCode())
        .isEqualTo(401);
  }

  @Test
  void listsConnectorsAndWhatTheyOffer() {
    assertThat(ada.open("connectors?search=TICK+ets").body())
        .contains("1 connector", "Tickets of a help desk.");
    assertThat(ada.open("connectors?search=weather").body()).contains("No connector has that");
    assertThat(ada.open("connectors/tickets").body())
        .contains("List tickets", "openTicket", "Reads", "Changes");
    assertThat(ada.open("connectors/none").statusCode()).isEqualTo(404);
  }
}
