package dev.connectorsdk.examples.console;

import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.serverError;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.verify;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.definition.Definition;
import dev.connectorsdk.definition.DefinitionText;
import dev.connectorsdk.definition.LoadOptions;
import dev.connectorsdk.http.AddressPolicy;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How people try an operation: fill in, look at the request, send it. */
@WireMockTest
class TryPagesTest {

  private static final String FORM = "connectors/tickets/try?operation=openTicket";
  private static final String SEND = "connectors/tickets/try/call?operation=openTicket";
  private static final Map<String, String> TICKET =
      Map.of(
          "i/title", "Lamp <b>broken</b>",
          "i/priority", "HIGH",
          "i/urgent", "true",
          "i/due", "2031-01-30",
          "i/place/house", "Main",
          "i/place/floor", "2",
          "i/tags", "[\"light\"]");

  private static final Pattern ONCE =
      Pattern.compile("type=\"hidden\" name=\"once\" value=\"([^\"]*)\"");

  private ConsoleHost host;
  private ConsoleBrowser ada;

  @BeforeEach
  void start(WireMockRuntimeInfo service) {
    stubFor(get("/acme/me").willReturn(okJson("{\"login\":\"ada@acme\"}")));
    stubFor(post("/acme/tickets").willReturn(okJson("{\"id\":\"t-<7>\"}")));
    stubFor(post("/acme/passwords").willReturn(okJson("{}")));
    host = new ConsoleHost(console -> Tickets.runtime(service.getHttpBaseUrl(), console));
    Tickets.connection(host.runtime(), "ada", "Desk");
    ada = host.browserOf("ada");
  }

  @AfterEach
  void stop() {
    host.close();
  }

  @Test
  void aFormHasAFieldForEachValueAndAGroupForEachObject() {
    assertThat(ada.open(FORM).body())
        .contains("Try Open a ticket", "Changes")
        .containsPattern("<select name=\"i/priority\"[^>]*>.*LOW.*HIGH.*</select>")
        .containsPattern("<input type=\"date\" name=\"i/due\"")
        .containsPattern("<fieldset><legend>Place")
        .containsPattern("<input type=\"text\" inputmode=\"numeric\" name=\"i/place/floor\"")
        .containsPattern("<textarea name=\"i/tags\"");
  }

  @Test
  @Tag("D1")
  void showsTheRequestBeforeItIsSentWithoutAnySecret() {
    HttpResponse<String> shown = ada.submit(FORM, FORM, TICKET);

    assertThat(shown.statusCode()).isEqualTo(200);
    assertThat(shown.body())
        .contains("/acme/tickets", "X-Key: ***", "Lamp &lt;b&gt;broken", "Send it")
        .contains("This changes something at the service.")
        .doesNotContain(Tickets.KEY.reveal(), "<b>broken");
    verify(0, postRequestedFor(urlPathEqualTo("/acme/tickets")));
  }

  /** Looks at the request, and returns the form that sends it. */
  private Map<String, String> confirmed(String form, Map<String, String> input) {
    Matcher once = ONCE.matcher(ada.submit(form, form, input).body());
    assertThat(once.find()).isTrue();
    Map<String, String> confirmed = new HashMap<>(input);
    confirmed.put("once", once.group(1));
    return confirmed;
  }

  @Test
  void sendsItAndShowsTheAnswer() {
    HttpResponse<String> answer = ada.submit(FORM, SEND, confirmed(FORM, TICKET));

    assertThat(answer.body()).contains("The answer", "t-&lt;7&gt;");
    verify(
        1,
        postRequestedFor(urlPathEqualTo("/acme/tickets"))
            .withHeader("X-Key", equalTo(Tickets.KEY.reveal()))
            .withRequestBody(
                equalToJson(
                    """
                    {"title":"Lamp <b>broken</b>","priority":"HIGH","urgent":true,
                     "due":"2031-01-30","place":{"house":"Main","floor":2},"tags":["light"]}
                    """)));
  }

