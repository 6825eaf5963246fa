package dev.connectorsdk.examples.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionQuery;
import dev.connectorsdk.api.ConnectionStatus.State;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an administrator sees of the connections of others, and does with them. */
class AdministeredConnectionPagesTest {

  private static final String ALL = "administration/connections";

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

  private static String page(Connection connection) {
    return ALL + "/" + connection.id();
  }

  private Connection now(Connection connection) {
    return office.runtime().connections().get(Office.ROOT, connection.id());
  }

  @Test
  void saysWhoseAConnectionIsHowItIsAndWhatUsesIt() {
    Connection desk = office.connectDesk();

    assertThat(root.open(ALL).body())
        .contains(
            "Ada&#x27;s desk", "user:ada", "tickets", "Connected", "You do not see parameters");
    assertThat(root.open(page(desk)).body())
        .contains("Ada&#x27;s desk", desk.id().value(), "user:ada", ">desk<", "triage", "pad")
        .contains("you can neither use nor test nor change one")
        .doesNotContain("hidden-key", "api_key");
  }

  @Test
  void aNameIsShownAsTextWhateverItIs() {
    Connection connection = office.connect(Office.ADA, "tickets", "<script>alert(1)</script>");

    assertThat(root.open(ALL).body() + root.open(page(connection)).body())
        .contains("&lt;script&gt;alert(1)&lt;/script&gt;")
        .doesNotContain("<script>alert");
  }

  @Test
  void listsPageByPageAndByOwnerConnectorAndState() {
    for (int i = 0; i < 30; i++) {
      office.connect(i % 2 == 0 ? Office.ADA : Office.BEN, "tickets", "number-" + i + ".");
    }
    Connection chat = office.connect(Office.ADA, "chat", "the chat");
    office.runtime().connections().disable(Office.ROOT, chat.id(), "Not now.");

    String first = root.open(ALL).body();
    Matcher next = Pattern.compile("href=\"([^\"]*after=[^\"]*)\"").matcher(first);
    assertThat(next.find()).isTrue();
    String second = root.open(next.group(1).replace("&amp;", "&")).body();

    assertThat(count(first, "number-") + count(second, "number-")).isEqualTo(30);
    assertThat(second).contains("the chat", "This is the last page.");
    assertThat(root.open(ALL + "?owner=user:ben").body())
        .contains("number-1.")
        .doesNotContain("number-0.", "the chat");
    assertThat(root.open(ALL + "?connector=chat").body())
        .contains("the chat")
        .doesNotContain("number-");
    assertThat(root.open(ALL + "?state=DISABLED").body())
        .contains("the chat")
        .doesNotContain("number-");
    assertThat(root.open(ALL + "?owner=nobody").body())
        .contains("Write it like user:ada", "No connection")
        .doesNotContain("user:ben");
    assertThat(root.open(ALL + "?after=nonsense").statusCode()).isEqualTo(400);
  }

  @Test
  void whatDoesNotWorkIsListedWithWhy() {
    office.connectDesk();
    Connection bens = office.connect(Office.BEN, "tickets", "Ben's desk");
    office.connect(Office.EVE, "chat", "Eve's chat");
    office.runtime().connections().disable(Office.ROOT, bens.id(), "Its key has leaked.");
    office.blockChat();

    assertThat(root.open(ALL + "?state=NOT_WORKING").body())
        .contains(">Any that does not work</option>", ">Error</option>")
        .contains("Ben&#x27;s desk", "Its key has leaked.", "badge bad\">Disabled<")
        .contains("Eve&#x27;s chat", "badge warn\">Blocked by a data policy<")
        .doesNotContain("Ada&#x27;s desk");
  }

  private static int count(String body, String text) {
    return body.split(Pattern.quote(text), -1).length - 1;
  }

  @Test
  void disablesWithAReasonThatTheOwnerReadsAndEnables() {
    Connection desk = office.connectDesk();

    HttpResponse<String> silent = root.submit(page(desk), page(desk) + "/disable", Map.of());
    HttpResponse<String> done =
        root.submit(page(desk), page(desk) + "/disable", Map.of("why", "Its key has leaked."));

    assertThat(silent.statusCode()).isEqualTo(422);
    assertThat(silent.body()).contains("Say why");
    assertThat(done.statusCode()).isEqualTo(303);
    assertThat(now(desk).status().message()).isEqualTo("Its key has leaked.");
    assertThat(root.open(page(desk)).body()).contains("Its key has leaked.", "user:root", "Enable");

    root.submit(page(desk), page(desk) + "/enable", Map.of());

    assertThat(now(desk).status().isConnected()).isTrue();
  }

  @Test
  void handsOverToAUserOrAServiceWhoHasToSignIn() {
    Connection desk = office.connectDesk();
    String form = page(desk) + "/hand-over";

    for (String owner : List.of("", "ben", "group:team", "user:ada")) {
      assertThat(
              root.submit(form, form, Map.of("owner", owner, "shown_owner", "user:ada"))
                  .statusCode())
          .as(owner)
          .isEqualTo(422);
    }
    assertThat(root.open(form).body()).contains("triage", "credentials are revoked");
    assertThat(
            root.submit(form, form, Map.of("owner", "user:ben", "shown_owner", "user:ada"))
                .statusCode())
        .isEqualTo(303);

    assertThat(now(desk).owner()).isEqualTo(Office.BEN);
    assertThat(now(desk).status().state()).isNotEqualTo(State.CONNECTED);
  }

  @Test
  void showsWhatStopsBeforeItDeletes() {
    Connection desk = office.connectDesk();
    String form = page(desk) + "/delete";

    assertThat(root.open(form).body()).contains("What stops working", "triage");
    assertThat(root.submit(form, form, Map.of("shown_owner", "user:ada")).statusCode())
        .isEqualTo(303);

    assertThat(office.runtime().connections().list(Office.ROOT, ConnectionQuery.all())).isEmpty();
    assertThat(root.open(page(desk)).statusCode()).isEqualTo(404);
  }

  @Test
  void whatHasAnotherOwnerThanWasShownIsShownAgainAndNeitherDeletedNorHandedOver() {
    Connection desk = office.connectDesk();
    assertThat(
            root.open(page(desk) + "/delete").body() + root.open(page(desk) + "/hand-over").body())
        .contains("name=\"shown_owner\" value=\"user:ada\"");
    office.runtime().connections().handOver(Office.ROOT, desk.id(), Office.BEN);

    for (String act : List.of("/delete", "/hand-over")) {
      String form = page(desk) + act;
      HttpResponse<String> answer =
          root.submit(form, form, Map.of("owner", "user:eve", "shown_owner", "user:ada"));

      assertThat(answer.statusCode()).as(act).isEqualTo(409);
      assertThat(answer.body()).contains("It has another owner now", "user:ben");
    }
    assertThat(now(desk).owner()).isEqualTo(Office.BEN);
  }

  @Test
  void whatIsNoIdIsNotThere() {
    assertThat(root.open(ALL + "/no%20such%20id").statusCode()).isEqualTo(404);
  }
}
