package dev.connectorsdk.internal.definition.policy;

import dev.connectorsdk.internal.definition.policy.PolicyText.Piece;
import dev.connectorsdk.internal.http.WireResponse;
import org.jspecify.annotations.Nullable;

/** The answer to a request. It cannot ask for more, nor change what was sent. */
final class AnswerMessage extends Message {

  private final RequestMessage request;
  private final int status;

  AnswerMessage(RequestMessage request, WireResponse answer) {
    super(request.values(), answer.headers(), answer.body());
    this.request = request;
    this.status = answer.status();
  }

  /** Returns a header of the answer, or else of the request. */
  @Override
  @Nullable String header(String name) {
    String own = super.header(name);
    return own == null ? request.header(name) : own;
  }

  @Override
  @Nullable String queryParameter(String name) {
    return request.queryParameter(name);
  }

  @Override
  boolean isCallerControlled(Piece piece) {
    return request.isCallerControlled(piece);
  }

  @Override
  boolean isHeaderCallerControlled(String name) {
    return request.isHeaderCallerControlled(name);
  }

  @Override
  boolean mayBeginBody() {
    return false;
  }

  /** Returns the answer as the policies left it. */
  WireResponse answer() {
    byte[] written = writtenBody();
    return new WireResponse(status, headers(), written);
  }
}
