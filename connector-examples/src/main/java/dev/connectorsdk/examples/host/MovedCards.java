package dev.connectorsdk.examples.host;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.examples.plugin.BoardsPlugin;
import dev.connectorsdk.examples.plugin.BoardsPlugin.Board;
import dev.connectorsdk.examples.plugin.BoardsPlugin.Card;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.runtime.RuntimeBuilder;
import dev.connectorsdk.trigger.EventHandler;
import dev.connectorsdk.trigger.SubscriptionSpec;

/** A flow that is told of each card that is moved. */
final class MovedCards {

  private MovedCards() {}

  // tag::webhook-host[]
  static final ConnectionReference BOARDS = ConnectionReference.embedded("team-boards", "boards");
  static final Flow FLOW = Flow.of("moved-cards", Principal.user("ada")).using(BOARDS);

  static ConnectorRuntime start(RuntimeBuilder builder, String url, EventHandler<Card> moved) {
    return builder
        .provider(new BoardsPlugin())
        .flows(FlowDirectory.of(FLOW))
        .handler("moved", Card.class, moved)
        .publicAddress(url)
        .build();
  }

  /** To be called by one process, once the web server answers and the reference is bound. */
  static void watch(ConnectorRuntime runtime, Caller ada) {
    if (runtime.triggers().list(ada).isEmpty()) {
      var board = SubscriptionSpec.of(BOARDS, BoardsPlugin.CARD_MOVED, new Board("b-1"), "moved");
      runtime.triggers().subscribe(ada, board);
    }
  }
  // end::webhook-host[]
}
