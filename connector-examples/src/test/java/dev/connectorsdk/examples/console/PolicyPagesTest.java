package dev.connectorsdk.examples.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.DataPolicy.Mode;
import dev.connectorsdk.governance.Policies.Saved;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Data policies are written, checked and tried out before they hold. */
class PolicyPagesTest {

  private static final String EDIT = "administration/policies/edit";
  private static final DataPolicy NO_TICKETS =
      DataPolicy.named("no-tickets").blocked("tickets").build();

  private Office office;
  private ConsoleBrowser root;

  @BeforeEach
  void start() {
    office = new Office();
    office.connectDesk();
    root = office.browserOf("root");
  }

  @AfterEach
  void stop() {
    office.close();
  }

  private HttpResponse<String> send(String act, String json, Map<String, String> more) {
    Map<String, String> fields = new HashMap<>(Map.of("act", act, "json", json, "version", "0"));
    fields.putAll(more);
    return root.submit(EDIT, EDIT, fields);
  }

  private HttpResponse<String> send(String act, DataPolicy policy) {
    return send(act, policy.toJson(), Map.of());
  }

  private DataPolicy stored(String name) {
    return office.runtime().policies().list(Office.ROOT).stream()
        .map(Saved::policy)
        .filter(policy -> policy.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void savesTheJsonOfThePlatformOverTheVersionThatWasShownOnly() {
    assertThat(send("save", NO_TICKETS).statusCode()).isEqualTo(303);
    assertThat(stored("no-tickets")).isEqualTo(NO_TICKETS);
    assertThat(root.open(EDIT + "?name=no-tickets").body())
        .contains("&quot;classification&quot;: &quot;Blocked&quot;", "no-tickets");
    assertThat(send("save", NO_TICKETS).statusCode()).isEqualTo(409);
    assertThat(root.open("administration/policies").body()).contains("no-tickets", "Enforced");
  }

  @Test
  void whatIsNestedWithoutEndIsShownAgainWithWhy() {
    HttpResponse<String> answer = send("save", "[".repeat(1_000), Map.of());

    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body())
        .contains("is nested too deeply, or has too long a number, name or text");
  }

  @Test
  void whatCannotBeReadIsShownAgainWithWhereAndWhy() {
    HttpResponse<String> answer = send("save", "{\"name\": \"x\", \"mode\": \"Loud\"}", Map.of());

    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body()).contains("Loud", "/mode", "aria-invalid");
    assertThat(office.runtime().policies().list(Office.ROOT)).isEmpty();
  }

  @Test
  void checkNamesRulesWithoutEffectAndWritesNothing() {
    DataPolicy misspelt = DataPolicy.named("p").blocked("tickts").build();

    assertThat(send("check", misspelt).body()).contains("tickts", "may not expect");
    assertThat(
            send("check", DataPolicy.named("p").business("chat").blocked("tickets").build()).body())
        .contains("each of its rules has an effect");
    assertThat(office.runtime().policies().list(Office.ROOT)).isEmpty();
  }

  @Test
  void whatIfSaysWhichFlowsWouldBeRefusedAndChangesNothing() {
    office.blockChat();

    assertThat(send("what-if/", NO_TICKETS).body())
        .contains("3 flows would be refused", "triage", "pad", "watch", "is blocked")
        .contains("Refused now and then", "digest");
    assertThat(send("what-if/", DataPolicy.named("no-chat").build()).body())
        .contains("No flow would be refused", "Allowed again", "digest");
    assertThat(office.runtime().policies().list(Office.ROOT)).hasSize(1);
  }

  @Test
  void whatIfOfOneThatRefusesNothingSaysWhatEnforcingItWouldRefuse() {
    DataPolicy watched = NO_TICKETS.toBuilder().mode(Mode.AUDIT).build();

    assertThat(send("what-if/", watched).body())
        .contains("No flow would be refused", "If it were enforced in dev", "would be refused")
        .contains("triage", "pad", "watch");
  }

  @Test
  void whatIfOfACandidateSaysWhatAdoptingItWouldRefuse() {
    office.blockChat();
    DataPolicy candidate =
        DataPolicy.named("no-chat-candidate")
            .insteadOf("no-chat")
            .mode(Mode.AUDIT)
            .blocked("chat", "tickets")
            .build();

    assertThat(send("what-if/", candidate).body())
        .contains("If it were adopted in dev", "3 flows would be refused", "triage", "pad", "watch")
        .doesNotContain("No flow would be refused");
  }

  @Test
  void whatIfLooksAtSoManyFlowsAtATime() {
    assertThat(send("what-if/pad", NO_TICKETS).body())
        .contains("Looked at 3 flows after pad", "triage", "watch")
        .doesNotContain(">pad<");
    assertThat(send("what-if/z", NO_TICKETS).body()).contains("There are no further flows.");
  }

