package dev.connectorsdk.internal.definition.policy;

import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a host adds to the policies of a definition.
 *
 * @param hosts where the input of a call may lead requests
 * @param environmentVariables by name
 * @param scripts the script of an operation by its id; {@code null} for none
 * @param setsBaseUrl whether all operations go to a URL of the host's choice
 */
public record HostAdditions(
    HostRules hosts,
    Map<String, String> environmentVariables,
    Function<String, @Nullable Script> scripts,
    boolean setsBaseUrl) {

  public HostAdditions {
    environmentVariables = Map.copyOf(environmentVariables);
  }
}
