package dev.connectorsdk.examples.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.trigger.Subscription;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How triggers are, what they have found, and what could not be handled. */
class SubscriptionPagesTest {

  private Office office;
  private String page;

  @BeforeEach
  void start() {
    office = new Office();
    office.connectDesk();
    Subscription subscription = office.parkTicket();
    page = "flows/watch/triggers/" + subscription.id();
  }

  @AfterEach
  void stop() {
    office.close();
  }

  @Test
  void anAdministratorSeesHowATriggerIsAndNotWhatItHasFound() {
    ConsoleBrowser root = office.browserOf("root");

    assertThat(root.open("administration/triggers").body())
        .contains("ticketOpened", "flows/watch", "Active", ">1<")
        .doesNotContain("Printer on fire");
    assertThat(root.open("administration/triggers?search=other").body()).contains("There is none.");
    assertThat(root.open(page).statusCode()).isEqualTo(404);
  }

  @Test
  void ownersSeeTheWatermarkAndTheEvents() {
    assertThat(office.browserOf("ben").open(page).body())
        .contains(
            "watermark",
            "poll",
            "T-1",
            "Printer on fire",
            "Handler &#x27;announce&#x27; failed",
            "Parked (1)");
    assertThat(office.browserOf("eve").open(page).statusCode()).isEqualTo(404);
    assertThat(office.browserOf("ada").open("flows/watch").body()).contains(page);
  }

  @Test
  void theTriggersOfAFlowAreShownPageByPage() {
    List<String> ids =
        Stream.concat(
                Stream.of(page.substring(page.lastIndexOf('/') + 1)),
                Stream.generate(() -> office.watchTickets().id()).limit(25))
            .sorted()
            .toList();
    ConsoleBrowser ada = office.browserOf("ada");

    assertThat(ada.open("flows/watch").body())
        .contains("flows/watch/triggers/" + ids.get(24), "flows/watch?after=" + ids.get(24))
        .doesNotContain(ids.get(25));
    assertThat(ada.open("flows/watch?after=" + ids.get(24)).body())
        .contains("flows/watch/triggers/" + ids.get(25), "This is the last page.")
        .doesNotContain("flows/watch/triggers/" + ids.get(24));
    String second = "flows/watch?after=" + ids.get(24);
    ConsoleBrowser root = office.browserOf("root");
    assertThat(root.open("flows/watch").body()).contains(second);
    assertThat(root.open(second).body()).contains("ticketOpened", "This is the last page.");
  }

  @Test
  void whatWasParkedIsHandledAgain() {
    ConsoleBrowser ada = office.browserOf("ada");
    office.mendHandler();

    assertThat(ada.submit(page, page + "/replay", Map.of("number", number())).statusCode())
        .isEqualTo(303);
    office.runtime().runDueTriggers();

    assertThat(ada.open(page + "?show=parked").body()).contains("There is none.");
    assertThat(ada.submit(page, page + "/replay", Map.of("number", "999")).headers().map())
        .containsKey("location")
        .extractingByKey("location")
        .asString()
        .contains("event-gone");
  }

  private String number() {
    Matcher field =
        Pattern.compile("name=\"number\" value=\"(\\d+)\"")
            .matcher(office.browserOf("ada").open(page).body());
    assertThat(field.find()).isTrue();
    return field.group(1);
  }

  @Test
  void whatWasParkedIsDropped() {
    ConsoleBrowser ada = office.browserOf("ada");
    String about = page + "/drop?number=" + number();

    assertThat(ada.open(page).body()).contains(about);
    assertThat(ada.open(about).body())
        .contains("T-1", "Printer on fire", "Handler &#x27;announce&#x27; failed")
        .contains("It is not handled any more", "Drop the event", "Keep it");
    assertThat(ada.open(page + "?show=parked").body()).contains("T-1");
    assertThat(office.browserOf("eve").open(about).statusCode()).isEqualTo(404);
    assertThat(office.browserOf("root").open(about).statusCode()).isEqualTo(404);
    HttpResponse<String> gone = ada.open(page + "/drop?number=999");
    assertThat(gone.statusCode()).isEqualTo(404);
    assertThat(gone.body()).contains("It is not parked any more", page + "?show=parked");

    ada.submit(about, page + "/drop", Map.of("number", number()));

    assertThat(ada.open(page + "?show=parked").body()).contains("There is none.");
  }

  @Test
  void pausesAndResumes() {
    ConsoleBrowser ada = office.browserOf("ada");

    ada.submit(page, page + "/pause", Map.of());
    assertThat(ada.open(page).body()).contains("Paused");

    ada.submit(page, page + "/resume", Map.of());
    assertThat(ada.open(page).body()).contains("Active");
  }

  @Test
  void nobodyElseReplaysOrPauses() {
    Map<String, String> fields =
        Map.of("number", number(), "form_token", FormToken.of(Secret.of("eve-1")));

    for (String act : List.of("replay", "drop", "pause", "resume")) {
      assertThat(office.browserOf("eve").post(page + "/" + act, fields).statusCode())
          .as(act)
          .isEqualTo(404);
      assertThat(office.browserOf("ada").post(page + "/" + act, Map.of()).statusCode())
          .as("%s without a token", act)
          .isEqualTo(403);
    }
  }

  @Test
  void aTriggerOfASuspendedFlowSaysSo() {
    String suspended = "Active, but the flow is suspended";
    assertThat(office.browserOf("ada").open(page).body()).doesNotContain(suspended);

    office.blockTickets();

    assertThat(office.browserOf("ada").open(page).body()).contains(suspended);
    assertThat(office.browserOf("ada").open("flows/watch").body()).contains(suspended);
  }
}
