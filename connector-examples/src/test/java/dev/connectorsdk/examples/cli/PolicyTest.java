package dev.connectorsdk.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.DataPolicy.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyTest {

  private static final String ROOMS = "src/main/resources/definitions/rooms";

  @TempDir private Path folder;
  private final Shell shell = new Shell();
  private String flows;

  @BeforeEach
  void writeFlows() throws IOException {
    flows =
        write(
            "flows.json",
            "{\"letters\": {\"mail\": [\"Send\"], \"crm\": [\"List\"]},"
                + " \"talk\": {\"chat\": [\"Post\"]}}");
  }

  private String write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  private String write(DataPolicy.Builder policy) throws IOException {
    DataPolicy built = policy.build();
    return write(built.name() + ".json", built.toJson());
  }

  @Test
  void explainsWhatIsAllowedAndWhatIsNot() throws Exception {
    String policy = write(DataPolicy.named("customers").business("mail"));

    Shell.Run run = shell.run("policy", "explain", policy, "--flows", flows);

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.lines())
        .containsExactly(
            "letters",
            "  Refused.",
            "  ! customers: Connectors of Business (mail) and of Non-business (crm) are used"
                + " together. Move crm to Business, or use connectors of one group only.",
            "    customers: Business [mail], Non-business [crm].",
            "talk",
            "  Allowed.",
            "    customers: Non-business [chat].");
  }

  @Test
  void namesWhatIsNoEnvironment() throws Exception {
    String policy = write(DataPolicy.named("customers").business("mail"));

    Shell.Run run =
        shell.run("policy", "explain", policy, "--flows", flows, "--environment", "a b");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("Environment must be", "'a b'");
  }

  @Test
  void explainsWhichRuleDecidesWhereARequestMayGo() throws Exception {
    String policy =
        write(
            DataPolicy.named("p")
                .allowEndpoint("crm", "https://*.ours.test")
                .denyEndpoint("crm", "*"));

    Shell.Run denied =
        shell.run("policy", "explain", policy, "--connector", "crm", "--url", "https://x.test/a");
    assertThat(denied.code()).isEqualTo(1);
    assertThat(denied.lines())
        .contains(
            "https://x.test/a",
            "  ! p: Connector 'crm' may send no such request to https://x.test. Put a rule that"
                + " allows the endpoint before endpointConfigurations/crm/2 Deny *.");
    assertThat(
            shell
                .run(
                    "policy",
                    "explain",
                    policy,
                    "--connector",
                    "crm",
                    "--url",
                    "https://api.ours.test/a")
                .code())
        .isZero();
    assertThat(shell.run("policy", "explain", policy).err()).contains("--flows", "--url");
  }

  @Test
  void namesWhatAChangeWouldBreakAndHeal() throws Exception {
    String now = write(DataPolicy.named("customers").business("mail"));
    Files.createDirectory(folder.resolve("new"));
    String then =
        write(
            "new/customers.json",
            DataPolicy.named("customers").business("mail", "crm").blocked("chat").build().toJson());

    Shell.Run run = shell.run("policy", "what-if", then, "--now", now, "--flows", flows);

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.lines())
        .contains("newly broken: talk", "healed: letters")
        .anyMatch(line -> line.contains("Connector 'chat' is blocked."));
  }

  @Test
  void checkNamesRulesWithoutEffectAndFilesThatAreNoPolicies() throws Exception {
    String policy = write(DataPolicy.named("p").blocked("rooms", "ghost"));

    Shell.Run run = shell.run("policy", "check", policy, "--connectors", ROOMS);

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.lines())
        .contains(policy + ": connectorGroups: no environment has a connector 'ghost'.")
        .noneMatch(line -> line.contains("'rooms'"));

    Shell.Run rulesAlone = shell.run("policy", "check", policy);
    assertThat(rulesAlone.code()).isZero();
    assertThat(rulesAlone.lines()).containsExactly("no remarks");
    assertThat(rulesAlone.err())
        .contains("which connectors and operations exist was not looked at", "--connectors");

    Shell.Run broken = shell.run("policy", "check", write("q.json", "{\"name\": \"q\", \"x\": 1}"));
    assertThat(broken.code()).isNotZero();
    assertThat(broken.err()).contains("/x: is not known here");
  }

  @Test
  void checkFindsTheOtherPolicyOfACandidateAmongTheFiles() throws Exception {
    String present = write(DataPolicy.named("present").blocked("rooms"));
    String next = write(DataPolicy.named("next").mode(Mode.AUDIT).insteadOf("present"));

    Shell.Run alone = shell.run("policy", "check", next);
    assertThat(alone.code()).isEqualTo(1);
    assertThat(alone.lines())
        .containsExactly(
            next + ": insteadOf: there is no policy 'present' whose place it could take.");
    assertThat(alone.err()).contains("'next' is for the place of 'present': name its file, too");

    Shell.Run both = shell.run("policy", "check", next, present, present);
    assertThat(both.code()).isZero();
    assertThat(both.lines()).containsExactly("no remarks");
    assertThat(both.err()).doesNotContain("name its file");
  }

  @Test
  void printsJson() throws Exception {
    String policy = write(DataPolicy.named("customers").business("mail"));
    String[] all = {"--flows", flows, "--json"};

    var explained = shell.run("policy", "explain", policy, "--flows", flows, "--json").json();
    assertThat(explained.path(0).path("flow").asString()).isEqualTo("letters");
    assertThat(explained.path(0).path("allowed").asBoolean()).isFalse();
    assertThat(explained.path(0).path("findings").path(0).path("label").asString())
        .isEqualTo("customers");
    assertThat(explained.path(0).path("findings").path(0).path("rule").asString())
        .isEqualTo("connectorGroups");
    assertThat(explained.path(0).path("smallestChange").path(0).path("name").asString())
        .isEqualTo("customers");
    assertThat(explained.path(1).path("allowed").asBoolean()).isTrue();

    var difference = shell.run(Shell.arguments(List.of("policy", "what-if", policy), all)).json();
    assertThat(difference.path("newlyBroken").propertyNames()).containsExactly("letters");

    var checked = shell.run("policy", "check", policy, "--connectors", ROOMS, "--json").json();
    assertThat(checked.path(0).path("remark").asString()).contains("'mail'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "null",
        "{\"report\": [\"crm\"]}",
        "{\"flows\": [{\"id\": \"report\"}]}",
        "{\"report\": {\"crm\": null}}",
        "{\"report\": null}",
        "{\"report\": {\"crm\": {\"connector\": \"crm\"}}}",
        "[{\"report\": {\"crm\": [\"ListDeals\"]}}]"
      })
  void whatAreNoFlowsIsNeverAllowed(String content) throws IOException {
    String policy = write(DataPolicy.named("customers").blocked("crm"));
    String file = write("none.json", content);

    for (String[] command :
        new String[][] {
          {"policy", "explain", policy, "--flows", file},
          {"policy", "what-if", policy, "--flows", file}
        }) {
      Shell.Run run = shell.run(command);

      assertThat(run.code()).isEqualTo(2);
      assertThat(run.out()).isEmpty();
      assertThat(run.err()).startsWith("connectors: not flows, which look like {");
    }
  }
}
