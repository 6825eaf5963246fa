package dev.connectorsdk.definition;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.error.DefinitionException;
import dev.connectorsdk.api.error.OperationUnsupportedException;
import dev.connectorsdk.internal.definition.document.DefinitionFiles;
import dev.connectorsdk.internal.definition.document.TolerantJson;
import dev.connectorsdk.internal.definition.document.Warnings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** Definitions as they are published. The folder is not part of the project. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("H3")
@ExtendWith(Corpus.Present.class)
class CorpusTest {

  private static final Set<String> METHODS =
      Set.of("get", "put", "post", "delete", "options", "head", "patch");

  private final SchemaRegistry registry =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
  private final Map<Path, Definition> loaded = new TreeMap<>();
  private final Map<Path, DefinitionException> refused = new TreeMap<>();

  @BeforeAll
  void loadAll() throws IOException {
    for (Path directory : Corpus.directories()) {
      try {
        loaded.put(directory, Definition.load(directory));
      } catch (DefinitionException e) {
        refused.put(directory, e);
      }
    }
  }

  @Test
  void loadsAllButThoseThatAreNoJson() {
    assertThat(refused.values()).allSatisfy(e -> assertThat(e.line()).isPositive());
    assertThat(refused.values()).allSatisfy(e -> assertThat(e.column()).isPositive());
    assertThat(refused).hasSizeLessThanOrEqualTo(6);
    assertThat(loaded.size() + refused.size()).isGreaterThanOrEqualTo(500);
  }

  @Test
  void losesNoOperation() {
    assertThat(loaded)
        .allSatisfy(
            (directory, definition) ->
                assertThat(definition.report().operations()).hasSize(countOperations(directory)));
  }

