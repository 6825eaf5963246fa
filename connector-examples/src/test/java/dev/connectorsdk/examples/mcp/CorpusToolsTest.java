package dev.connectorsdk.examples.mcp;

import static dev.connectorsdk.examples.mcp.Desk.ADA;
import static dev.connectorsdk.examples.mcp.Desk.HOST;
import static dev.connectorsdk.examples.mcp.Desk.PROD;
import static dev.connectorsdk.examples.mcp.Desk.object;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Flow;
import dev.connectorsdk.definition.DefinitionCatalogue;
import dev.connectorsdk.fixtures.NodeScript;
import dev.connectorsdk.fixtures.NodeServer;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** Definitions as they are, whatever is in their schemas. */
@EnabledIf(
    value = "isThere",
    disabledReason = "NOT TESTED with real definitions: -Dcorpus names no folder of them")
class CorpusToolsTest {

  /** Of the others each schema is made the same way; all of them take minutes. */
  private static final int EVERY = 12;

  private static DefinitionCatalogue catalogue;
  private static ConnectorRuntime runtime;

  static Path folder() {
    return Path.of(System.getProperty("corpus", "none"));
  }

  static boolean isThere() {
    return Files.isDirectory(folder());
  }

  @BeforeAll
  static void load() {
    catalogue = DefinitionCatalogue.load(folder());
    runtime = ConnectorRuntime.builder().connectors(catalogue.connectors()).build();
  }

  @AfterAll
  static void close() {
    runtime.close();
  }

  private static Tools.Builder all() {
    return Tools.of(runtime, PROD, Flow.of("all", HOST).runnableBy(ADA))
        .choosing(ActionFilter.all())
        .catalogue(catalogue);
  }

  @Test
  void aCatalogueIsSearched() {
    try (Tools tools = all().build()) {
      assertThat(tools.permitted()).hasSize(3);
      ToolAnswer found =
          tools.call(
              ADA,
              ToolClient.plain(),
              ToolCall.of("search_actions", object("{'query':'send message','limit':5}")));
      List<JsonNode> items = Desk.JSON.readTree(found.text()).path("items").valueStream().toList();
      assertThat(items).hasSize(5);
      for (JsonNode item : items) {
        var name = Desk.JSON.createObjectNode().put("name", item.path("name").asString());
        assertThat(
                tools.call(ADA, ToolClient.plain(), ToolCall.of("describe_action", name)).isError())
            .isFalse();
      }
    }
  }

  @Test
  void everyToolHasANameOfItsOwnAndTakesAnObject() {
    try (Tools tools = sample()) {
      Set<String> names = new HashSet<>();
      for (Tool tool : tools.all()) {
        assertThat(tool.name()).matches("[A-Za-z0-9_.-]{1,64}");
        assertThat(tool.input().path("type").asString()).isEqualTo("object");
        assertThat(tool.output().path("type").asString()).isEqualTo("object");
        names.add(tool.name());
      }
      assertThat(names).hasSameSizeAs(tools.all()).hasSizeGreaterThan(100);
    }
  }

  private static Tools sample() {
    String[] some =
        catalogue.entries().stream()
            .map(entry -> entry.connector().value())
            .filter(id -> Math.floorMod(id.hashCode(), EVERY) == 0)
            .toArray(String[]::new);
    return Tools.of(runtime, PROD, Flow.of("some", HOST).runnableBy(ADA))
        .choosing(ActionFilter.all().connectors(some))
        .listingAtMost(Integer.MAX_VALUE)
        .build();
  }

  /** And finds that all of them are JSON Schema 2020-12 which it can compile. */
  @Test
  @ExtendWith(NodeServer.Installed.class)
  void theOfficialClientListsThemAll() throws Exception {
    try (Tools catalogued = all().build();
        ToolHost host = ToolHost.start(ToolHost.freeAddress(), catalogued, new NamedTokens())) {
      assertThat(listed(host)).hasSize(3);
    }
    try (Tools some = sample();
        ToolHost host = ToolHost.start(ToolHost.freeAddress(), some, new NamedTokens())) {
      assertThat(listed(host)).hasSameSizeAs(some.all());
    }
  }

  private static JsonNode listed(ToolHost host) throws Exception {
    JsonNode seen =
        AgentsTest.result(
            NodeScript.run("agent.mjs", "http", host.address().toString(), "ada", "[]"));
    assertThat(seen.path("invalid")).isEmpty();
    return seen.path("tools");
  }
}
