package dev.connectorsdk.internal.definition.policy;

import dev.connectorsdk.internal.definition.document.Lookup;
import tools.jackson.databind.JsonNode;

/** Reads instances of policy templates. */
final class PolicyReader {

  private static final String SCOPE = "x-ms-apimTemplate-operationName";
  private static final String SECTION = "x-ms-apimTemplate-policySection";

  private final boolean plainScheme;

  /**
   * @param plainScheme whether the definition itself asks for http
   */
  PolicyReader(boolean plainScheme) {
    this.plainScheme = plainScheme;
  }

  /** Reads one instance; what cannot be read is an obstacle for all that it is over. */
  Policy read(JsonNode instance) {
    String declared = Lookup.findText(instance, "templateId");
    String id = declared == null ? "without id" : Lookup.lower(declared.trim());
    JsonNode parameters = Lookup.find(instance, "parameters");
    JsonNode scope = Lookup.find(parameters, SCOPE);
    PolicyTemplate template = PolicyTemplate.find(id);
    if (template == null) {
      return Policy.refused(
          PolicyScope.of(scope, true), false, "policy template '" + id + "' is not known");
    }
    PolicyArguments arguments =
        new PolicyArguments(parameters == null ? instance : parameters, plainScheme);
    Section section = Section.of(Lookup.findText(parameters, SECTION));
    return read(
        template, PolicyScope.of(scope, !template.is(PolicyTrait.POLLS)), section, arguments);
  }

  private static Policy read(
      PolicyTemplate template, PolicyScope scope, Section section, PolicyArguments arguments) {
    boolean movesHost = template.is(PolicyTrait.MOVES_HOST);
    try {
      return new Policy(
          scope,
          section,
          template.step(section, arguments),
          movesHost,
          template.is(PolicyTrait.SETS_METHOD) ? arguments.method("httpMethod") : null,
          template.is(PolicyTrait.REFUSES) ? arguments.number("statusCode") : null,
          template.is(PolicyTrait.POLLS) ? PollingPolicy.of(arguments) : null,
          null);
    } catch (IllegalArgumentException incomplete) {
      return Policy.refused(
          scope, movesHost, "policy template '" + template.id() + "' " + incomplete.getMessage());
    }
  }
}
