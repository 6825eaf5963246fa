package dev.connectorsdk.internal.definition.policy;

import dev.connectorsdk.api.internal.WireText;
import dev.connectorsdk.internal.definition.document.Scalars;
import dev.connectorsdk.internal.definition.policy.PolicyText.Call;
import dev.connectorsdk.internal.definition.policy.PolicyText.Source;
import dev.connectorsdk.internal.http.WireResponse;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** {@code setvaluefromurl}: asks the service for something that the request then carries. */
record ValueFromUrlStep(Call target, @Nullable String method, PolicyText url, Call value)
    implements RequestStep {

  static RequestStep read(PolicyArguments arguments) {
    return new ValueFromUrlStep(
        arguments.call("parameterTemplate", Source.HEADERS, Source.QUERY),
        arguments.method("httpMethod"),
        arguments.text("parameterValueUrl"),
        arguments.call("parameterValuePathTemplate", Source.BODY));
  }

  @Override
  public @Nullable WireResponse apply(RequestMessage request) {
    String from = RouteStep.target(url, request);
    int query = from.indexOf('?');
    WireResponse answer =
        request.ask(
            method == null ? "GET" : method,
            query < 0 ? from : from.substring(0, query),
            query < 0 ? "" : from.substring(query + 1));
    if (!answer.isSuccess()) {
      return answer;
    }
    String text = text(answer);
    if (target.source() == Source.HEADERS) {
      request.setHeader(target.name(), text, true);
    } else {
      request.setQuery(target.name(), text, true);
    }
    return null;
  }

  /** What a service answers to the caller's question counts as the caller's. */
  @Override
  public void note(CallerChoices choices) {
    choices.set(target.source(), target.name(), true);
  }

  private String text(WireResponse answer) {
    JsonNode json =
        ExactJson.read(WireText.utf8(answer.body(), answer.headers().get("Content-Type")));
    JsonNode found = json == null ? null : value.path().find(json);
    String text = found == null ? null : Scalars.text(found);
    return text == null ? "" : text;
  }
}
