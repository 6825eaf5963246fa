package dev.connectorsdk.examples.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Connection;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The first page, and the list of flows, say what waits for whom. */
class HomePagesTest {

  private static final String PARKED = "href=\"/console/flows/watch#triggers\"";

  private Office office;

  @BeforeEach
  void start() {
    office = new Office();
    office.connectDesk();
  }

  @AfterEach
  void stop() {
    office.close();
  }

  private String home(String user) {
    return office.browserOf(user).open("").body();
  }

  @Test
  void parkedEventsAreOnTheFirstPageOfEachOwnerWithTheWayToThem() {
    assertThat(home("ben")).doesNotContain("parked event");

    office.parkTicket();

    assertThat(home("ada")).contains("1 parked event of watch", PARKED);
    assertThat(home("ben")).contains("1 parked event of watch", PARKED);
    assertThat(home("eve")).doesNotContain("parked event");
    assertThat(office.browserOf("ada").open("flows/watch").body()).contains("id=\"triggers\"");
  }

  @Test
  void parkedEventsAreInTheListOfFlowsOfOwnersAndAdministrators() {
    office.parkTicket();

    for (String user : new String[] {"ada", "ben", "root"}) {
      assertThat(office.browserOf(user).open("flows").body()).as(user).contains(PARKED);
    }
    assertThat(office.browserOf("eve").open("flows").body())
        .contains("flows/watch")
        .doesNotContain("1 parked event");
  }

  @Test
  void aReferenceThatLeadsToASubstituteSaysToWhichAndWhy() {
    Connection meant = office.connect(Office.EVE, "tickets", "Eve's desk");
    assertThat(office.browserOf("eve").open("flows/triage").body()).doesNotContain("Ready, with");

    office.connect(Office.EVE, "tickets", "Eve's other desk");
    office.runtime().connections().disable(Office.ROOT, meant.id(), "Its key has leaked.");

    assertThat(home("eve"))
        .contains("Flows to look at", "Ready, with Eve&#x27;s other desk")
        .contains("Not used: &#x27;Eve&#x27;s desk&#x27; is DISABLED (ADMINISTRATOR)");
    for (String user : new String[] {"eve", "root"}) {
      assertThat(office.browserOf(user).open("flows/triage").body())
          .as(user)
          .contains("Ready, with Eve&#x27;s other desk", "Not used: &#x27;Eve&#x27;s desk&#x27;")
          .contains("None is chosen, so the only one that works is used.");
    }
  }

  @Test
  void aFlowThatCannotRunIsOnTheFirstPageOfWhoeverMendsIt() {
    office.blockChat();

    assertThat(home("ada")).contains("flows/digest", "Suspended");
    assertThat(home("eve")).contains("flows/triage", "Own connection needed");
    assertThat(home("mallory")).contains("Nothing of yours needs your attention.");
  }

  @Test
  void anAdministratorSeesFirstHowMuchOfTheEnvironmentWaitsForSomebody() {
    assertThat(home("root")).contains("All of dev", "<dd>none</dd>").doesNotContain("badge warn");

    Connection eves = office.connect(Office.EVE, "tickets", "Eve's desk");
    office.runtime().connections().disable(Office.ROOT, eves.id(), "Its key has leaked.");
    office.blockChat();
    office.parkTicket();

    for (String page :
        new String[] {
          "administration/connections?state=NOT_WORKING", "flows", "administration/triggers"
        }) {
      assertThat(home("root"))
          .containsPattern(
              "href=\"/console/"
                  + Pattern.quote(page)
                  + "\" aria-label=\"[A-Za-z ]+: 1\"><span class=\"badge warn\">1</span>");
    }
    assertThat(home("ada")).doesNotContain("All of dev");
  }

  @Test
  void whereNotAllWasLookedAtThereAreAtLeastSoMany() {
    assertThat(new ParkedEvents.Count(3, false).inWords()).isEqualTo("at least 3 parked events");
    assertThat(new ParkedEvents.Count(1, true).inWords()).isEqualTo("1 parked event");
  }

  @Test
  void anAccountThatTheServiceHasNotToldIsNotCalledUnknown() {
    Connection desk = office.connect(Office.EVE, "tickets", "Eve's desk");

    assertThat(office.browserOf("eve").open("connections/" + desk.id()).body())
        .contains("not told by the service");
    assertThat(office.browserOf("root").open("administration/connections").body())
        .contains("not told by the service");
  }
}
