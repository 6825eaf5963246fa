package dev.connectorsdk.examples.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.DataPolicy.ActionRules;
import dev.connectorsdk.governance.DataPolicy.Group;
import dev.connectorsdk.governance.DataPolicy.Mode;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What one change of a policy means is shown before it is saved, and so is what deleting it does.
 */
class PolicyChangePagesTest {

  private static final String EDIT = "administration/policies/edit";
  private static final String CHANGE = "administration/policies/change";
  private static final String PAGE = EDIT + "?name=no-chat";

  private Office office;
  private ConsoleBrowser root;

  @BeforeEach
  void start() {
    office = new Office();
    office.connectDesk();
    office.blockChat();
    root = office.browserOf("root");
  }

  @AfterEach
  void stop() {
    office.close();
  }

  private DataPolicy stored() {
    return office.runtime().policies().list(Office.ROOT).get(0).policy();
  }

  private HttpResponse<String> send(Map<String, String> change) {
    Map<String, String> fields = new HashMap<>(Map.of("name", "no-chat", "version", "1"));
    fields.putAll(change);
    return root.submit(PAGE, CHANGE, fields);
  }

  /** Presses the button below a preview. */
  private HttpResponse<String> confirm(HttpResponse<String> preview) {
    Matcher json = Pattern.compile("name=\"json\" value=\"([^\"]*)\"").matcher(preview.body());
    assertThat(json.find()).as(preview.body()).isTrue();
    String policy = json.group(1).replace("&quot;", "\"").replace("&#x27;", "'");
    return root.submit(
        PAGE,
        EDIT,
        Map.of("act", "save", "name", "no-chat", "version", "1", "json", policy, "from", "digest"));
  }

  @Test
  void aConnectorIsMovedToAnotherGroup() {
    HttpResponse<String> preview =
        send(
            Map.of(
                "change", "group", "group-connector", "tickets", "group-to", Group.BLOCKED.name()));

    assertThat(preview.body())
        .contains("Connector tickets", "as all others: Non-business", "Blocked")
        .contains("3 flows would be refused", "triage", "Save this change");
    assertThat(stored().connectors(Group.BLOCKED)).containsExactly("chat");

    HttpResponse<String> saved = confirm(preview);

    assertThat(saved.headers().firstValue("location"))
        .hasValue("/console/" + PAGE + "&from=digest&done=policy-saved");
    assertThat(stored().connectors(Group.BLOCKED)).containsExactlyInAnyOrder("chat", "tickets");
    assertThat(confirm(preview).statusCode()).isEqualTo(409);
  }

  @Test
  void anActionIsBlockedAndAllowedAgain() {
    Map<String, String> post =
        Map.of(
            "change",
            "action",
            "action-connector",
            "tickets",
            "action-operation",
            "ticketOpened",
            "action-to",
            "block");
    HttpResponse<String> preview = send(post);

    assertThat(preview.body())
        .contains("Action ticketOpened of tickets", "Allowed", "Blocked")
        .contains("3 flows would be refused");
    confirm(preview);
    assertThat(stored().actionRules(ConnectorId.of("tickets")))
        .isEqualTo(ActionRules.blocking("ticketOpened"));
    assertThat(root.open("administration/policies").body()).contains("of tickets: ticketOpened");
    assertThat(root.open("flows/triage").body())
        .contains("blocked operations [ticketOpened of tickets]")
        .doesNotContain("Blocked []");

    Map<String, String> allow = new HashMap<>(post);
    allow.putAll(Map.of("action-to", "allow", "version", "2"));
    assertThat(send(allow).body()).contains("Allowed again", "triage");
  }

  @Test
  void theGroupOfAllOthersIsSet() {
    assertThat(send(Map.of("change", "others", "others-to", Group.BLOCKED.name())).body())
        .contains(
            "All other connectors",
            "Non-business",
            "Blocked",
            "4 flows would be refused",
            "payroll");
  }

