package dev.connectorsdk.examples.plugin;

import dev.connectorsdk.api.Account;
import dev.connectorsdk.api.ActionContext;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.WebhookTrigger;
import dev.connectorsdk.api.WebhookTrigger.Received;
import dev.connectorsdk.api.WebhookTrigger.Registration;
import dev.connectorsdk.api.spi.ConnectorProvider;
import dev.connectorsdk.api.webhook.Signatures;
import java.net.URI;
import java.util.List;

/** A plugin with a trigger that the service calls. */
// tag::webhook-plugin[]
public final class BoardsPlugin implements ConnectorProvider {
  public record Board(String id) {}

  public record Card(String id, String column) {}

  record NewHook(String board, URI url, String secret) {}

  record Hook(String id) {}

  public static final WebhookTrigger<Board, Card> CARD_MOVED =
      WebhookTrigger.builder("cardMoved", Board.class, Card.class)
          .titled("When a card is moved")
          .described("Is called when a card gets to another column of a board.")
          .signature(Signatures.standardWebhooks())
          .subscribe(BoardsPlugin::subscribe)
          .unsubscribe((hook, call) -> call.http().delete("/hooks/{id}", hook.id()).send())
          .receive(delivery -> Received.of(delivery.as(Card.class)));

  static Registration subscribe(Board board, WebhookTrigger.Callback callback, ActionContext call) {
    var hook = new NewHook(board.id(), callback.url(), callback.secret().reveal());
    return Registration.of(call.http().post("/hooks").json(hook).fetch(Hook.class).id());
  }

  @Override
  public List<Connector> connectors() {
    return List.of(
        Connector.builder("boards", "{site}/api")
            .titled("Boards")
            .described("Boards with cards.")
            .version("1.0")
            .parameter(ConnectionParameter.text("site").titled("Site").described("Its address."))
            .auth(AuthOption.apiKeyHeader("X-Api-Key"))
            .trigger(CARD_MOVED)
            .test(call -> Account.of(call.http().get("/me").fetch(Hook.class).id()))
            .build());
  }
}
// end::webhook-plugin[]
