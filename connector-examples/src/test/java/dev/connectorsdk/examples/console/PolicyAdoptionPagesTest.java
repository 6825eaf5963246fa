package dev.connectorsdk.examples.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.event.ConnectorEvent.PolicyChanged;
import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.DataPolicy.Group;
import dev.connectorsdk.governance.DataPolicy.Mode;
import dev.connectorsdk.governance.Policies.Saved;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A candidate takes the place of a policy after it was shown what that means. */
class PolicyAdoptionPagesTest {

  private static final String ADOPT = "administration/policies/adopt";
  private static final String PREVIEW = ADOPT + "?name=new-chat";
  private static final DataPolicy CANDIDATE =
      DataPolicy.named("new-chat")
          .titled("Chat, too")
          .insteadOf("no-chat")
          .mode(Mode.AUDIT)
          .blocked("chat", "tickets")
          .build();
  private static final Map<String, String> AS_SHOWN =
      Map.of("name", "new-chat", "version", "1", "holds", "1");

  private ConsoleHost host;
  private ConsoleBrowser root;

  /** What somebody else does as soon as the policy is replaced. */
  private Runnable meanwhile = () -> {};

  @BeforeEach
  void start() {
    FlowDirectory flows = FlowDirectory.of(Office.TRIAGE, Office.DIGEST);
    host =
        new ConsoleHost(
            address ->
                ConnectorRuntime.builder()
                    .connector(Office.connector("tickets"))
                    .connector(Office.connector("chat"))
                    .flows(flows)
                    .listener(
                        event -> {
                          if (event instanceof PolicyChanged changed
                              && changed.policy().equals("no-chat")
                              && changed.version() == 2) {
                            meanwhile.run();
                          }
                        })
                    .build(),
            flows);
    save(DataPolicy.named("no-chat").titled("No chat").blocked("chat").build(), 0);
    save(CANDIDATE, 0);
    root = host.browserOf("root");
  }

  @AfterEach
  void stop() {
    host.close();
  }

  private void save(DataPolicy policy, long expectedVersion) {
    host.runtime().policies().save(Office.ROOT, policy, expectedVersion);
  }

  private Map<String, DataPolicy> stored() {
    return host.runtime().policies().list(Office.ROOT).stream()
        .map(Saved::policy)
        .collect(Collectors.toMap(DataPolicy::name, policy -> policy));
  }

  @Test
  void theDifferenceAndWhatFollowsAreShownBefore() {
    assertThat(root.open("administration/policies/edit?name=new-chat").body())
        .contains("Adopt in place of no-chat...", PREVIEW);
    assertThat(root.open("administration/policies").body()).contains(PREVIEW);

    String preview = root.open(PREVIEW).body();

    assertThat(preview)
        .contains("What changes in No chat (no-chat)", "Connector tickets", "Blocked")
        .contains("If it were adopted in dev", "1 flow would be refused", "triage")
        .contains("keeps its name, title and mode", "Nothing has been changed yet.")
        .contains("name=\"version\" value=\"1\"", "name=\"holds\" value=\"1\"")
        .doesNotContain("Name, under which it is a policy of its own");
    assertThat(stored().get("no-chat").connectors(Group.BLOCKED)).containsExactly("chat");
    assertThat(stored()).containsEntry("new-chat", CANDIDATE);
    assertThat(host.browserOf("ada").open(PREVIEW).statusCode()).isEqualTo(404);
  }

  @Test
  void whatIsInPlaceOfNothingIsNotAdopted() {
    save(DataPolicy.named("alone").build(), 0);
    save(CANDIDATE.toBuilder().insteadOf("gone").build(), 1);

    for (String name : new String[] {"alone", "new-chat", "none"}) {
      assertThat(root.open(ADOPT + "?name=" + name).statusCode()).as(name).isEqualTo(404);
    }
  }

  @Test
  void afterwardsThePolicySaysWhatTheCandidateSaidAndTheCandidateIsGone() {
    HttpResponse<String> adopted = root.submit(PREVIEW, ADOPT, AS_SHOWN);

    assertThat(adopted.headers().firstValue("location"))
        .hasValue("/console/administration/policies/edit?name=no-chat&done=policy-adopted");
    assertThat(stored()).containsOnlyKeys("no-chat");
    assertThat(stored().get("no-chat"))
        .isEqualTo(
            DataPolicy.named("no-chat").titled("No chat").blocked("chat", "tickets").build());
  }

  @Test
  void aCandidateThatSomebodyChangesMeanwhileIsNotLost() {
    DataPolicy colleagues = CANDIDATE.toBuilder().business("tickets").build();
    meanwhile = () -> save(colleagues, 1);

    HttpResponse<String> adopted = root.submit(PREVIEW, ADOPT, AS_SHOWN);

    assertThat(root.open(adopted.headers().firstValue("location").orElseThrow()).body())
        .contains(
            "The policy says now what you were shown.",
            "Look whether its candidate is still there");
    assertThat(stored().get("no-chat").connectors(Group.BLOCKED)).contains("tickets");
    assertThat(stored()).containsEntry("new-chat", colleagues);
  }

  @Test
  void aCandidateThatSomebodyDeletesMeanwhileIsAdoptedAllTheSame() {
    meanwhile = () -> host.runtime().policies().delete(Office.ROOT, "new-chat", 1);

    HttpResponse<String> adopted = root.submit(PREVIEW, ADOPT, AS_SHOWN);

    assertThat(adopted.headers().firstValue("location").orElseThrow())
        .endsWith("&done=policy-adopted");
    assertThat(stored()).containsOnlyKeys("no-chat");
  }
}
