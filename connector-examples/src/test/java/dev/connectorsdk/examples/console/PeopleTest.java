package dev.connectorsdk.examples.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.Principal;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where the host says who people are, the pages call them so, and warn of ids that nobody has. */
class PeopleTest {

  private static final Map<Principal, String> NAMES =
      Map.of(
          Office.ADA, "Ada Quint", Office.BEN, "Ben Ode", Principal.service("reports"), "Reports");

  private Office office;
  private Connection desk;

  @BeforeEach
  void start() {
    office = new Office(who -> Optional.ofNullable(NAMES.get(who)));
    desk = office.connectDesk();
  }

  @AfterEach
  void stop() {
    office.close();
  }

  @Test
  void peopleAreCalledByNameAndIdWhereverAPageShowsThem() {
    ConsoleBrowser root = office.browserOf("root");
    office.runtime().connections().disable(Office.ROOT, desk.id(), "Its key has leaked.");
    office.blockChat();

    for (String page :
        List.of(
            "flows",
            "flows/triage",
            "administration/connections",
            "administration/connections/" + desk.id(),
            "administration/policies/edit?name=no-chat")) {
      assertThat(root.open(page).body())
          .as(page)
          .contains("Ada Quint (ada)")
          .doesNotContain("user:ada<", "user:ben<");
    }
    assertThat(root.open("administration/connections/" + desk.id() + "/hand-over").body())
        .contains("It is Ada Quint (ada)&#x27;s.");
    assertThat(root.open("administration/audit").body()).contains("Ada Quint (ada)");
    assertThat(root.open("flows/triage").body()).contains("Ben Ode (ben)", "user:eve");
  }

  @Test
  void anIdThatNobodyHasIsWarnedOfBeforeARightIsGranted() {
    assertThat(preview("user", "ben"))
        .contains("What Ben Ode (ben) gains")
        .doesNotContain("Nobody");
    assertThat(preview("service", "reports")).contains("What Reports (service:reports) gains");
    assertThat(preview("user", "bne"))
        .contains("What bne gains", "Nobody here has this id: user:bne");
    assertThat(preview("group", "staff")).contains("Nobody here has this id: group:staff");
  }

  @Test
  void textsOfTheRuntimeKeepTheIdsThatTheyHave() {
    assertThat(office.browserOf("ada").open("flows/digest").body())
        .contains("No connection chosen")
        .contains("Connection reference &#x27;room&#x27; for user:ada in dev");
    assertThat(
            office
                .browserOf("ben")
                .open("flows/triage/connection?reference=mine&connection=" + desk.id())
                .body())
        .contains("You may not do this", "user:ben")
        .doesNotContain("Ben Ode");
  }

  @Test
  void whatUsersWriteIsNotTakenForPeopleOrStates() {
    String title = "Payroll, granted by user:ben, app-user:ben or user:ben!";
    office.connect(Office.ADA, "tickets", title);
    office.connect(Office.ADA, "tickets", "x is DISABLED (ADMINISTRATOR)");

    assertThat(office.browserOf("ada").open("flows/watch/connection?reference=desk").body())
        .contains(title, "x is DISABLED (ADMINISTRATOR)")
        .doesNotContain("Ben Ode", "is disabled by");
  }

  @Test
  void whatSaysWhyAConnectionDoesNotWorkIsNotTakenForPeople() {
    office.runtime().connections().disable(Office.ROOT, desk.id(), "Asked for by user:ben.");

    for (String page : List.of("", "connections", "connections/" + desk.id())) {
      assertThat(office.browserOf("ada").open(page).body())
          .as(page)
          .contains("Asked for by user:ben.")
          .doesNotContain("Ben Ode");
    }
    for (String page :
        List.of("administration/connections", "administration/connections/" + desk.id())) {
      assertThat(office.browserOf("root").open(page).body())
          .as(page)
          .contains("Asked for by user:ben.", "Ada Quint (ada)")
          .doesNotContain("Ben Ode");
    }
  }

  private String preview(String kind, String who) {
    String share = "connections/" + desk.id() + "/share";
    Map<String, String> form = Map.of("kind", kind, "who", who, "right", "USE");
    return office.browserOf("ada").submit(share, share + "/preview", form).body();
  }

  @Test
  void anIdThatNobodyHasIsWarnedOfWhereAFlowIsShared() {
    assertThat(office.browserOf("ada").open("flows/triage/sharing").body())
        .contains("Nobody here has one of these ids: user:eve.");
  }

  @Test
  void aConnectionIsHandedOverToAnIdThatNobodyHasOnlyWhenItIsSaidTwice() {
    ConsoleBrowser root = office.browserOf("root");
    String page = "administration/connections/" + desk.id();
    Map<String, String> form = Map.of("shown_owner", "user:ada", "owner", "user:bne");

    HttpResponse<String> asked = root.submit(page + "/hand-over", page + "/hand-over", form);

    assertThat(asked.statusCode()).isEqualTo(422);
    assertThat(asked.body())
        .contains("Nobody here has this id", "name=\"sure\" value=\"user:bne\"");
    Map<String, String> again =
        Map.of("shown_owner", "user:ada", "owner", "user:bne", "sure", "user:bne");
    assertThat(root.submit(page + "/hand-over", page + "/hand-over", again).statusCode())
        .isEqualTo(303);
  }
}
