package dev.connectorsdk.internal.definition.policy;

import dev.connectorsdk.internal.http.WireResponse;
import org.jspecify.annotations.Nullable;

/** What a policy does to requests and answers alike. Shared by all calls. */
interface MessageStep extends RequestStep {

  /** Leaves messages as they are. */
  MessageStep NOTHING = message -> {};

  /** Works on the message. */
  void apply(Message message);

  @Override
  default @Nullable WireResponse apply(RequestMessage request) {
    apply((Message) request);
    return null;
  }
}
