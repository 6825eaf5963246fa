package dev.connectorsdk.internal.definition.policy;

import dev.connectorsdk.internal.definition.document.Lookup;
import dev.connectorsdk.internal.definition.policy.PolicyText.Call;
import dev.connectorsdk.internal.definition.policy.PolicyText.Name;
import dev.connectorsdk.internal.definition.policy.PolicyText.Piece;
import dev.connectorsdk.internal.definition.policy.PolicyText.Source;
import dev.connectorsdk.internal.definition.request.Parameter;
import dev.connectorsdk.internal.definition.request.ParameterPlace;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * In what the caller of an operation has a say, as far as its definition shows that: {@link
 * RequestMessage} knows it of one request. Belongs to one operation.
 */
final class CallerChoices {

  private final List<Parameter> parameters;
  private final Map<String, Boolean> ofPolicies = new HashMap<>();

  CallerChoices(List<Parameter> parameters) {
    this.parameters = parameters;
  }

  /** Notes that a policy has set a header or a query parameter. */
  void set(Source place, String name, boolean hasSay) {
    ofPolicies.put(key(place, name), hasSay);
  }

  boolean hasSayIn(PolicyText text) {
    return text.pieces().stream().anyMatch(this::hasSayIn);
  }

  boolean hasSayIn(Piece piece) {
    if (piece instanceof Name name) {
      return parameters.stream()
          .anyMatch(
              one -> one.in() == ParameterPlace.PATH && one.name().equalsIgnoreCase(name.name()));
    }
    if (!(piece instanceof Call call)) {
      return false;
    }
    return switch (call.source()) {
      case CONNECTION, ENVIRONMENT -> false;
      case BODY, ITEM -> true;
      case HEADERS, QUERY -> hasSayIn(call.source(), call.name());
    };
  }

  /** Returns whether the caller has a say in a header or a query parameter. */
  boolean hasSayIn(Source place, String name) {
    Boolean known = ofPolicies.get(key(place, name));
    return known == null ? isOpen(place, name) : known;
  }

  private boolean isOpen(Source place, String name) {
    ParameterPlace in = place == Source.HEADERS ? ParameterPlace.HEADER : ParameterPlace.QUERY;
    return parameters.stream()
        .anyMatch(
            one ->
                one.in() == in
                    && one.name().equalsIgnoreCase(name)
                    && one.node().path("enum").isEmpty()
                    && !(one.internal() && one.declaredDefault() != null));
  }

  private static String key(Source place, String name) {
    return place + " " + Lookup.lower(name);
  }
}
