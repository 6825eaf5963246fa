package dev.connectorsdk.internal.definition.policy;

import dev.connectorsdk.internal.definition.document.JsonPath;
import dev.connectorsdk.internal.definition.policy.PolicyText.Call;
import dev.connectorsdk.internal.definition.policy.PolicyText.Source;
import dev.connectorsdk.internal.http.WireResponse;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Makes another value of one in the body, and puts it where {@code target} says. Below an array it
 * does so for each element, which is the item.
 */
record ConvertStep(Call parent, JsonPath sub, Call target, Conversion conversion)
    implements Policy.Step {

  /** Makes another value of one. */
  @FunctionalInterface
  interface Conversion {

    /** Returns the value to put, or {@code null} if there is nothing to do. */
    @Nullable JsonNode convert(JsonNode value, @Nullable JsonNode item, PolicyRun run);
  }

  @Override
  public @Nullable WireResponse apply(PolicyRun run, HostRules hosts) {
    JsonNode found = run.json() == null ? null : run.node(parent, null);
    if (found == null) {
      return null;
    }
    List<JsonNode> parents = new ArrayList<>();
    if (found.isArray() && !sub.isSelf()) {
      found.forEach(parents::add);
    } else {
      parents.add(found);
    }
    for (JsonNode item : parents) {
      JsonNode value = sub.find(item);
      JsonNode converted = value == null ? null : conversion.convert(value, item, run);
      if (converted != null) {
        put(run, item, converted);
      }
    }
    return null;
  }

  private void put(PolicyRun run, JsonNode item, JsonNode value) {
    JsonNode root = target.source() == Source.ITEM ? item : run.json();
    if (target.path().isSelf() && target.source() == Source.BODY) {
      run.setJson(value);
    } else if (root != null && target.path().set(root, value)) {
      run.jsonWasChanged();
    }
  }
}
