package dev.connectorsdk.examples.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.Grant.Right;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What others have shared with the visitor. */
class SharedPagesTest {

  private Office office;
  private Connection desk;

  @BeforeEach
  void start() {
    office = new Office();
    desk = office.connectDesk();
  }

  @AfterEach
  void stop() {
    office.close();
  }

  private String sharedWith(String user) {
    return office.browserOf(user).open("shared").body();
  }

  @Test
  void listsTheConnectionsOfOthersWithWhatTheVisitorMayDo() {
    assertThat(sharedWith("eve")).contains("Nobody has shared a connection with you.");

    office.runtime().connections().grant(Office.ADAS, desk.id(), Office.EVE, Right.USE);
    assertThat(sharedWith("eve"))
        .contains("Ada&#x27;s desk", "user:ada", "Use it in own flows")
        .doesNotContain(desk.id().value());

    office.runtime().connections().grant(Office.ADAS, desk.id(), Office.EVE, Right.OWN);
    assertThat(sharedWith("eve"))
        .contains("connections/" + desk.id(), "Use, manage, share and delete it");
    assertThat(sharedWith("ben")).doesNotContain("Ada&#x27;s desk");
  }

  @Test
  void listsTheFlowsOfOthersWithWhatTheyAskOfTheVisitor() {
    assertThat(sharedWith("eve"))
        .contains("flows/triage", "run it", "user:ada", "A connection of tickets:")
        .contains("Own connection needed", "flows/payroll", "only triggers start it")
        .doesNotContain("flows/digest", desk.id().value(), "Ada&#x27;s desk");
    assertThat(sharedWith("ben")).contains("flows/triage", "change and run it");
    assertThat(sharedWith("ada")).contains("Nobody has shared a flow with you.");
    assertThat(office.browserOf("eve").open("").body()).contains("href=\"/console/shared\"");
  }

  @Test
  void saysFirstOfAllThatAFlowOfAnothersIsSuspended() {
    office.blockTickets();

    assertThat(sharedWith("eve"))
        .contains("flows/triage", "Suspended", "A data policy suspends it: nobody can run it.")
        .doesNotContain("Own connection needed");
    assertThat(office.browserOf("eve").open("").body()).contains("flows/triage", "Suspended");
  }
}
