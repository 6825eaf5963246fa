package dev.connectorsdk;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Exports;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Pins what this module shows and needs, so that a change of either is a decision. */
class ModuleTest {

  private static final Path CLASSES = Path.of("target/classes");

  private final ModuleDescriptor core =
      ModuleFinder.of(CLASSES).find("dev.connectorsdk.core").orElseThrow().descriptor();

  @Test
  void showsTheseTypesToHostsAndNoOthers() {
    Set<String> exported =
        core.exports().stream().map(Exports::source).collect(Collectors.toUnmodifiableSet());

    assertThat(
            new ClassFileImporter()
                .importPath(CLASSES).stream()
                    .filter(JavaClass::isTopLevelClass)
                    .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                    .filter(type -> exported.contains(type.getPackageName()))
                    .map(type -> type.getName().substring("dev.connectorsdk.".length())))
        .containsExactlyInAnyOrder(
            "audit.Audit",
            "audit.AuditSettings",
            "connection.ConnectionSpec",
            "connection.ConnectionUsage",
            "connection.ConnectionTestResult",
            "connection.Connections",
            "connection.SealRequest",
            "connection.SharedConnection",
            "consent.CompletedConsent",
            "consent.ConsentOptions",
            "consent.Consents",
            "consent.PendingConsent",
            "consent.PendingDeviceConsent",
            "definition.Definition",
            "definition.DefinitionCatalogue",
            "definition.DefinitionPreview",
            "definition.DefinitionReport",
            "definition.DefinitionText",
            "definition.Definitions",
            "definition.LoadOptions",
            "definition.Overlay",
            "definition.ScriptPort",
            "definition.WorkflowContext",
            "gateway.Gateway",
            "gateway.GatewayAgent",
            "gateway.GatewayEndpoint",
            "gateway.GatewayStatus",
            "gateway.Gateways",
            "governance.DataPolicy",
            "governance.Policies",
            "governance.PolicyDecision",
            "governance.PolicyDifference",
            "governance.PolicyFinding",
            "http.AddressPolicy",
            "http.HttpLimits",
            "http.InFlightLimits",
            "invocation.CallOptions",
            "invocation.Forms",
            "jdbc.HostTransactions",
            "jdbc.JdbcStore",
            "jdbc.OpenTransaction",
            "jdbc.TransactionalHandler",
            "plugin.AllowedPlugins",
            "plugin.ConnectorLint",
            "plugin.PluginDiscovery",
            "reference.DeploymentSettings",
            "reference.ImpactPreview",
            "reference.ReferenceReadiness",
            "reference.References",
            "reference.Resolution",
            "reference.UsedConnection",
            "runtime.ConnectorRuntime",
            "runtime.RuntimeBuilder",
            "secret.KeyMaintenance",
            "secret.KeyRing",
            "store.InMemoryStore",
            "trigger.EventHandler",
            "trigger.HandledEvent",
            "trigger.InboxEvent",
            "trigger.Subscription",
            "trigger.SubscriptionSpec",
            "trigger.Triggers",
            "trigger.WebhookRequest",
            "trigger.WebhookResponse");
  }

  @Test
  void whatItHidesSaysSoInItsName() {
    Set<String> hidden =
        core.packages().stream()
            .filter(name -> core.exports().stream().noneMatch(e -> e.source().equals(name)))
            .collect(Collectors.toUnmodifiableSet());

    assertThat(hidden)
        .isNotEmpty()
        .allSatisfy(name -> assertThat(name).startsWith("dev.connectorsdk.internal."));
    assertThat(core.exports()).noneMatch(export -> export.source().contains("internal"));
  }

  @Test
  void showsThePackagesToEverybodyAndOpensNone() {
    assertThat(core.exports()).noneMatch(Exports::isQualified);
    assertThat(core.opens()).isEmpty();
    assertThat(core.provides()).isEmpty();
    assertThat(core.uses()).containsExactly("dev.connectorsdk.api.spi.ConnectorProvider");
  }

  @Test
  void whatStandsInItsSignaturesComesWithIt() {
    assertThat(core.requires())
        .filteredOn(r -> r.modifiers().contains(Requires.Modifier.TRANSITIVE))
        .extracting(Requires::name)
        .containsExactlyInAnyOrder(
            "dev.connectorsdk.api",
            "java.sql",
            "micrometer.observation",
            "okhttp3",
            "org.jspecify",
            "tools.jackson.databind");
  }

  @Test
  void needsTheseModulesAndNoOthers() {
    assertThat(core.requires())
        .filteredOn(r -> !r.modifiers().contains(Requires.Modifier.STATIC))
        .extracting(Requires::name)
        .containsExactlyInAnyOrder(
            "com.fasterxml.classmate",
            "com.fasterxml.jackson.annotation",
            "com.github.benmanes.caffeine",
            "com.github.victools.jsonschema.generator",
            "com.networknt.schema",
            "com.nimbusds.jose.jwt",
            "dev.connectorsdk.api",
            "dev.connectorsdk.auth",
            "java.base",
            "java.sql",
            "jdk.httpserver",
            "okhttp3",
            "okio",
            "org.slf4j",
            "tools.jackson.databind");
    assertThat(core.requires())
        .filteredOn(r -> r.modifiers().contains(Requires.Modifier.STATIC))
        .extracting(Requires::name)
        .containsExactlyInAnyOrder(
            "com.github.kagkarlsson.scheduler", "micrometer.observation", "org.jspecify");
  }
}