  @Test
  void whatIsSentTwiceReachesTheServiceOnce() {
    Map<String, String> confirmed = confirmed(FORM, TICKET);
    ada.submit(FORM, SEND, confirmed);

    HttpResponse<String> again = ada.submit(FORM, SEND, confirmed);

    assertThat(again.statusCode()).isEqualTo(409);
    assertThat(again.body()).contains("This was sent before.", "Change the input");
    verify(1, postRequestedFor(urlPathEqualTo("/acme/tickets")));
    assertThat(ada.submit(FORM, SEND, confirmed(FORM, TICKET)).body()).contains("The answer");
    assertThat(ada.submit(FORM, SEND, TICKET).statusCode()).isEqualTo(400);
    verify(2, postRequestedFor(urlPathEqualTo("/acme/tickets")));
  }

  @Test
  void aServiceThatKnowsRepetitionsByTheirKeyGetsTheSameKeyTwice() {
    stubFor(post("/acme/orders").willReturn(okJson("{\"id\":\"o-1\"}")));
    String form = "connectors/tickets/try?operation=order";
    String send = "connectors/tickets/try/call?operation=order";
    Map<String, String> confirmed = confirmed(form, Map.of("i/status", "new"));

    assertThat(ada.submit(form, send, confirmed).body()).contains("o-1");
    assertThat(ada.submit(form, send, confirmed).body()).contains("o-1");

    verify(
        2,
        postRequestedFor(urlPathEqualTo("/acme/orders"))
            .withHeader("Idempotency-Key", equalTo(confirmed.get("once"))));
  }

