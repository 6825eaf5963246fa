package dev.connectorsdk.examples.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.Grant.Right;
import dev.connectorsdk.api.spi.AuditStore;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which account runs a flow, who else may run it, why it is suspended, and how to mend it. */
class FlowPagesTest {

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

  private String seenBy(String user, String flow) {
    return office.browserOf(user).open("flows/" + flow).body();
  }

  @Test
  void anAdministratorSeesWhichConnectionRunsItAndWhatEachUserBrings() {
    Connection eves = office.connect(Office.EVE, "tickets", "Eve's own");

    assertThat(seenBy("root", "triage"))
        .contains("It can run.", "Which account runs it", "Ada&#x27;s desk")
        .contains("administration/connections/" + desk.id())
        .contains("user:ada", "user:ben", "user:eve", "run-only user")
        .contains("Eve&#x27;s own", eves.id().value());
    assertThat(seenBy("root", "digest")).contains(">nothing</td>");
  }

  @Test
  void aFlowWithoutItsConnectorIsThereForThoseAloneWhoHaveAPart() {
    assertThat(seenBy("ada", "payroll")).contains("It cannot run.", "You own it.");
    assertThat(seenBy("eve", "payroll"))
        .contains("started by triggers", "only triggers start the flow")
        .doesNotContain("You may run it.", "Choose a connection");
    assertThat(office.browserOf("mallory").open("flows/payroll").statusCode()).isEqualTo(404);
  }

  @Test
  void saysWhyItIsSuspendedAndHowToMendIt() {
    office.blockChat();

    assertThat(seenBy("root", "digest"))
        .contains("It is suspended.", "no-chat", "Connector &#x27;chat&#x27; is blocked.")
        .contains("Move &#x27;chat&#x27; out of Blocked")
        .contains("The smallest change of policies that would allow it")
        .contains("administration/policies/edit?name=no-chat");
    assertThat(seenBy("ada", "digest"))
        .contains("It is suspended.", "Move &#x27;chat&#x27; out of Blocked")
        .doesNotContain("administration/");
    assertThat(office.browserOf("root").open("flows").body()).contains("Suspended", "Allowed");
  }

  @Test
  void saysWhatIsMissingAndWhereToMendIt() {
    String unbound = seenBy("ada", "digest");
    office.runtime().connections().disable(Office.ROOT, desk.id(), "Its key has leaked.");
    String broken = seenBy("root", "triage");

    assertThat(unbound)
        .contains(
            "It cannot run.", "No connection chosen", "flows/digest/connection?reference=room");
    assertThat(broken).contains("Connection broken", "administration/connections/" + desk.id());
  }

  @Test
  void aCoOwnerSeesNameAndAccountOfAnothersConnectionAndNoId() {
    String page = seenBy("ben", "triage");

    assertThat(page).contains("Ada&#x27;s desk", "You co-own it.", "user:eve");
    assertThat(page).doesNotContain(desk.id().value());
  }

  @Test
  void whoMayOnlyRunItSeesWhatThatTakes() {
    String page = seenBy("eve", "triage");

    assertThat(page)
        .contains(
            "You may run it.", "Own connection needed", "flows/triage/connection?reference=mine")
        .doesNotContain("Ada&#x27;s desk", desk.id().value(), "user:ben");
  }

  @Test
  void whoMayOnlyRunItSeesWhatWasChosenAndMayChooseAgain() {
    assertThat(seenBy("eve", "triage")).contains("none of yours yet");
    office.runtime().connections().grant(Office.ADAS, desk.id(), Office.EVE, Right.USE);
    Caller eve = Office.EVE.in("dev").running(Office.TRIAGE);
    office.runtime().references().bind(eve, Office.MINE, desk.id());

    assertThat(seenBy("eve", "triage"))
        .contains("Ada&#x27;s desk", "Choose again for mine")
        .contains("flows/triage/connection?reference=mine")
        .doesNotContain(desk.id().value(), "Choose again for desk");
  }

  @Test
  void saysAsTheRuntimeDoesWhatIsInTheWayOfAConnection() {
    office.runtime().connections().disable(Office.ROOT, desk.id(), "Its key has leaked.");

    for (String page : new String[] {"", "/connection?reference=desk"}) {
      assertThat(office.browserOf("ada").open("flows/watch" + page).body())
          .contains("is DISABLED (ADMINISTRATOR)");
    }
    assertThat(seenBy("ada", "watch")).contains("Connection reference");
  }

  @Test
  void whoMayOnlyRunItIsLedToNoChoiceOfWhatItsOwnersBring() {
    office.runtime().connections().disable(Office.ROOT, desk.id(), "Its key has leaked.");

    assertThat(seenBy("eve", "watch"))
        .contains("It cannot run.")
        .doesNotContain("flows/watch/connection");
    assertThat(seenBy("ben", "watch")).contains("flows/watch/connection?reference=desk");
  }

  @Test
  void whoHasNoPartInItDoesNotLearnThatThereIsSuchAFlow() {
    HttpResponse<String> page = office.browserOf("eve").open("flows/digest");

    assertThat(page.statusCode()).isEqualTo(404);
    assertThat(page.body()).doesNotContain("user:ada", "chat");
    assertThat(office.browserOf("eve").open("flows").body())
        .contains("triage")
        .doesNotContain("digest");
    assertThat(office.browserOf("eve").open("flows/triage/sharing").statusCode()).isEqualTo(404);
    assertThat(office.browserOf("mallory").open("flows/triage").statusCode()).isEqualTo(404);
  }

