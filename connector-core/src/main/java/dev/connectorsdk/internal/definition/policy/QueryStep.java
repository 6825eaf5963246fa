package dev.connectorsdk.internal.definition.policy;

import dev.connectorsdk.api.internal.PercentEncoding;
import dev.connectorsdk.internal.definition.policy.PolicyText.Source;
import dev.connectorsdk.internal.http.WireResponse;
import org.jspecify.annotations.Nullable;

/** {@code setqueryparameter}. */
record QueryStep(String name, PolicyText value, Existing existing) implements RequestStep {

  static RequestStep read(PolicyArguments arguments) {
    return new QueryStep(
        PercentEncoding.decode(arguments.plain("name").trim()),
        arguments.text("value"),
        arguments.existing());
  }

  @Override
  public @Nullable WireResponse apply(RequestMessage request) {
    if (existing == Existing.SKIP && request.queryParameter(name) != null) {
      return null;
    }
    boolean callerControlled = request.isCallerControlled(value);
    String text = request.text(value, null);
    if (existing == Existing.APPEND) {
      request.addQuery(name, text, callerControlled);
    } else {
      request.setQuery(name, text, callerControlled);
    }
    return null;
  }

  @Override
  public void note(CallerChoices choices) {
    boolean hasSay =
        choices.hasSayIn(value)
            || (existing != Existing.OVERRIDE && choices.hasSayIn(Source.QUERY, name));
    choices.set(Source.QUERY, name, hasSay);
  }

  @Override
  public boolean sends(String connectionParameter, String parameter) {
    return name.equalsIgnoreCase(parameter) && value.asksForParameter(connectionParameter);
  }
}
