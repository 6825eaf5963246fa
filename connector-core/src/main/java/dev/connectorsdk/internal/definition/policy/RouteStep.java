package dev.connectorsdk.internal.definition.policy;

import dev.connectorsdk.api.internal.PercentEncoding;
import dev.connectorsdk.internal.definition.policy.PolicyText.Call;
import dev.connectorsdk.internal.definition.policy.PolicyText.Literal;
import dev.connectorsdk.internal.definition.policy.PolicyText.Name;
import dev.connectorsdk.internal.definition.policy.PolicyText.Piece;
import dev.connectorsdk.internal.definition.policy.PolicyText.Source;
import dev.connectorsdk.internal.http.WireResponse;
import org.jspecify.annotations.Nullable;

/** {@code routerequesttoendpoint}: another path below the service URL, maybe with a query. */
record RouteStep(PolicyText newPath) implements RequestStep {

  private static final String POLLED = "/trigger";

  static RequestStep read(PolicyArguments arguments) {
    return new RouteStep(arguments.text("newPath"));
  }

  /** {@code pollingtrigger}: the list that is asked for is at the path without this mark. */
  static @Nullable WireResponse toPolledList(RequestMessage request) {
    if (request.path().startsWith(POLLED + "/")) {
      request.setPath(request.path().substring(POLLED.length()));
    }
    return null;
  }

  @Override
  public @Nullable WireResponse apply(RequestMessage request) {
    String target = target(newPath, request);
    int query = target.indexOf('?');
    request.setPath(query < 0 ? target : target.substring(0, query));
    if (query >= 0) {
      request.mergeQuery(target.substring(query + 1), request.isCallerControlled(newPath));
    }
    return null;
  }

  /** Returns a path with its query, encoded, of a text that may hold path parameters and calls. */
  static String target(PolicyText text, RequestMessage request) {
    StringBuilder target = new StringBuilder();
    for (Piece piece : text.pieces()) {
      boolean inQuery = target.indexOf("?") >= 0;
      if (piece instanceof Literal literal) {
        literal(literal.text(), inQuery, target);
      } else if (piece instanceof Name name) {
        String encoded = request.values().pathParameter(name.name());
        target.append(
            encoded == null ? PercentEncoding.completePath("{" + name.name() + "}") : encoded);
      } else if (piece instanceof Call call) {
        String value = request.text(call, null);
        boolean ofConnection = call.source() == Source.CONNECTION;
        target.append(
            inQuery || !ofConnection
                ? PercentEncoding.encode(value)
                : PercentEncoding.completePath(value));
      }
    }
    return target.length() > 0 && target.charAt(0) == '/' ? target.toString() : "/" + target;
  }

  private static void literal(String text, boolean inQuery, StringBuilder target) {
    int query = inQuery ? 0 : text.indexOf('?');
    if (query < 0) {
      target.append(PercentEncoding.completePath(text));
      return;
    }
    target
        .append(PercentEncoding.completePath(text.substring(0, query)))
        .append(PercentEncoding.completeQuery(text.substring(query)));
  }
}