  @Test
  void aCandidateIsTriedOutAndTakesThePlace() {
    office.blockChat();
    Map<String, String> overNoChat = Map.of("name", "no-chat", "version", "1");
    String json = DataPolicy.named("no-chat").blocked("chat", "tickets").build().toJson();

    HttpResponse<String> tried = send("candidate", json, overNoChat);
    assertThat(tried.statusCode()).as(tried.body()).isEqualTo(303);
    assertThat(root.open(tried.headers().firstValue("location").orElseThrow()).body())
        .contains("The candidate is saved. It is judged and refuses nothing.");
    DataPolicy candidate = stored("no-chat-candidate");
    assertThat(candidate.insteadOf()).isEqualTo("no-chat");
    assertThat(candidate.mode()).isEqualTo(Mode.AUDIT);
    assertThat(root.open("administration/policies").body())
        .contains("tried out in place of no-chat");

    HttpResponse<String> adopted =
        root.submit(
            EDIT + "?name=no-chat-candidate",
            "administration/policies/adopt",
            Map.of("name", "no-chat-candidate", "version", "1", "holds", "1"));

    assertThat(adopted.statusCode()).isEqualTo(303);
    assertThat(stored("no-chat").connectors(DataPolicy.Group.BLOCKED)).contains("tickets");
    assertThat(stored("no-chat").mode()).isEqualTo(Mode.ENFORCE);
    assertThat(office.runtime().policies().list(Office.ROOT)).hasSize(1);
  }

  @Test
  void aCandidateOverwritesNoOtherPolicyAndNoNewerCandidate() {
    office.blockChat();
    DataPolicy own = DataPolicy.named("no-chat-candidate").blocked("tickets").build();
    office.runtime().policies().save(Office.ROOT, own, 0);
    String json = DataPolicy.named("no-chat").build().toJson();
    Map<String, String> shown = Map.of("name", "no-chat", "version", "1", "candidate", "1");

    HttpResponse<String> refused = send("candidate", json, shown);

    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.body()).contains("is a policy of its own. Rename it first.");
    assertThat(stored("no-chat-candidate")).isEqualTo(own);

    DataPolicy colleagues = own.toBuilder().insteadOf("no-chat").mode(Mode.AUDIT).build();
    office.runtime().policies().save(Office.ROOT, colleagues, 1);
    assertThat(send("candidate", json, shown).statusCode()).isEqualTo(409);
    assertThat(stored("no-chat-candidate")).isEqualTo(colleagues);
    assertThat(root.open(EDIT + "?name=no-chat").body()).contains("name=\"candidate\" value=\"2\"");
  }

  @Test
  void adoptsTheVersionOfACandidateThatWasShownOnly() {
    office.blockChat();
    DataPolicy candidate =
        DataPolicy.named("new-chat").insteadOf("no-chat").mode(Mode.AUDIT).blocked("chat").build();
    office.runtime().policies().save(Office.ROOT, candidate, 0);
    office
        .runtime()
        .policies()
        .save(Office.ROOT, candidate.toBuilder().blocked("tickets").build(), 1);

    HttpResponse<String> late =
        root.submit(
            EDIT + "?name=new-chat",
            "administration/policies/adopt",
            Map.of("name", "new-chat", "version", "1"));

    assertThat(late.statusCode()).isEqualTo(409);
    assertThat(stored("no-chat").connectors(DataPolicy.Group.BLOCKED)).containsExactly("chat");
  }

  @Test
  void adoptsInPlaceOfTheVersionThatWasShownOnly() {
    office.blockChat();
    DataPolicy candidate =
        DataPolicy.named("new-chat").insteadOf("no-chat").mode(Mode.AUDIT).blocked("chat").build();
    office.runtime().policies().save(Office.ROOT, candidate, 0);
    String page = "administration/policies/adopt?name=new-chat";
    assertThat(root.open(page).body()).contains("name=\"holds\" value=\"1\"");
    DataPolicy colleagues = stored("no-chat").toBuilder().blocked("tickets").build();
    office.runtime().policies().save(Office.ROOT, colleagues, 1);

    HttpResponse<String> late =
        root.submit(
            page,
            "administration/policies/adopt",
            Map.of("name", "new-chat", "version", "1", "holds", "1"));

    assertThat(late.statusCode()).isEqualTo(409);
    assertThat(stored("no-chat")).isEqualTo(colleagues);
    assertThat(stored("new-chat")).isEqualTo(candidate);
  }

  @Test
  void deletesTheVersionThatWasShownOnly() {
    office.blockChat();
    Map<String, String> late = Map.of("name", "no-chat", "version", "7");
    String page = EDIT + "?name=no-chat";

    assertThat(root.submit(page, "administration/policies/delete", late).statusCode())
        .isEqualTo(409);
    root.submit(page, "administration/policies/delete", Map.of("name", "no-chat", "version", "1"));

    assertThat(office.runtime().policies().list(Office.ROOT)).isEmpty();
  }

  @Test
  void explainsWhyAFlowOrARequestIsRefused() {
    office.blockChat();
    String explain = "administration/policies/explain";

    assertThat(root.open(explain + "?flow=digest").body()).contains("Refused", "is blocked");
    assertThat(root.open(explain + "?flow=triage").body()).contains("Allowed");
    assertThat(root.open(explain + "?flow=none").body()).contains("There is no such flow.");
    assertThat(root.open(explain + "?connector=tickets&url=https://a.test/x").body())
        .contains("Allowed");
    assertThat(root.open(explain + "?connector=tickets&url=nonsense").body())
        .contains("begins with http");
  }
}
