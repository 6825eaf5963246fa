package dev.connectorsdk.definition;

import static com.github.tomakehurst.wiremock.client.WireMock.*;
import static dev.connectorsdk.definition.Desk.ADA;
import static dev.connectorsdk.definition.Desk.BOB;
import static dev.connectorsdk.definition.Desk.DESK;
import static dev.connectorsdk.definition.Folder.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Choices;
import dev.connectorsdk.api.Choices.Choice;
import dev.connectorsdk.api.Choices.Kind;
import dev.connectorsdk.api.FormSchema;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.api.error.ServiceException;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people are offered while they fill in the input of an operation. */
@WireMockTest
class FormTest {

  private static final String TEAMS =
      """
      {"result": {"teams": [
        {"id": 1, "label": {"text": "Sales"}}, {"id": 2, "label": {"text": "Press"}}, {"label": {}}]}}
      """;
  private static final String FIELDS =
      """
      {"schema": {"type": "object", "required": ["size"], "properties": {
        "size": {"type": "integer"},
        "shape": {"type": "string", "enum": ["round", "square"]},
        "colour": {"type": "string", "x-ms-dynamic-list":
           {"operationId": "ListTeams", "itemsPath": "result/teams", "itemValuePath": "id"}},
        "evil": {"$ref": "#/definitions/NewTicket"}}}}
      """;

  @TempDir Path temp;
  private ConnectorRuntime runtime;

  @BeforeEach
  void aRuntime(WireMockRuntimeInfo service) {
    Path folder = Desk.folder("desk", temp, service.getHttpPort());
    runtime = Desk.runtime(ConnectorRuntime.builder().sleeper(pause -> {}), folder);
    Desk.connect(runtime, ADA, "ada-key");
    stubFor(get(urlPathEqualTo("/api/teams")).willReturn(okJson(TEAMS)));
    stubFor(get("/api/teams/1/fields").willReturn(okJson(FIELDS)));
  }

  @AfterEach
  void close() {
    runtime.close();
  }

  private Choices choices(String path, Object inputs) {
    return runtime.forms().choices(ADA, DESK, "OpenTicket", path, inputs);
  }

  @Test
  void listsValuesWithTheirTitles() {
    Choices choices = choices("team", Map.of());

    assertThat(choices.kind()).isEqualTo(Kind.LIST);
    assertThat(choices.choices()).extracting(Choice::title).containsExactly("Sales", "Press");
    assertThat(choices.choices()).extracting(Choice::value).containsExactly(json("1"), json("2"));
    verify(
        getRequestedFor(urlEqualTo("/api/teams?archived=false"))
            .withHeader("X-Key", equalTo("ada-key")));
  }

  @Test
  void asksNothingWhileAValueIsMissingAndSaysWhich() {
    Choices choices = choices("ticket/address/owner", Map.of());

    assertThat(choices.choices()).isEmpty();
    assertThat(choices.waitingFor()).containsExactly("team");
    verify(0, anyRequestedFor(anyUrl()));
  }

  @Test
  void prefersTheListAndReachesIntoBodies() {
    stubFor(
        post("/api/search")
            .withRequestBody(equalToJson("{\"team\": \"1\", \"limit\": 50}"))
            .willReturn(okJson("{\"people\": [{\"id\": \"b\", \"name\": \"Bo\"}]}")));

    Choices choices = choices("ticket/address/owner", Map.of("team", "1"));

    assertThat(choices.choices()).extracting(Choice::title).containsExactly("Bo");
  }

  @Test
  void opensATreeLevelByLevel() {
    stubFor(
        get("/api/folders")
            .willReturn(
                okJson(
                    """
                    [{"id": "a", "name": "A", "path": "/A", "folder": true},
                     {"id": "b", "name": "B", "path": "/B", "folder": false}]
                    """)));
    stubFor(
        get("/api/folders/a")
            .willReturn(okJson("[{\"id\": \"c\", \"name\": \"C\", \"folder\": 0}]")));

    List<Choice> top = choices("folder", Map.of()).choices();
    assertThat(top).extracting(Choice::isParent).containsExactly(true, false);
    assertThat(top).extracting(Choice::isSelectable).containsExactly(true, false);
    assertThat(top).extracting(Choice::fullTitle).containsExactly("/A", "/B");

    Choices below =
        runtime.forms().choicesBelow(ADA, DESK, "OpenTicket", "folder", Map.of(), top.get(0));
    assertThat(below.kind()).isEqualTo(Kind.TREE);
    assertThat(below.choices()).extracting(Choice::title).containsExactly("C");
  }

  @Test
  void picksFilesAsTheConnectorDescribesForAllItsOperations() {
    stubFor(
        get("/api/folders?drive=shared")
            .willReturn(
                okJson(
                    """
                    [{"id": "a", "name": "A", "folder": true}, {"id": "b", "name": "B"}]
                    """)));
    stubFor(get("/api/folders/a").willReturn(okJson("[]")));

    List<Choice> top = choices("attachment", Map.of()).choices();

    assertThat(top).extracting(Choice::isSelectable).containsExactly(false, true);
    assertThat(
            runtime
                .forms()
                .choicesBelow(ADA, DESK, "OpenTicket", "attachment", Map.of(), top.get(0))
                .choices())
        .isEmpty();
  }

  @Test
  void titlesFixedChoicesWithoutAsking() {
    Choices choices = choices("priority", Map.of());

    assertThat(choices.kind()).isEqualTo(Kind.FIXED);
    assertThat(choices.choices()).extracting(Choice::title).containsExactly("High", "2");
    assertThat(choices("drive", Map.of())).isEqualTo(Choices.none());
    verify(0, anyRequestedFor(anyUrl()));
  }