  @Test
  void looksAreNotRecordedAsRefusals() {
    seenBy("eve", "triage");
    seenBy("eve", "digest");
    seenBy("root", "triage");

    assertThat(
            office
                .runtime()
                .audit()
                .list(
                    Office.ROOT,
                    new AuditStore.Filter(null, null, null, null, null, true, null),
                    null,
                    10))
        .isEmpty();
  }

  @Test
  void sharesAnAppAfterItWasShownWhoGainsWhat() {
    ConsoleBrowser ada = office.browserOf("ada");
    HttpResponse<String> preview = ada.open("flows/pad/sharing");

    assertThat(preview.body()).contains("Who gains what", "user:eve", "Ada&#x27;s desk");
    assertThat(
            ada.submit("flows/pad/sharing", "flows/pad/sharing/confirm", Map.of("preview", "old"))
                .statusCode())
        .isEqualTo(409);
    assertThat(
            ada.submit(
                    "flows/pad/sharing",
                    "flows/pad/sharing/confirm",
                    Map.of("preview", shown(preview.body())))
                .statusCode())
        .isEqualTo(303);
    assertThat(seenBy("eve", "pad")).contains("It can run.");
  }

  private static String shown(String page) {
    Matcher field = Pattern.compile("name=\"preview\" value=\"([^\"]*)\"").matcher(page);
    assertThat(field.find()).isTrue();
    return field.group(1);
  }

  @Test
  void theOwnerDecidesWhatRunOnlyUsersGet() {
    ConsoleBrowser ada = office.browserOf("ada");
    String asSeen = ada.open(decision("own")).body();

    assertThat(decides(ada, "own", asSeen)).isEqualTo(303);
    String brings = ada.open("flows/triage/sharing").body();
    assertThat(brings).contains("Each brings an own one").doesNotContain("Ada&#x27;s desk");
    brings = ada.open(decision("use")).body();

    assertThat(decides(ada, "use", asSeen)).as("another's decision came between").isEqualTo(409);
    assertThat(decides(ada, "use", brings)).isEqualTo(303);

    assertThat(ada.open("flows/triage/sharing").body()).contains("The flow&#x27;s connection");
    assertThat(decides(ada, "own", brings)).as("another's decision came between").isEqualTo(409);
  }

  private static int decides(ConsoleBrowser owner, String act, String seen) {
    Map<String, String> entered = Map.of("reference", "desk", "preview", shown(seen));
    return owner.submit(decision(act), "flows/triage/sharing/" + act, entered).statusCode();
  }

  private static String decision(String act) {
    return "flows/triage/sharing/" + act + "?reference=desk";
  }

  @Test
  void whatTheOwnerDecidesIsShownBeforeItIsSo() {
    ConsoleBrowser ada = office.browserOf("ada");

    assertThat(ada.open("flows/triage/sharing").body())
        .contains(decision("use"), decision("own"))
        .doesNotContain("<form");
    assertThat(ada.open(decision("use")).body())
        .contains("By running the flow they use the connection &#x27;Ada&#x27;s desk&#x27;")
        .contains("user:eve", "Nothing has been changed yet", "What users get", "Who gains what");
    assertThat(ada.open(decision("own")).body())
        .contains("whoever has none cannot run the flow", "user:eve", "Have each bring an own one");
    assertThat(ada.open("flows/triage/sharing").body()).contains("The flow&#x27;s connection");
  }

  @Test
  void theOwnerAloneDecidesAndOfWhatTheFlowBringsOnly() {
    assertThat(office.browserOf("ben").open(decision("use")).statusCode()).isEqualTo(404);
    assertThat(office.browserOf("eve").open(decision("use")).statusCode()).isEqualTo(404);
    assertThat(office.browserOf("ada").open("flows/triage/sharing/own?reference=mine").statusCode())
        .isEqualTo(404);
    ConsoleBrowser ada = office.browserOf("ada");
    assertThat(ada.open("flows/pad/sharing/own?reference=desk").statusCode()).isEqualTo(404);
    Map<String, String> entered =
        Map.of("reference", "mine", "preview", shown(ada.open(decision("own")).body()));
    assertThat(ada.submit(decision("own"), "flows/triage/sharing/own", entered).statusCode())
        .isEqualTo(404);
  }

  @Test
  void aConnectionIsChosenAfterItWasShownWhatChanges() {
    Connection other = office.connect(Office.ADA, "tickets", "Another desk");
    ConsoleBrowser ada = office.browserOf("ada");
    String choose = "flows/triage/connection?reference=desk";
    String chosen = choose + "&connection=" + other.id();

    assertThat(ada.open(choose).body()).contains("Another desk", "Ada&#x27;s desk");
    String preview = ada.open(chosen).body();
    assertThat(preview).contains("Which flows change", "pad, triage, watch");
    assertThat(
            ada.submit(
                    chosen,
                    "flows/triage/connection",
                    Map.of(
                        "reference",
                        "desk",
                        "connection",
                        other.id().value(),
                        "preview",
                        shown(preview)))
                .statusCode())
        .isEqualTo(303);
    assertThat(office.runtime().references().binding(Office.ADAS, Office.DESK))
        .contains(other.id());
  }

  @Test
  void nobodyChoosesTheConnectionOfSomebodyElse() {
    String form = "flows/triage/connection?reference=mine&connection=" + desk.id();

    assertThat(office.browserOf("eve").open(form).statusCode()).isEqualTo(403);
  }
}
