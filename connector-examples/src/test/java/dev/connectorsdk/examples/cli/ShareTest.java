package dev.connectorsdk.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShareTest {

  private static final String DESK = "src/test/resources/cli/desk";

  @TempDir private Path folder;
  private final Shell shell = new Shell();
  private String world;

  @BeforeEach
  void describeTheWorld() throws IOException {
    world =
        write(
            """
            { "environment": "dev",
              "flows": {
                "queue": {
                  "kind": "APP", "owner": "user:ada", "users": ["group:support"],
                  "references": {
                    "team-desk": {
                      "connector": "desk", "operations": ["ListTickets"], "connection": "Team" },
                    "mine": { "connector": "desk", "source": "INVOKER" } } },
                "report": {
                  "owner": "user:ada", "coOwners": ["user:ben"],
                  "references": {
                    "team-desk": { "connector": "desk", "operations": ["ListTickets"] } } } },
              "connections": {
                "Team": {
                  "connector": "desk", "owner": "user:ada",
                  "account": "team@desk" },
                "Root": {
                  "connector": "desk", "owner": "user:ada",
                  "account": "root@desk", "privileged": true } } }
            """);
  }

  private String write(String text) throws IOException {
    return Files.writeString(folder.resolve("world.json"), text).toString();
  }

  @Test
  void saysWhatUsersOfAnAppGet() throws Exception {
    Shell.Run run = shell.run("share", "preview", world, "queue", "--connectors", DESK);

    assertThat(run.code()).isZero();
    assertThat(run.lines())
        .startsWith("Sharing queue in dev")
        .contains("  group:support gains team-desk; needs an own connection for mine")
        .anyMatch(line -> line.contains("users use 'Team' (team@desk)"))
        .anyMatch(line -> line.endsWith("'Root' (root@desk) may be bound"));
  }

  @Test
  void saysWhatANewCoOwnerGains() throws Exception {
    Shell.Run run =
        shell.run("share", "preview", world, "queue", "--co-owner", "user:cyd", "--json");

    assertThat(run.code()).isZero();
    assertThat(Json.MAPPER.readTree(run.out()).path("users").toString())
        .isEqualTo("[{\"user\":\"user:cyd\",\"gains\":[\"team-desk\"],\"brings\":[\"mine\"]}]");
  }

  @Test
  void aPrivilegedAccountHasToBeConfirmed() throws Exception {
    Shell.Run run =
        shell.run(
            "share", "preview", world, "queue", "--bind", "team-desk=Root", "--connectors", DESK);

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.lines())
        .contains(
            "  user:ben gains team-desk",
            "  Warning, to be confirmed: team-desk: 'Root' (root@desk) is of a privileged account,"
                + " on connector 'desk', which is sensitive.");
  }

  @Test
  void saysWhatUsesAConnection() throws Exception {
    Shell.Run run = shell.run("connections", "usage", world, "Team");

    assertThat(run.code()).isZero();
    assertThat(run.lines())
        .containsExactly(
            "references: team-desk", "references of others: 0", "flows: queue, report");
    assertThat(shell.run("connections", "usage", world, "Root").lines())
        .startsWith("references: none");
  }

  @Test
  void whatDoesNotFitIsNamed() throws Exception {
    assertThat(shell.run("share", "preview", world, "none").err())
        .contains("no flow 'none'; there are [queue, report]");
    assertThat(shell.run("connections", "usage", world, "none").err())
        .contains("no connection 'none'; there are [Team, Root]");
    assertThat(shell.run("share", "preview", world, "queue", "--co-owner", "ben").err())
        .contains("A principal is written user:<id>");
    assertThat(shell.run("share", "preview", world, "queue", "--bind", "team-desk").err())
        .contains("--bind takes REFERENCE=CONNECTION");
    Shell.Run broken = shell.run("share", "preview", write("{\"flowz\": {}}"), "queue");
    assertThat(broken.code()).isEqualTo(2);
    assertThat(broken.err()).contains("does not describe flows and connections").contains("flowz");
    Shell.Run nobodys = shell.run("share", "preview", write("{\"flows\": {\"q\": {}}}"), "q");
    assertThat(nobodys.code()).isEqualTo(2);
    assertThat(nobodys.err()).contains("flow 'q' has no owner");
  }
}
