package dev.connectorsdk.examples.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataPoliciesTest {

  private static final Administrator ROOT = Administrator.ofRuntime(Principal.user("root"));
  private static final Administrator DEE = Administrator.of(Principal.user("dee"), "prod");

  @Test
  void noTwoOfTheFourAreCombined() {
    try (ConnectorRuntime runtime = ConnectorRuntime.builder().build()) {
      DataPolicies.save(runtime.policies(), ROOT);

      assertThat(DataPolicies.check(runtime, DEE, flow("one", "crm"))).isEmpty();
      assertThat(DataPolicies.check(runtime, DEE, flow("two", "crm", "files")))
          .contains("! customers: ", "! documents: ");
      assertThat(DataPolicies.check(runtime, DEE, flow("two", "mail", "crm")))
          .contains("! documents: ")
          .doesNotContain("! customers: ");
    }
  }

  @Test
  void aPreviewNamesWhatAPolicyBreaksAndHeals(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("customers.json");
    Files.writeString(
        file, DataPolicy.named("customers").business("crm", "files").build().toJson());
    try (ConnectorRuntime runtime =
        ConnectorRuntime.builder()
            .flows(
                FlowDirectory.of(
                    flow("documents", "files", "crm"),
                    flow("letters", "mail", "crm"),
                    Flow.of("silent", Principal.user("ada"))))
            .build()) {
      runtime
          .policies()
          .save(ROOT, DataPolicy.named("customers").business("mail", "crm").build(), 0);

      var difference = DataPolicies.preview(runtime, DEE, file);

      assertThat(difference.newlyBroken()).containsOnlyKeys("letters");
      assertThat(difference.stillBroken()).isEmpty();
      assertThat(difference.healed()).containsExactly("documents");
      assertThat(difference.unknown()).containsOnlyKeys("silent");
      assertThat(runtime.policies().list(ROOT))
          .extracting(saved -> saved.version())
          .containsExactly(1L);
    }
  }

  private static Flow flow(String id, String... connectors) {
    Flow flow = Flow.of(id, Principal.user("ada"));
    for (String connector : connectors) {
      flow = flow.calling(ConnectionReference.embedded(connector, connector), "do");
    }
    return flow;
  }
}
