package dev.connectorsdk.internal.definition.policy;

import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.InvalidInputException.Fault;
import dev.connectorsdk.internal.definition.document.Lookup;
import dev.connectorsdk.internal.definition.document.Scalars;
import dev.connectorsdk.internal.definition.policy.PolicyText.Call;
import dev.connectorsdk.internal.definition.policy.PolicyText.Literal;
import dev.connectorsdk.internal.definition.policy.PolicyText.Name;
import dev.connectorsdk.internal.definition.policy.PolicyText.Piece;
import dev.connectorsdk.internal.definition.policy.PolicyText.Source;
import dev.connectorsdk.internal.definition.request.ContentTypes;
import dev.connectorsdk.internal.http.HeaderRules;
import java.util.List;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A request or an answer on its way through the policies: each changes what the ones before left.
 *
 * <p>It holds credentials; it is made for one attempt, and prints nothing of them.
 */
abstract sealed class Message permits RequestMessage, AnswerMessage {

  private final CallValues values;
  private final Headers given;
  private Headers.@Nullable Builder changed; // once a policy changes headers
  private final MessageBody body;

  Message(CallValues values, Headers headers, byte @Nullable [] body) {
    this.values = values;
    this.given = headers;
    this.body = new MessageBody(body);
  }

  CallValues values() {
    return values;
  }

  MessageBody body() {
    return body;
  }

  /** Returns a query parameter of the request, decoded, or {@code null}. */
  abstract @Nullable String queryParameter(String name);

  /** Returns whether the value of a piece was freely chosen by the caller. */
  abstract boolean isCallerControlled(Piece piece);

  /** Returns whether the value of a header of the request was freely chosen by the caller. */
  abstract boolean isHeaderCallerControlled(String name);

  /** Returns whether there is no body at all, so that policies may begin one. */
  abstract boolean mayBeginBody();

  // ---- What the texts of policies stand for.

  boolean isCallerControlled(PolicyText text) {
    for (Piece piece : text.pieces()) {
      if (isCallerControlled(piece)) {
        return true;
      }
    }
    return false;
  }

  String text(PolicyText text, @Nullable JsonNode item) {
    return text.isLiteral() ? text.literal() : text.fill(piece -> text(piece, item));
  }

  String text(Piece piece, @Nullable JsonNode item) {
    if (piece instanceof Call call) {
      String text = lookUp(call, item);
      return text == null || text.isEmpty() ? call.otherwise() : text;
    }
    return piece instanceof Name name ? "{" + name.name() + "}" : ((Literal) piece).text();
  }

  private @Nullable String lookUp(Call call, @Nullable JsonNode item) {
    return switch (call.source()) {
      case HEADERS -> header(call.name());
      case QUERY -> queryParameter(call.name());
      case CONNECTION -> values.connectionParameter(call.name());
      case ENVIRONMENT -> values.environmentVariable(call.name());
      case BODY, ITEM -> text(node(call, item));
    };
  }

  private static @Nullable String text(@Nullable JsonNode node) {
    if (node == null || node.isNull()) {
      return null;
    }
    String text = Scalars.text(node);
    return text == null ? node.toString() : text;
  }

  /** Returns what a path into the body or an item leads to, or {@code null}. */
  @Nullable JsonNode node(Call call, @Nullable JsonNode item) {
    return call.path().find(call.source() == Source.ITEM ? item : json());
  }

  // ---- Headers.

  @Nullable String header(String name) {
    return ownHeader(name);
  }

  private @Nullable String ownHeader(String name) {
    return changed == null ? given.get(name) : changed.get(name);
  }

  /** Returns the headers as the policies left them. */
  Headers headers() {
    return changed == null ? given : changed.build();
  }

  private Headers.Builder changing() {
    Headers.Builder builder = changed == null ? given.newBuilder() : changed;
    changed = builder;
    return builder;
  }

  /**
   * Sets a header; an empty value takes away those that mean nothing when empty.
   *
   * @param callerControlled whether the caller chose the value freely
   * @return {@code false} if no policy may set it, and nothing happened
   */
  boolean setHeader(String name, String value, boolean callerControlled) {
    String lower = Lookup.lower(name);
    if (HeaderRules.isOfTransport(name) || lower.startsWith("proxy-")) {
      return false;
    }
    if (value.isEmpty() && (lower.equals("authorization") || lower.equals("content-type"))) {
      changing().removeAll(name);
      return true;
    }
    try {
      changing().set(name, value);
      return true;
    } catch (IllegalArgumentException quotesTheValue) {
      throw fault(
          "the header '" + name + "', which a policy sets",
          "holds a character that is not allowed");
    }
  }

  // ---- The body.

  /** Returns the body as JSON, or {@code null} if it is none. */
  @Nullable JsonNode json() {
    return body.json(ownHeader("Content-Type"));
  }

  void setJson(JsonNode value) {
    body.set(value);
  }

  void jsonWasChanged() {
    body.markChanged();
  }

  /** Returns the body as the policies left it, of which the header then says that it is JSON. */
  byte[] writtenBody() {
    if (body.isChanged() && ownHeader("Content-Type") == null) {
      changing().set("Content-Type", ContentTypes.JSON);
    }
    return body.written(ownHeader("Content-Type"));
  }

  InvalidInputException fault(String place, String problem) {
    return new InvalidInputException(
        "operation '" + values.operation() + "'", List.of(new Fault(place, problem)));
  }

  /** Returns the operation's id: everything else may be secret. */
  @Override
  public String toString() {
    return values.operation();
  }
}