  @Test
  void fillsInWhatTheServiceKnowsOfTheInput() {
    FormSchema before = runtime.forms().input(ADA, DESK, "OpenTicket", Map.of());
    assertThat(before.waitingFor()).containsExactly("team");
    verify(0, anyRequestedFor(anyUrl()));

    FormSchema after = runtime.forms().input(ADA, DESK, "OpenTicket", Map.of("team", "1"));

    assertThat(after.isComplete()).isTrue();
    assertThat(after.schema().at("/properties/ticket/properties/fields/title").asString())
        .isEqualTo("Fields of the team");
    assertThat(after.schema().at("/properties/ticket/properties/fields/required"))
        .isEqualTo(json("['size']"));
    assertThat(after.schema().path("x-limits").asString()).isEqualTo("advisory");
    assertThat(after.schema().at("/properties/ticket/properties/fields/properties/shape/enum"))
        .isEqualTo(json("['round', 'square', null]"));
    assertThat(
            after
                .schema()
                .at("/properties/ticket/properties/fields/properties/colour/x-choices")
                .asString())
        .isEqualTo("list");
  }

  @Test
  @DisplayName("H3: a schema from a service refers to nothing in the definition")
  void takesNoReferencesFromTheService() {
    FormSchema schema = runtime.forms().input(ADA, DESK, "OpenTicket", Map.of("team", "1"));

    assertThat(schema.schema().at("/properties/ticket/properties/fields/properties/evil"))
        .isEqualTo(json("{}"));
  }

  @Test
  void fillsInTheOutputFromAMapOfProperties() {
    FormSchema output = runtime.forms().output(ADA, DESK, "OpenTicket", Map.of("team", "1"));

    assertThat(output.schema().at("/properties/body/properties/size/type").asString())
        .isEqualTo("integer");
    assertThat(output.schema().at("/properties/body/required")).isEqualTo(json("['size']"));
  }

  @Test
  void offersChoicesInsideWhatTheServiceDescribes() {
    assertThat(choices("ticket/fields/colour", Map.of()).waitingFor()).containsExactly("team");
    assertThat(choices("ticket/fields/colour", Map.of("team", "1")).choices())
        .extracting(Choice::title)
        .containsExactly("1", "2");
  }

  @Test
  @DisplayName("I2: what one user's connection was told is not told to another")
  void remembersAnswersForOneConnection() {
    Desk.connect(runtime, BOB, "bob-key");
    stubFor(
        get(urlPathEqualTo("/api/teams"))
            .withHeader("X-Key", equalTo("bob-key"))
            .willReturn(okJson(TEAMS.replace("Sales", "Bobs"))));

    for (int i = 0; i < 50; i++) {
      assertThat(choices("team", Map.of()).choices().get(0).title()).isEqualTo("Sales");
      assertThat(
              runtime
                  .forms()
                  .choices(BOB, DESK, "OpenTicket", "team", Map.of())
                  .choices()
                  .get(0)
                  .title())
          .isEqualTo("Bobs");
    }

    verify(2, getRequestedFor(urlPathEqualTo("/api/teams")));
  }

  @Test
  @DisplayName("I2: of 10,000 questions of two users at once none is answered with another's")
  void answersNobodyWithAnothersChoices() throws Exception {
    Desk.connect(runtime, BOB, "bob-key");
    stubFor(
        get(urlPathEqualTo("/api/teams"))
            .withHeader("X-Key", equalTo("bob-key"))
            .willReturn(okJson(TEAMS.replace("Sales", "Bobs"))));
    ExecutorService threads = Executors.newFixedThreadPool(8);
    List<Callable<Set<String>>> users = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Caller user = i % 2 == 0 ? ADA : BOB;
      users.add(
          () -> {
            Set<String> seen = new HashSet<>();
            for (int question = 0; question < 1_250; question++) {
              if (question % 100 == 0) {
                runtime.forms().refresh(user, DESK);
              }
              seen.add(
                  runtime
                      .forms()
                      .choices(user, DESK, "OpenTicket", "team", Map.of())
                      .choices()
                      .get(0)
                      .title());
            }
            return seen;
          });
    }

    List<Future<Set<String>>> seen = threads.invokeAll(users);

    for (int i = 0; i < 8; i++) {
      assertThat(seen.get(i).get()).containsExactly(i % 2 == 0 ? "Sales" : "Bobs");
    }
    threads.shutdown();
  }

  @Test
  void forgetsAnswersWhenToldTo() {
    choices("team", Map.of());
    runtime.forms().refresh(ADA, DESK);
    choices("team", Map.of());

    verify(2, getRequestedFor(urlPathEqualTo("/api/teams")));
  }

  @Test
  void saysWhatWentWrong() {
    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(() -> choices("colour", Map.of()))
        .withMessageContaining("Operation 'OpenTicket' takes [team, drive,");
    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(() -> runtime.forms().input(ADA, DESK, "Nothing", Map.of()));
    assertThatExceptionOfType(ResolutionException.class)
        .isThrownBy(() -> runtime.forms().choices(BOB, DESK, "OpenTicket", "team", Map.of()));
    stubFor(get(urlPathEqualTo("/api/teams")).willReturn(okJson("{\"result\": {\"teams\": 5}}")));
    assertThatExceptionOfType(ResponseException.class)
        .isThrownBy(() -> choices("team", Map.of()))
        .withMessageContaining("no list of choices at 'result/teams'");
    runtime.forms().refresh(ADA, DESK);
    stubFor(get(urlPathEqualTo("/api/teams")).willReturn(aResponse().withStatus(403)));
    assertThatExceptionOfType(ServiceException.class).isThrownBy(() -> choices("team", Map.of()));
  }
}
