package dev.connectorsdk.internal.definition.policy;

import dev.connectorsdk.internal.definition.document.Scalars;
import dev.connectorsdk.internal.definition.request.DeclaredRequest;
import dev.connectorsdk.internal.definition.request.OutgoingRequest;
import dev.connectorsdk.internal.definition.request.Parameter;
import dev.connectorsdk.internal.definition.request.ParameterPlace;
import dev.connectorsdk.internal.http.StagedContext;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What the policies of one call may know beyond the message.
 *
 * @param declared what the operation declares
 * @param request what the operation sends, before it was authenticated
 */
record CallValues(
    DeclaredRequest declared,
    OutgoingRequest request,
    HostAdditions additions,
    StagedContext context) {

  String operation() {
    return declared.operation();
  }

  /** Returns a connection parameter, secrets included, or {@code null}. */
  @Nullable String connectionParameter(String name) {
    return context.parameter(name);
  }

  @Nullable String environmentVariable(String name) {
    return additions.environmentVariables().get(name);
  }

  /** Returns the encoded value of a path parameter, or {@code null} if there is none. */
  @Nullable String pathParameter(String name) {
    return request.pathValue(name);
  }

  /** Returns whether the caller chose freely what stands in this header or query parameter. */
  boolean isCallerControlled(ParameterPlace in, String name, String value) {
    for (Parameter parameter : declared.parameters()) {
      if (parameter.in() == in && parameter.name().equalsIgnoreCase(name)) {
        return !isOffered(parameter, value);
      }
    }
    return in != ParameterPlace.HEADER || !isOfAuthentication(name);
  }

  /** What neither the operation nor its body brings, authentication has put in. */
  private boolean isOfAuthentication(String header) {
    return !header.equalsIgnoreCase("Content-Type") && !request.headerNames().contains(header);
  }

  /** What the definition offers is its author's choice. */
  private static boolean isOffered(Parameter parameter, String value) {
    JsonNode declared = parameter.declaredDefault();
    if (declared != null && value.equals(Scalars.text(declared))) {
      return true;
    }
    for (JsonNode choice : parameter.node().path("enum")) {
      if (value.equals(Scalars.text(choice))) {
        return true;
      }
    }
    return false;
  }

  /** Returns the operation's id: everything else may be secret. */
  @Override
  public String toString() {
    return operation();
  }
}
