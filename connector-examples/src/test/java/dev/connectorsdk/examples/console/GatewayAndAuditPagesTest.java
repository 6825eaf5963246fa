package dev.connectorsdk.examples.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.gateway.Gateway;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Gateways with what is wrong with them, and who did what. */
class GatewayAndAuditPagesTest {

  private static final Administrator HERE = Office.ROOT.in(Office.ADAS.environment());

  private Office office;
  private ConsoleBrowser root;

  @BeforeEach
  void start() {
    office = new Office();
    root = office.browserOf("root");
  }

  @AfterEach
  void stop() {
    office.close();
  }

  @Test
  void saysWhatAGatewayWithoutMembersNeeds() {
    Gateway plant = office.runtime().gateways().create(HERE, "Plant 3");
    office.runtime().gateways().share(HERE, plant.id(), Office.ADA, Gateway.Role.USER);

    assertThat(root.open("administration/gateways").body()).contains("Plant 3");
    assertThat(root.open("administration/gateways/" + plant.id()).body())
        .contains("It has no members", "registration code", "user:ada", "user:root");
    assertThat(root.open("administration/gateways/none").statusCode()).isEqualTo(404);
  }

  @Test
  void asksTheAuditByWhoAndWhatPageByPage() {
    Connection desk = office.connectDesk();
    for (int i = 0; i < 60; i++) {
      office.connect(Office.BEN, "chat", "number " + i);
    }
    office.runtime().connections().disable(Office.ROOT, desk.id(), "Its key has leaked.");

    String audit = "administration/audit";
    String first = root.open(audit + "?who=user:ben").body();
    Matcher next = Pattern.compile("href=\"([^\"]*after=[^\"]*)\"").matcher(first);
    assertThat(next.find()).isTrue();
    assertThat(root.open(next.group(1).replace("&amp;", "&")).body())
        .contains("user:ben", "This is the last page.");

    assertThat(root.open(audit + "?connection=" + desk.id()).body())
        .contains("user:ada", "user:root", "disabled")
        .doesNotContain("user:ben");
    assertThat(root.open(audit + "?refused=true").body()).contains("There is no such record");
    assertThat(root.open(audit + "?since=yesterday").body()).contains("Write it like 2026-01-31");
    assertThat(root.open(audit + "?after=nonsense").statusCode()).isEqualTo(400);
  }

  @Test
  void whoAdministersTheWholeRuntimeSeesWhatIsOfNoEnvironment() {
    office.connectDesk();
    office.blockChat();

    assertThat(root.open("administration/audit").body())
        .contains("policy no-chat version 1", "connection created");
    assertThat(root.open("administration/audit?environment=dev").body())
        .contains("connection created")
        .doesNotContain("policy no-chat");
    assertThat(root.open("administration/audit?environment=test").body())
        .contains("There is no such record");
  }
}
