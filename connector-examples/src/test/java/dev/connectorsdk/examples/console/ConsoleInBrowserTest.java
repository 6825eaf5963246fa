package dev.connectorsdk.examples.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.examples.demo.ConsoleDemo;
import dev.connectorsdk.fixtures.NodeScript;
import dev.connectorsdk.fixtures.NodeServer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The console in a browser: what people do on its pages, and whether everybody can. The script
 * {@code console.mjs} drives the browser; axe judges each page, light, dark and narrow.
 */
@ExtendWith({Chromium.class, NodeServer.Installed.class})
class ConsoleInBrowserTest {

  private static JsonNode seen;

  @BeforeAll
  static void look() throws Exception {
    Path pictures = Files.createDirectories(Path.of("target", "screenshots")).toAbsolutePath();
    try (ConsoleDemo demo = ConsoleDemo.start(0)) {
      Map<String, URI> links = demo.links();
      String printed =
          NodeScript.run(
              "console.mjs",
              Chromium.path().toString(),
              pictures.toString(),
              links.get("Ada").toString(),
              links.get("Ben").toString(),
              links.get("Root").toString());
      seen = new JsonMapper().readTree(printed.substring(printed.indexOf('{')));
    }
  }

  @AfterAll
  static void forget() {
    seen = null;
  }

  @Test
  void noPageIsHardToUseOrWiderThanItsWindowOrBreaksItsPolicy() {
    assertThat(seen.path("problems").valueStream().map(JsonNode::asString)).isEmpty();
  }

  @Test
  void everyKindOfPageWasLookedAt() {
    assertThat(seen.at("/pages/Ada").valueStream().map(JsonNode::asString))
        .contains(
            "/console",
            "/console/connections",
            "/console/connections/ID",
            "/console/connections/ID/change",
            "/console/connections/ID/share",
            "/console/connections/ID/delete",
            "/console/shared",
            "/console/connectors",
            "/console/connectors/helpdesk",
            "/console/connectors/helpdesk/connect",
            "/console/connectors/rooms/try?operation");
  }

  @Test
  void everyKindOfPageOfAdministratorsWasLookedAt() {
    assertThat(seen.at("/pages/Root").valueStream().map(JsonNode::asString))
        .contains(
            "/console/flows",
            "/console/flows/morning-report",
            "/console/administration/connections",
            "/console/administration/connections/ID",
            "/console/administration/connections/ID/hand-over",
            "/console/administration/connections/ID/delete",
            "/console/administration/triggers",
            "/console/administration/policies",
            "/console/administration/policies/edit",
            "/console/administration/policies/edit?name",
            "/console/administration/policies/edit?from&name",
            "/console/administration/policies/delete?name",
            "/console/administration/policies/adopt?name",
            "/console/administration/policies/explain",
            "/console/administration/gateways",
            "/console/administration/audit");
  }

  @Test
  void adaReplaysAnEventThatWasParked() {
    assertThat(seen.at("/done/replays").asString()).isEqualTo("The event will be handled again.");
  }

  @Test
  void adaSeesWhatCleoGainsBeforeSheSharesAnApp() {
    assertThat(seen.at("/done/gains").asString()).contains("Cleo Marsh (cleo)", "house");
    assertThat(seen.at("/done/sharesAnApp").asString())
        .isEqualTo("The run-only users use the connection of the flow.");
  }

  @Test
  void rootFindsOutWhyAFlowIsSuspendedAndWhatAnotherPolicyWouldDo() {
    assertThat(seen.at("/done/suspended").asString())
        .contains("It is suspended.", "House rules", "BookRoom");
    assertThat(seen.at("/done/whatIf").asString())
        .contains("would be refused", "morning-report", "ticket-alarm");
  }

  @Test
  void rootSeesWhatWouldMendTheFlowAndGoesBackToIt() {
    assertThat(seen.at("/done/smallestChange").asString()).contains("Blocked", "Allowed");
    assertThat(seen.at("/done/back").asString()).isEqualTo("room-booking");
  }

  @Test
  void rootBlocksAnAction() {
    assertThat(seen.at("/done/actionFault").asString())
        .contains("is neither an action nor a trigger of this connector");
    assertThat(seen.at("/done/blocks").asString()).isEqualTo("The policy is saved.");
  }

  @Test
  void adaSeesWhatFollowsBeforeSheDropsAnEvent() {
    assertThat(seen.at("/done/drops").asString()).contains("It is not handled any more");
  }

  @Test
  void adaMendsAConnection() {
    assertThat(seen.at("/done/mends").asString()).isEqualTo("Connected");
  }

  @Test
  void benSignsInAtTheService() {
    assertThat(seen.at("/done/signsIn").asString()).isEqualTo("You have signed in.");
  }

  @Test
  void adaSeesWhatBenGainsBeforeSheSharesAConnection() {
    assertThat(seen.at("/done/preview").asString()).isEqualTo("Nothing has been granted yet.");
    assertThat(seen.at("/done/shares").asString()).isEqualTo("The right is granted.");
  }

  @Test
  void adaTriesAnOperation() {
    assertThat(seen.at("/done/request").asString()).contains("X-Api-Key: ***");
    assertThat(seen.at("/done/tries").asString()).contains("Lamp is broken (by helpdesk-bot)");
  }

  @Test
  void theKeyboardAloneIsEnough() {
    assertThat(seen.at("/done/skipLink").asString()).isEqualTo("content");
    assertThat(seen.at("/done/errorLink").asString()).isEqualTo("field-p_2etoken");
  }
}
