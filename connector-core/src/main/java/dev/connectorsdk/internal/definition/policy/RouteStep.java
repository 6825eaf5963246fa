package dev.connectorsdk.internal.definition.policy;

import dev.connectorsdk.internal.definition.document.PercentEncoding;
import dev.connectorsdk.internal.definition.policy.PolicyText.Call;
import dev.connectorsdk.internal.definition.policy.PolicyText.Literal;
import dev.connectorsdk.internal.definition.policy.PolicyText.Name;
import dev.connectorsdk.internal.definition.policy.PolicyText.Piece;
import dev.connectorsdk.internal.definition.policy.PolicyText.Source;
import dev.connectorsdk.internal.http.WireResponse;
import org.jspecify.annotations.Nullable;

/** {@code routerequesttoendpoint}: another path below the service URL, maybe with a query. */
record RouteStep(PolicyText newPath) implements Policy.Step {

  @Override
  public @Nullable WireResponse apply(PolicyRun run, HostRules hosts) {
    String target = target(newPath, run);
    int query = target.indexOf('?');
    run.setPath(query < 0 ? target : target.substring(0, query));
    if (query >= 0) {
      run.mergeQuery(target.substring(query + 1));
    }
    return null;
  }

  /** Returns a path with its query, encoded, of a text that may hold path parameters and calls. */
  static String target(PolicyText text, PolicyRun run) {
    StringBuilder target = new StringBuilder();
    for (Piece piece : text.pieces()) {
      boolean inQuery = target.indexOf("?") >= 0;
      if (piece instanceof Literal literal) {
        literal(literal.text(), inQuery, target);
      } else if (piece instanceof Name name) {
        String encoded = run.pathParameter(name.name());
        target.append(encoded == null ? PercentEncoding.path("{" + name.name() + "}") : encoded);
      } else if (piece instanceof Call call) {
        String value = run.text(call, null);
        boolean ofConnection = call.source() == Source.CONNECTION;
        target.append(
            inQuery || !ofConnection ? PercentEncoding.value(value) : PercentEncoding.path(value));
      }
    }
    return target.length() > 0 && target.charAt(0) == '/' ? target.toString() : "/" + target;
  }

  private static void literal(String text, boolean inQuery, StringBuilder target) {
    int query = inQuery ? 0 : text.indexOf('?');
    if (query < 0) {
      target.append(PercentEncoding.path(text));
      return;
    }
    target
        .append(PercentEncoding.path(text.substring(0, query)))
        .append(PercentEncoding.query(text.substring(query)));
  }
}