  @Test
  void saysAtEachFieldWhatDoesNotFit() {
    HttpResponse<String> refused =
        send(
            Map.of(
                "change",
                "action",
                "action-connector",
                "tickets",
                "action-operation",
                "ticketOpend"));

    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.body())
        .contains("href=\"#field-action-operation\"", "is neither an action nor a trigger")
        .contains("value=\"ticketOpend\"");
    assertThat(send(Map.of("change", "group", "group-connector", "a b")).body())
        .contains("href=\"#field-group-connector\"", "This is no id of a connector.");
  }

  @Test
  void aChoiceThatWasNotSentIsAFault() {
    Map<String, Map<String, String>> incomplete =
        Map.of(
            "group-to",
            Map.of("change", "group", "group-connector", "tickets"),
            "action-to",
            Map.of(
                "change",
                "action",
                "action-connector",
                "tickets",
                "action-operation",
                "ticketOpened"),
            "others-to",
            Map.of("change", "others"));

    incomplete.forEach(
        (field, form) -> {
          HttpResponse<String> refused = send(form);

          assertThat(refused.statusCode()).as(field).isEqualTo(422);
          assertThat(refused.body()).contains("href=\"#field-" + field + "\"", ": is missing<");
        });
  }

  @Test
  void aPolicyOfTheLargestSizeIsChangedToo() {
    DataPolicy.Builder large = DataPolicy.named("large");
    for (int i = 0; i < 2_000; i++) {
      large.exempt("\u00fc".repeat(430) + i);
    }
    office.runtime().policies().save(Office.ROOT, large.build(), 0);
    assertThat(large.build().toJson().length()).isBetween(900_000, 1_000_000);
    Map<String, String> change =
        Map.of(
            "name", "large", "version", "1", "change", "others", "others-to", Group.BLOCKED.name());

    HttpResponse<String> preview = root.submit(PAGE, CHANGE, change);
    String policy = large.others(Group.BLOCKED).build().toJson();

    assertThat(preview.body()).contains("Save this change");
    assertThat(
            root.submit(
                    PAGE,
                    EDIT,
                    Map.of("act", "save", "name", "large", "version", "1", "json", policy))
                .statusCode())
        .isEqualTo(303);
  }

  @Test
  void thePreviewSaysWhatTheTableOfDifferencesLeavesToTheJson() {
    String further = "The JSON shows further differences";
    DataPolicy titled =
        DataPolicy.read(
            "a policy",
            stored()
                .toJson()
                .replace("\"name\": \"chat\"", "\"name\": \"The chat\"")
                .replace(
                    "\"defaultConnectorsClassification\": \"General\"",
                    "\"defaultConnectorsClassification\": \"Blocked\""));

    assertThat(send(Map.of("json", titled.toJson())).body())
        .contains("All other connectors", further);
    assertThat(
            send(Map.of("json", stored().toBuilder().others(Group.BLOCKED).build().toJson()))
                .body())
        .contains("All other connectors")
        .doesNotContain(further);
    assertThat(
            send(Map.of(
                    "json",
                    stored().toBuilder()
                        .others(Group.BLOCKED)
                        .actions(
                            "chat",
                            new ActionRules(new TreeSet<>(Set.of("post")), new TreeSet<>(), true))
                        .build()
                        .toJson()))
                .body())
        .contains("All other connectors", further);
  }

  @Test
  void whatNamesNoConnectorIsNotPreviewedAndIsShownAgainWithWhere() {
    String ruled =
        stored().toBuilder()
            .others(Group.BLOCKED)
            .actions("chat", new ActionRules(new TreeSet<>(Set.of("post")), new TreeSet<>(), true))
            .build()
            .toJson();

    HttpResponse<String> refused =
        send(
            Map.of(
                "json",
                ruled.replaceAll("(\"connectorId\": \"[^\"]*/)chat\"", "$1no connector\"")));
    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.body())
        .contains("/connectorActionConfigurations/0/connectorId", "names no connector");
  }

  @Test
  void thePresentVersionIsKeptAsAFileBeforeItIsChanged() {
    assertThat(send(Map.of("change", "others", "others-to", Group.BLOCKED.name())).body())
        .contains("administration/policies/file?name=no-chat&amp;version=1");
  }

  @Test
  void thePreviewKnowsTheCandidateThatIsThere() {
    DataPolicy candidate =
        DataPolicy.named("no-chat-candidate").insteadOf("no-chat").mode(Mode.AUDIT).build();
    office.runtime().policies().save(Office.ROOT, candidate, 0);

    assertThat(send(Map.of("change", "others", "others-to", Group.BLOCKED.name())).body())
        .contains("name=\"candidate\" value=\"1\"");
  }

  @Test
  void aConnectorKeepsItsSpellingInThePolicy() {
    HttpResponse<String> preview =
        send(Map.of("change", "group", "group-connector", "shared_Chat", "group-to", "BUSINESS"));

    assertThat(preview.body())
        .contains("Connector chat")
        .doesNotContain("Connector shared_Chat", "shared_Chat&quot;");
    assertThat(
            send(Map.of(
                    "change",
                    "action",
                    "action-connector",
                    "shared_tickets",
                    "action-operation",
                    "ticketOpend"))
                .statusCode())
        .isEqualTo(422);
  }

  @Test
  void changesNothingWhereNothingIsToBeChanged() {
    assertThat(
            send(Map.of(
                    "change",
                    "action",
                    "action-connector",
                    "tickets",
                    "action-operation",
                    "ticketOpened",
                    "action-to",
                    "allow"))
                .body())
        .contains("Nothing is different.")
        .doesNotContain("Save this change");
    assertThat(send(Map.of("change", "others", "others-to", "blocked")).statusCode())
        .isEqualTo(422);
  }

  @Test
  void aChangeIsShownOfTheVersionThatWasShownOnly() {
    Map<String, String> late =
        Map.of("change", "others", "others-to", Group.BLOCKED.name(), "version", "7");

    assertThat(send(late).statusCode()).isEqualTo(409);
  }

  @Test
  void theSmallestChangeForAFlowIsADifferenceWithAButton() {
    HttpResponse<String> flow = root.open("flows/digest");
    assertThat(flow.body())
        .contains("The smallest change", "Connector chat", "Blocked", "Non-business")
        .contains("Show what follows from it");
    String then = DataPolicy.named("no-chat").nonBusiness("chat").build().toJson();

    HttpResponse<String> preview =
        root.submit(
            "flows/digest",
            CHANGE,
            Map.of("name", "no-chat", "version", "1", "json", then, "from", "digest"));

    assertThat(preview.body()).contains("Allowed again", "digest");
    confirm(preview);
    assertThat(root.open("flows/digest").body()).doesNotContain("It is suspended.");
  }

  @Test
  void idsAreChosenFromWhatIsKnownHere() {
    assertThat(root.open(PAGE).body())
        .contains("<datalist id=\"known-connectors\"", "value=\"tickets\" label=\"Tickets\"")
        .contains("value=\"ticketOpened\" label=\"When a ticket is opened\"")
        .containsPattern("name=\"group-connector\"[^>]* list=\"known-connectors\"")
        .containsPattern("name=\"action-connector\"[^>]* list=\"known-connectors\"")
        .containsPattern("name=\"action-operation\"[^>]* list=\"known-operations\"");
    assertThat(root.open("administration/policies/explain").body())
        .containsPattern("name=\"flow\"[^>]* list=\"known-flows\"")
        .containsPattern("name=\"connector\"[^>]* list=\"known-connectors\"")
        .contains("value=\"digest\" label=\"of user:ada\"");
  }

  @Test
  void thereIsAWayFromAFlowToThePolicyAndBack() {
    assertThat(root.open("flows/digest").body()).contains("edit?name=no-chat&amp;from=digest");
    assertThat(root.open(PAGE + "&from=digest").body())
        .contains("Back to flow digest", "href=\"/console/flows/digest\"");
    assertThat(root.open(PAGE + "&from=none").body()).doesNotContain("Back to flow");
    assertThat(root.open(PAGE).body())
        .contains("Flows that it suspends", "Connector &#x27;chat&#x27; is blocked.")
        .doesNotContain(">triage<");
  }

  @Test
  void thePagesOfAPolicyCallItsGroupsAsThePlatformDoesAndSayHowTheJsonDoes() {
    assertThat(root.open(PAGE).body())
        .contains("Business (JSON: Confidential)", "Non-business (JSON: General)");
    assertThat(root.open("administration/policies").body())
        .contains("Business", "Non-business", "Blocked")
        .doesNotContain("General", "Confidential", "Non-Business");
  }

  @Test
  void showsWhatFollowsBeforeAPolicyIsDeleted() {
    office
        .runtime()
        .policies()
        .save(
            Office.ROOT,
            DataPolicy.named("new-chat").insteadOf("no-chat").mode(Mode.AUDIT).build(),
            0);
    String about = "administration/policies/delete?name=no-chat";
    assertThat(root.open(PAGE).body()).contains(about);

    assertThat(root.open(about).body())
        .contains("Without it, in dev", "Allowed again", "digest", "new-chat", "Keep it");
    assertThat(root.open("administration/policies/delete?name=none").statusCode()).isEqualTo(404);
    assertThat(office.runtime().policies().list(Office.ROOT)).hasSize(2);

    root.submit(about, "administration/policies/delete", Map.of("name", "no-chat", "version", "1"));

    assertThat(office.runtime().policies().list(Office.ROOT)).hasSize(1);
  }

  @Test
  void administratorsAloneSeeAndChangePolicies() {
    ConsoleBrowser ada = office.browserOf("ada");
    Map<String, String> change =
        Map.of("name", "no-chat", "version", "1", "change", "others", "others-to", "BUSINESS");

    assertThat(ada.open("administration/policies/delete?name=no-chat").statusCode()).isEqualTo(404);
    assertThat(ada.submit("flows/pad/sharing", CHANGE, change).statusCode()).isEqualTo(404);
    assertThat(ada.post(CHANGE, change).statusCode()).isEqualTo(403);
  }
}
