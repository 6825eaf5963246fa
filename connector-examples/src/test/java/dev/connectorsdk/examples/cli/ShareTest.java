package dev.connectorsdk.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
  void usersOfAFlowMayBringTheirOwn() throws Exception {
    String flow =
        """
        { "flows": { "report": {
            "owner": "user:ada", "users": ["user:cyd"],
            "references": { "team-desk": {
              "connector": "desk", "connection": "Team", "usersBringOwn": %s } } } },
          "connections": { "Team": { "connector": "desk", "owner": "user:ada" } } }
        """;

    assertThat(shell.run("share", "preview", write(flow.formatted("false")), "report").lines())
        .contains("  user:cyd gains team-desk");
    assertThat(shell.run("share", "preview", write(flow.formatted("true")), "report").lines())
        .contains("  user:cyd gains nothing; needs an own connection for team-desk");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'flows': {'q': null}} | /flows/q must not be null",
        "{'connections': {'c': null}} | /connections/c must not be null",
        "{'flows': {'q': {'users': [null]}}} | /flows/q/users/0 must not be null",
        "{'flows': {'q': {'kind': 'BOT'}}} | /flows/q/kind must be one of [APP, FLOW]",
        "{'flows': []} | /flows must be an object",
        "{'flows': {'q': {'users': 'cyd'}}} | /flows/q/users must be an array",
        "{'connections': {'c': {'privileged': 'root'}}} | /connections/c/privileged must be true or"
            + " false",
        "{'connections': {'c': {'owner': {}}}} | /connections/c/owner must be a text",
        "{'flows': {,}} | is not JSON at line 1, column 12",
        "[] | must be an object"
      })
  void aFileThatDoesNotFitNamesThePlaceInItsOwnWords(String json, String problem) throws Exception {
    Shell.Run run = shell.run("share", "preview", write(json.replace('\'', '"')), "q");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err())
        .contains("does not describe flows and connections: " + problem)
        .doesNotContain("dev.connectorsdk", "java.", "World");
  }

  @Test
  void anEmptyFileHasNoFlows() throws Exception {
    assertThat(shell.run("share", "preview", write("null"), "q").err())
        .contains("no flow 'q'; there are []");
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
    assertThat(broken.err())
        .contains(
            "does not describe flows and connections: /flowz is not known; there are [environment,"
                + " flows, connections]");
    Shell.Run nobodys = shell.run("share", "preview", write("{\"flows\": {\"q\": {}}}"), "q");
    assertThat(nobodys.code()).isEqualTo(2);
    assertThat(nobodys.err()).contains("flow 'q' has no owner");
  }
}
