package dev.connectorsdk.examples.mcp;

import static dev.connectorsdk.examples.mcp.Desk.ADA;
import static dev.connectorsdk.examples.mcp.Desk.HOST;
import static dev.connectorsdk.examples.mcp.Desk.PROD;
import static dev.connectorsdk.examples.mcp.Desk.object;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.definition.DefinitionCatalogue;
import dev.connectorsdk.fixtures.NodeScript;
import dev.connectorsdk.fixtures.NodeServer;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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

  private static final int GROUPS = 24;

  /** All of them take minutes: 1 for all, 24 for the fewest. */
  private static final int EVERY = Integer.getInteger("connectorsdk.test.corpus.every", 12);

  /** Schemas of a tool take 64 KiB at most, and those of a list 4 MiB. */
  private static final int FITTING = 64;

  private static final Set<String> NAMED = Set.of("properties", "$defs", "definitions");
  private static final Set<String> LISTED = Set.of("allOf", "anyOf", "oneOf", "prefixItems");
  private static final Set<String> VALUES = Set.of("default", "const");

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

  /** A tool's input says as much as the action's; what is left out are extensions. */
  @Test
  void noInputIsLoosened() {
    List<String> loosened = new ArrayList<>();
    int inputs = 0;
    for (String id : some()) {
      for (Action<?, ?> action : catalogue.definition(ConnectorId.of(id)).connector().actions()) {
        JsonNode schema = runtime.schema(action.input());
        inputs++;
        if (!keywords(schema).equals(keywords(ToolSchemas.wholeInput(schema)))) {
          loosened.add(id + " " + action.id());
        }
      }
    }
    assertThat(loosened).isEmpty();
    assertThat(inputs).isGreaterThan(5_000 / EVERY);
  }

  /** Returns how often each keyword of the standard is there, and what is said with it. */
  private static Map<String, Integer> keywords(JsonNode schema) {
    Map<String, Integer> counts = new TreeMap<>();
    count(schema, counts);
    return counts;
  }

  private static void count(JsonNode schema, Map<String, Integer> counts) {
    for (Map.Entry<String, JsonNode> one : schema.properties()) {
      String keyword = one.getKey();
      JsonNode value = one.getValue();
      if (keyword.startsWith("x-") || keyword.equals("$schema")) {
        continue;
      }
      if (value.isObject() && NAMED.contains(keyword)) {
        counts.merge(keyword, 1, Integer::sum);
        value.forEach(inside -> count(inside, counts));
      } else if (value.isObject() && !VALUES.contains(keyword)) {
        counts.merge(keyword, 1, Integer::sum);
        count(value, counts);
      } else if (LISTED.contains(keyword)) {
        counts.merge(keyword, value.size(), Integer::sum);
        value.forEach(inside -> count(inside, counts));
      } else {
        counts.merge(keyword.equals("$ref") ? keyword : keyword + " " + value, 1, Integer::sum);
      }
    }
  }

  private static Tools sample() {
    return Tools.of(runtime, PROD, Flow.of("some", HOST).runnableBy(ADA))
        .choosing(ActionFilter.all().connectors(some()))
        .listingAtMost(Integer.MAX_VALUE)
        .build();
  }

  private static String[] some() {
    return catalogue.entries().stream()
        .map(entry -> entry.connector().value())
        .filter(id -> Math.floorMod(id.hashCode(), GROUPS) % EVERY == 0)
        .toArray(String[]::new);
  }

  /** And finds that each schema is JSON Schema 2020-12 which it can compile. */
  @Test
  @ExtendWith(NodeServer.Installed.class)
  void theOfficialClientListsEachActionOfEachConnector() throws Exception {
    List<String> refused = new ArrayList<>();
    int listed = 0;
    for (int group = 0; group < GROUPS; group += EVERY) {
      List<Tools> sets = sets(group);
      try (ToolHost host = ToolHost.start(ToolHost.freeAddress(), sets, new NamedTokens())) {
        JsonNode seen = listed(host, sets.size());
        seen.path("invalid").forEach(one -> refused.add(one.asString()));
        assertThat(seen.path("names").valueStream().map(JsonNode::asString))
            .containsExactlyElementsOf(names(sets));
        listed += seen.path("names").size();
      } finally {
        sets.forEach(Tools::close);
      }
    }
    assertThat(refused).isEmpty();
    assertThat(listed).isGreaterThan(5_000 / EVERY);
  }

  /** Returns tools of one group of connectors, each set with a list that has room for them all. */
  private static List<Tools> sets(int group) {
    List<Tools> sets = new ArrayList<>();
    for (DefinitionCatalogue.Entry entry : catalogue.entries()) {
      if (Math.floorMod(entry.connector().hashCode(), GROUPS) != group) {
        continue;
      }
      List<String> operations =
          entry.operations().stream()
              .filter(operation -> !operation.trigger() && !operation.internal())
              .map(DefinitionCatalogue.Operation::id)
              .toList();
      for (int from = 0; from < operations.size(); from += FITTING) {
        List<String> some = operations.subList(from, Math.min(from + FITTING, operations.size()));
        sets.add(
            Tools.of(runtime, PROD, Flow.of("some", HOST).runnableBy(ADA))
                .choosing(
                    ActionFilter.all()
                        .connectors(entry.connector().value())
                        .operations(some.toArray(String[]::new)))
                .catalogue(catalogue)
                .build());
      }
    }
    return sets;
  }

  private static List<String> names(List<Tools> sets) {
    return sets.stream().flatMap(set -> set.all().stream()).map(Tool::name).toList();
  }

  private static JsonNode listed(ToolHost host, int sets) throws Exception {
    Stream<String> urls = IntStream.range(0, sets).mapToObj(i -> host.address() + "/" + i);
    return AgentsTest.result(
        NodeScript.run("listed.mjs", Stream.concat(Stream.of("ada"), urls).toArray(String[]::new)));
  }
}
