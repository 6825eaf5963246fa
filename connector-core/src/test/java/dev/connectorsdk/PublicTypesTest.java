package dev.connectorsdk;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Pins what this module shows, so that a change is a decision. */
class PublicTypesTest {

  /** For hosts and authors: changing one of these is a change of the API. */
  private static final Set<String> API =
      Set.of(
          "connection.ConnectionSpec",
          "connection.ConnectionTestResult",
          "connection.Connections",
          "consent.CompletedConsent",
          "consent.ConsentOptions",
          "consent.Consents",
          "consent.PendingConsent",
          "consent.PendingDeviceConsent",
          "definition.Definition",
          "definition.DefinitionCatalogue",
          "definition.DefinitionReport",
          "definition.LoadOptions",
          "definition.Overlay",
          "definition.ScriptPort",
          "definition.WorkflowContext",
          "http.HttpLimits",
          "invocation.CallOptions",
          "invocation.Forms",
          "jdbc.JdbcStore",
          "plugin.ConnectorLint",
          "plugin.PluginDiscovery",
          "reference.DeploymentSettings",
          "reference.ReferenceReadiness",
          "reference.References",
          "runtime.ConnectorRuntime",
          "runtime.RuntimeBuilder",
          "secret.KeyMaintenance",
          "secret.KeyRing",
          "store.InMemoryStore");

  /** Public only because rooms use each other. */
  private static final Set<String> BETWEEN_ROOMS =
      Set.of(
          "connection.CallContext",
          "connection.Candidate",
          "connection.ConnectionAuth",
          "connection.ConnectionRoom",
          "connection.CredentialBox",
          "connection.Failures",
          "connection.FreshCache",
          "connection.OpenConnection",
          "connection.OpenConnections",
          "connection.Registry",
          "connection.Workers",
          "event.EventHub",
          "http.CallBudget",
          "http.ClientTls",
          "http.Endpoint",
          "http.Stage",
          "http.Transport",
          "http.UrlTemplate",
          "http.WireRequest",
          "http.WireResponse",
          "invocation.Invoker",
          "reference.Resolver",
          "schema.InputValidator",
          "schema.JsonSettings",
          "schema.Schemas");

  @Test
  void showsTheseTypesAndNoOthers() {
    Set<String> all = new TreeSet<>(API);
    all.addAll(BETWEEN_ROOMS);

    assertThat(publicTypes()).containsExactlyElementsOf(all);
  }

  private static List<String> publicTypes() {
    return new ClassFileImporter()
        .importPath(Path.of("target/classes")).stream()
            .filter(type -> type.isTopLevelClass())
            .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
            .filter(type -> !type.getSimpleName().equals("package-info"))
            .map(JavaClass::getName)
            .map(name -> name.substring("dev.connectorsdk.".length()))
            .sorted()
            .collect(Collectors.toList());
  }
}