  @Test
  void saysAtTheFieldWhatIsNestedWithoutEnd() {
    HttpResponse<String> refused = ada.submit(FORM, FORM, Map.of("i/tags", "[".repeat(1_000)));

    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.body())
        .contains("is nested too deeply, or has too long a number, name or text");
  }

  @Test
  void saysAtTheFieldWhatIsMissingOrIsNoNumberOrNoJson() {
    HttpResponse<String> refused =
        ada.submit(FORM, FORM, Map.of("i/place/floor", "two", "i/tags", "[\"light\""));

    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.body())
        .contains("is missing", "is no number", "is no JSON, line 1, column 9")
        .contains("href=\"#field-i_2fplace_2ffloor\"");
    verify(0, postRequestedFor(urlPathEqualTo("/acme/tickets")));
  }

  @Test
  void aFailureIsSaidInTheRuntimesWords() {
    stubFor(post("/acme/tickets").willReturn(serverError().withBody("stack trace")));

    HttpResponse<String> answer = ada.submit(FORM, SEND, confirmed(FORM, TICKET));

    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(answer.body()).contains("500").doesNotContain(Tickets.KEY.reveal());
  }

  @Test
  void asksWithWhichOfSeveralConnections() {
    Connection other = Tickets.connection(host.runtime(), "ada", "Other desk");

    assertThat(ada.open(FORM).body())
        .contains("With which of your connections?", "Other desk", other.id().value());
    String form = FORM + "&connection=" + other.id();
    assertThat(ada.open(form).body()).contains("Other desk");
    String send = SEND + "&connection=" + other.id();
    assertThat(ada.submit(form, send, confirmed(form, TICKET)).body()).contains("The answer");
    assertThat(ada.open("connections/" + other.id()).body()).doesNotContain("console-");
  }

  @Test
  void nobodyTriesAnothersConnection() {
    String adas =
        host.runtime().connections().list(Principal.user("ada").in("dev")).get(0).id().value();

    HttpResponse<String> page = host.browserOf("ben").open(FORM + "&connection=" + adas);

    assertThat(page.body()).contains("You have no connection to Tickets yet.").doesNotContain(adas);
  }

  @Test
  @Tag("D1")
  void aSecretOfTheInputIsInNoPage() {
    String form = "connectors/tickets/try?operation=setPassword";
    Map<String, String> input = Map.of("i/user", "ben", "s/password", "n3w-pass-word");

    HttpResponse<String> shown = ada.submit(form, form, input);

    assertThat(shown.body())
        .contains("&quot;password&quot;:&quot;***&quot;", "Enter it once more")
        .containsPattern("<input type=\"password\" name=\"s/password\"")
        .containsPattern("<input type=\"hidden\" name=\"i/user\" value=\"ben\"")
        .doesNotContain("n3w-pass-word");
    HttpResponse<String> sent =
        ada.submit(
            form, "connectors/tickets/try/call?operation=setPassword", confirmed(form, input));
    assertThat(sent.body()).contains("The answer").doesNotContain("n3w-pass-word");
    verify(
        1,
        postRequestedFor(urlPathEqualTo("/acme/passwords"))
            .withRequestBody(equalToJson("{\"user\":\"ben\",\"password\":\"n3w-pass-word\"}")));
  }

  @Test
  @Tag("D1")
  void aSecretThatIsNoFieldOfTheFormAnyMoreIsInNoPage() {
    Map<String, String> input = new HashMap<>(TICKET);
    input.put("s/password", "n3w-pass-word");
    input.put("i/pin", "n3w-pass-word");

    assertThat(ada.submit(FORM, FORM, input).body())
        .contains("Send it", "Lamp &lt;b&gt;broken")
        .doesNotContain("n3w-pass-word");
  }

  @Test
  @Tag("D1")
  void aSecretWithinJsonIsInNoPage() {
    String form = "connectors/tickets/try?operation=setPassword";
    String keys = "[ {\"key\" : \"0ld-pass-word\"} ]";

    assertThat(ada.submit(form, form, Map.of("s/old", keys)).body())
        .contains("&quot;key&quot;:&quot;***&quot;", "Enter it once more", "<textarea name=\"s/old")
        .doesNotContain("0ld-pass-word");
    assertThat(ada.submit(form, form, Map.of("s/old", "[0ld-pass-word")).body())
        .contains("is no JSON, line 1, column")
        .doesNotContain("pass-word");
    assertThat(ada.submit(form, form, Map.of("s/old", keys, "edit", "yes")).body())
        .doesNotContain("0ld-pass-word");
  }

  @Test
  void choicesComeFromTheService(WireMockRuntimeInfo service) throws IOException {
    stubFor(
        get(urlPathEqualTo("/rooms/free"))
            .willReturn(okJson("[{\"name\":\"Blue\"},{\"name\":\"<Red>\"}]")));
    try (ConsoleHost house = new ConsoleHost(console -> house(service.getHttpPort()))) {
      house
          .runtime()
          .connections()
          .create(
              Principal.user("ada").in("dev"),
              ConnectionSpec.of("rooms", "apiKey").secret("api_key", Tickets.KEY));

      ConsoleBrowser ada = house.browserOf("ada");
      String form = "connectors/rooms/try?operation=BookRoom";

      assertThat(ada.submit(form, form, Map.of("load", "yes")).body())
          .contains("Load choices")
          .containsPattern("<select name=\"i/room\"[^>]*>.*Blue.*&lt;Red&gt;.*</select>")
          .containsPattern("<input type=\"text\" name=\"i/booking/purpose\"");
      stubFor(get(urlPathEqualTo("/rooms/free")).willReturn(serverError()));
      house
          .runtime()
          .forms()
          .refresh(Principal.user("ada").in("dev"), ConnectionReference.invoker("any", "rooms"));
      assertThat(ada.submit(form, form, Map.of("load", "yes")).body())
          .contains("The choices could not be loaded")
          .containsPattern("<input type=\"text\" name=\"i/room\"");
    }
  }

  @Test
  void openingAPageAsksNoServiceAndBindsNothing(WireMockRuntimeInfo service) {
    try (ConsoleHost house = new ConsoleHost(console -> house(service.getHttpPort()))) {
      Caller ada = Principal.user("ada").in("dev");
      ConnectionSpec spec = ConnectionSpec.of("rooms", "apiKey").secret("api_key", Tickets.KEY);
      Connection rooms = house.runtime().connections().create(ada, spec.untested());

      assertThat(house.browserOf("ada").open("connectors/rooms/try?operation=BookRoom").body())
          .contains("Load choices")
          .containsPattern("<input type=\"text\" name=\"i/room\"");

      verify(0, anyRequestedFor(urlPathEqualTo("/rooms/free")));
      assertThat(house.runtime().connections().usage(ada, rooms.id()).references()).isEmpty();
    }
  }

  private static ConnectorRuntime house(int port) {
    Path folder = Path.of("src/main/resources/definitions/rooms");
    try {
      DefinitionText text =
          DefinitionText.of(
              "rooms",
              Files.readString(folder.resolve("apiDefinition.swagger.json"))
                  .replace("localhost:8080", "localhost:" + port),
              Files.readString(folder.resolve("apiProperties.json")));
      return ConnectorRuntime.builder()
          .connector(Definition.load(text, LoadOptions.standard()).connector())
          .addressPolicy(AddressPolicy.allowAll())
          .build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
