package dev.connectorsdk.internal.definition.policy;

import dev.connectorsdk.internal.definition.policy.PolicyReader.Existing;
import dev.connectorsdk.internal.http.WireResponse;
import org.jspecify.annotations.Nullable;

/** {@code setqueryparameter}. */
record QueryStep(String name, PolicyText value, Existing existing) implements Policy.Step {

  @Override
  public @Nullable WireResponse apply(PolicyRun run, HostRules hosts) {
    if (existing == Existing.SKIP && run.queryParameter(name) != null) {
      return null;
    }
    boolean callers = value.pieces().stream().anyMatch(run::isCallers);
    String text = run.text(value, null);
    if (existing == Existing.APPEND) {
      run.addQuery(name, text, callers);
    } else {
      run.setQuery(name, text, callers);
    }
    return null;
  }
}
