package dev.connectorsdk.examples.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionQuery;
import dev.connectorsdk.api.Grant.Right;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.connection.ConnectionSpec;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Ada owns 160 connections: no page shows all of them, and each says how far it goes. */
class ManyOfOneOwnerTest {

  private static final Pattern NEXT = Pattern.compile("href=\"/console/([^\"]*)\" rel=\"next\"");

  private static Office office;
  private static Connection first;

  @BeforeAll
  static void start() {
    office = new Office();
    first = connect(1);
    for (int i = 2; i <= 160; i++) {
      connect(i);
    }
    office.runtime().references().bind(Office.ADAS, Office.DESK, first.id());
    for (int i = 0; i < 60; i++) {
      Principal reader = Principal.user("reader-%02d".formatted(i));
      office.runtime().connections().grant(Office.ADAS, first.id(), reader, Right.USE);
    }
  }

  @AfterAll
  static void stop() {
    office.close();
  }

  private static Connection connect(int number) {
    return office
        .runtime()
        .connections()
        .create(
            Office.ADAS,
            ConnectionSpec.of("tickets", "apiKey")
                .named("Desk %03d.".formatted(number))
                .secret("api_key", Secret.of("hidden-key"))
                .untested());
  }

  private static String page(String path) {
    return office.browserOf("ada").open(path).body();
  }

  private static String next(String body) {
    Matcher next = NEXT.matcher(body);
    assertThat(next.find()).as("a next page").isTrue();
    return page(next.group(1).replace("&amp;", "&"));
  }

  @Test
  void herConnectionsArePagedTheOldestFirst() {
    String first = page("connections");
    String last = next(next(next(first)));

    assertThat(first).contains("Desk 001.", "Desk 050.").doesNotContain("Desk 051.");
    assertThat(last).contains("Desk 151.", "Desk 160.").contains("This is the last page.");
  }

  @Test
  void aSearchSaysHowManyItHasLookedAtAndGoesOn() {
    String found = page("connections?search=desk+155");

    assertThat(found)
        .contains("None of these has that in its name.", "150 connections were looked at.")
        .doesNotContain("Desk 155.");
    assertThat(next(found)).contains("Desk 155.").doesNotContain("Desk 154.", "were looked at");
    assertThat(page("connections?search=tickets")).contains("Desk 050.").contains("Next page");
  }

  /** What a store leaves out of a page because it cannot read it makes the page shorter. */
  private static List<Connection> shortPage(ConnectionQuery query) {
    return office
        .runtime()
        .connections()
        .list(Office.ADAS, query.limit(Math.min(7, query.limit())));
  }

  @Test
  void aShortPageOfTheStoreIsNotTakenForTheLastOne() {
    ConnectionSearch all =
        ConnectionSearch.all(ManyOfOneOwnerTest::shortPage, ConnectionQuery.all(), 50);
    ConnectionSearch some =
        ConnectionSearch.some(
            ManyOfOneOwnerTest::shortPage,
            ConnectionQuery.all(),
            one -> one.displayName().equals("Desk 140."),
            50);

    assertThat(all.found())
        .extracting(Connection::displayName)
        .startsWith("Desk 001.")
        .endsWith("Desk 050.")
        .hasSize(50);
    assertThat(all.next()).isNotNull();
    assertThat(some.found()).extracting(Connection::displayName).containsExactly("Desk 140.");
    assertThat(some.isAll()).isFalse();
  }

  @Test
  void theFirstPageSaysHowManyOfThemItHasLookedAt() {
    assertThat(page("")).contains("The first 150 of your connections were looked at.");
    assertThat(office.browserOf("root").open("").body())
        .contains("none among the first 150 connections. The others are not counted here: ")
        .containsPattern(
            "href=\"/console/administration/connections\\?state=NOT_WORKING\""
                + " aria-label=\"see the list: Connections that do not work\">see the list</a>");
  }

  @Test
  void theConnectorsPageLeadsToTheOthers() {
    assertThat(page("connectors/tickets"))
        .contains("You have more: all of them", "connections?search=Tickets");
    assertThat(page("connectors/tickets").split("Desk ")).hasSize(26);
  }

  @Test
  void rightsArePagedToo() {
    String rights = page("connections/" + first.id() + "/share");

    assertThat(rights).contains("user:reader-00", "user:reader-49").doesNotContain("reader-50");
    assertThat(next(rights)).contains("user:reader-50", "user:reader-59");
  }

  @Test
  void oneThatIsNotAmongTheFirstChoicesIsChosenByItsId() {
    String choices = page("flows/watch/connection?reference=desk");

    assertThat(choices.split("type=\"radio\"")).hasSize(51);
    assertThat(choices).contains("These are the first 50.", "Id of a connection");
    assertThat(page("flows/watch/connection?reference=desk&connection=" + first.id()))
        .contains("Use this connection");
  }
}
