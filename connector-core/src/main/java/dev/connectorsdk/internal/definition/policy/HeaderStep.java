package dev.connectorsdk.internal.definition.policy;

import dev.connectorsdk.internal.definition.policy.PolicyReader.Existing;
import dev.connectorsdk.internal.http.WireResponse;
import org.jspecify.annotations.Nullable;

/** {@code setheader}. */
record HeaderStep(String name, PolicyText value, Existing existing) implements Policy.Step {

  @Override
  public @Nullable WireResponse apply(PolicyRun run, HostRules hosts) {
    String present = run.header(name);
    if (existing == Existing.SKIP && present != null) {
      return null;
    }
    boolean callers = value.pieces().stream().anyMatch(run::isCallers);
    String text = run.text(value, null).trim();
    run.setHeader(
        name,
        existing == Existing.APPEND && present != null && !present.isEmpty()
            ? present + "," + text
            : text,
        callers);
    return null;
  }
}
