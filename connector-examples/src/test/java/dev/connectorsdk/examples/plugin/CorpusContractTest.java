package dev.connectorsdk.examples.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.PollingTrigger;
import dev.connectorsdk.api.error.DefinitionException;
import dev.connectorsdk.definition.Definition;
import dev.connectorsdk.definition.DefinitionReport;
import dev.connectorsdk.testkit.ConnectorContract;
import dev.connectorsdk.testkit.ContractFinding;
import dev.connectorsdk.testkit.ContractFinding.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * The contract of published definitions, where a machine has some ({@code -Dcorpus=folder}): small
 * ones, all of whose operations are supported. What services answer to polls nobody can make up
 * from a definition.
 */
class CorpusContractTest {

  private static final int DEFINITIONS = 50;
  private static final int MOST_ACTIONS = 8;

  static boolean isThere() {
    return Files.isDirectory(folder());
  }

  private static Path folder() {
    return Path.of(System.getProperty("corpus", "corpus"));
  }

  @Test
  @EnabledIf(
      value = "isThere",
      disabledReason =
          "NOT TESTED against published definitions; -Dcorpus=/path/to/definitions names a folder")
  void publishedDefinitionsKeepTheContract() throws IOException {
    List<Connector> connectors = connectors();
    List<String> broken = new ArrayList<>();
    for (Connector connector : connectors) {
      for (ContractFinding finding : contract(connector).check()) {
        if (finding.verdict() == Verdict.BROKEN) {
          broken.add(connector.id() + ": " + finding);
        }
      }
    }

    assertThat(connectors).hasSize(DEFINITIONS);
    assertThat(broken).isEmpty();
  }

  private static List<Connector> connectors() throws IOException {
    try (Stream<Path> folders = Files.list(folder())) {
      return folders
          .filter(Files::isDirectory)
          .sorted()
          .flatMap(folder -> load(folder).stream())
          .limit(DEFINITIONS)
          .toList();
    }
  }

  private static Optional<Connector> load(Path folder) {
    try {
      Definition definition = Definition.load(folder);
      Connector connector = definition.connector();
      int actions = connector.actions().size();
      boolean isLookedAt =
          actions > 0
              && actions <= MOST_ACTIONS
              && definition.report().operations().stream()
                  .allMatch(DefinitionReport.Operation::isSupported)
              && connector.triggers().stream().noneMatch(PollingTrigger.class::isInstance);
      return isLookedAt ? Optional.of(connector) : Optional.empty();
    } catch (DefinitionException e) {
      return Optional.empty();
    }
  }

  /** With a way to authenticate for which nobody has to sign in, where there is one. */
  private static ConnectorContract contract(Connector connector) {
    String option =
        connector.authOptions().stream()
            .filter(one -> !one.scheme().needsConsent())
            .findFirst()
            .orElse(connector.authOptions().get(0))
            .id();
    return ConnectorContract.of(connector).authenticatingBy(option).allowingWarnings();
  }
}