  @Test
  void aCatalogueListsTheSameAndRefusesTheSame() {
    DefinitionCatalogue catalogue = DefinitionCatalogue.load(Corpus.folder());

    assertThat(catalogue.broken())
        .extracting(broken -> broken.folder() + " " + broken.problem().getMessage())
        .containsExactlyElementsOf(
            refused.entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue().getMessage())
                .toList());
    assertThat(catalogue.entries())
        .extracting(DefinitionCatalogue.Entry::folder)
        .containsExactlyElementsOf(loaded.keySet());
    assertThat(catalogue.entries())
        .allSatisfy(entry -> assertListsWhatIsThere(entry, loaded.get(entry.folder())));
  }

  private static void assertListsWhatIsThere(
      DefinitionCatalogue.Entry entry, Definition definition) {
    DefinitionReport report = definition.report();
    assertThat(entry.title()).isEqualTo(report.title());
    assertThat(entry.operations())
        .extracting(o -> o.id() + " " + o.method() + " " + o.path() + " " + o.trigger())
        .containsExactlyElementsOf(
            report.operations().stream()
                .map(o -> o.id() + " " + o.method() + " " + o.path() + " " + o.isTrigger())
                .toList());
    for (DefinitionCatalogue.Operation operation : entry.operations()) {
      definition
          .connector()
          .action(operation.id())
          .ifPresent(
              action ->
                  assertThat(
                          List.of(operation.title(), operation.deprecated(), operation.internal()))
                      .as(entry + " " + operation)
                      .isEqualTo(
                          List.of(action.title(), action.isDeprecated(), action.isInternal())));
    }
  }

  @Test
  void offersEveryOperationThatIsNoTriggerAsAnAction() {
    assertThat(loaded.values())
        .allSatisfy(
            definition ->
                assertThat(definition.connector().actions())
                    .extracting(Action::id)
                    .containsExactlyElementsOf(
                        definition.report().operations().stream()
                            .filter(o -> !o.isTrigger())
                            .map(DefinitionReport.Operation::id)
                            .toList()));
  }

  @Test
  void describesWhatEveryOperationTakesAndReturns() {
    List<String> unfit = new ArrayList<>();
    for (Definition definition : loaded.values()) {
      for (Action<?, ?> action : definition.connector().actions()) {
        assertThat(danglingReference(action.output().givenSchema())).isNull();
        JsonNode input = action.input().givenSchema();
        JsonNode sample = new ConformingSample(input).value();

        schema(input)
            .validate(sample.toString(), InputFormat.JSON)
            .forEach(e -> unfit.add(definition + " " + action + " " + e));
      }
    }
    // Twice a default does not fit its own pattern.
    assertThat(unfit)
        .hasSizeLessThanOrEqualTo(2)
        .allMatch(fault -> fault.contains("/body/language: does not match the regex pattern"));
  }

  @Test
  void buildsARequestForEveryOperationThatCanBeCalled() {
    int needWorkflow = 0;
    for (Definition definition : loaded.values()) {
      for (Action<?, ?> action : definition.connector().actions()) {
        DefinitionReport.Operation operation =
            definition.report().operation(action.id()).orElseThrow();
        if (!operation.isSupported()) {
          continue;
        }
        JsonNode sample = new SchemaSample(action.input().givenSchema()).value();
        try {
          String target = ((DefinitionAction) action).client().request(sample).target();
          assertThat(URI.create("https://a.example" + target).getRawPath())
              .as("%s %s", definition, operation)
              .doesNotContain("{", "}", " ");
        } catch (OperationUnsupportedException e) {
          assertThat(e).hasMessageContaining("workflow expression");
          needWorkflow++;
        }
      }
    }
    assertThat(needWorkflow).isLessThan(100);
  }

  private static String danglingReference(JsonNode schema) {
    for (JsonNode reference : schema.findValues("$ref")) {
      if (reference.isString() && schema.at(reference.stringValue().substring(1)).isMissingNode()) {
        return reference.stringValue();
      }
    }
    return null;
  }

  private Schema schema(JsonNode schema) {
    return registry.getSchema(schema.toString(), InputFormat.JSON);
  }

  @Test
  void printsWhatCanBeCalled() {
    int operations = 0;
    int supported = 0;
    int triggers = 0;
    int limited = 0;
    Map<String, Integer> obstacles = new TreeMap<>();
    List<String> warnings = new ArrayList<>();
    for (Definition definition : loaded.values()) {
      DefinitionReport report = definition.report();
      operations += report.operations().size();
      limited +=
          (int) report.authOptions().stream().filter(DefinitionReport.Auth::isLimited).count();
      report.warnings().forEach(w -> warnings.add(report.connector() + " " + w));
      report
          .authOptions()
          .forEach(
              a -> {
                if (a.isLimited()) {
                  obstacles.merge("auth: " + a.limitation(), 1, Integer::sum);
                }
              });
      for (DefinitionReport.Operation operation : report.operations()) {
        if (operation.isSupported()) {
          supported++;
        } else if (operation.isTrigger()) {
          triggers++;
        }
        operation.obstacles().forEach(o -> obstacles.merge(o, 1, Integer::sum));
      }
    }
    System.out.printf(
        "corpus: %d loaded, %d refused; %d operations: %d can be called, %d are triggers;"
            + " %d limited auth options; %d warnings%n",
        loaded.size(), refused.size(), operations, supported, triggers, limited, warnings.size());
    refused.values().forEach(e -> System.out.println("refused: " + e.getMessage()));
    obstacles.forEach((obstacle, count) -> System.out.println(count + " x " + obstacle));
    warnings.forEach(System.out::println);
    assertThat(supported).isGreaterThan(operations / 4);
  }

  private static int countOperations(Path directory) {
    Warnings ignored = Warnings.ignored("");
    JsonNode swagger = TolerantJson.read(DefinitionFiles.in(directory).read().swagger(), ignored);
    int count = 0;
    for (JsonNode path : swagger.path("paths")) {
      count += (int) path.propertyNames().stream().filter(METHODS::contains).count();
    }
    return count;
  }
}
