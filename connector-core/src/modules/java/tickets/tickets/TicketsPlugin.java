package tickets;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.WebhookTrigger;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.spi.ConnectorProvider;
import dev.connectorsdk.api.webhook.Signatures;
import java.util.List;

/** A plugin in a module of its own, which needs connector-api alone. */
public final class TicketsPlugin implements ConnectorProvider {

  record TicketId(String id) {}

  record Ticket(String id, String title) {}

  private static final Action<TicketId, Ticket> GET =
      Action.builder("getTicket", Effect.READ, TicketId.class, Ticket.class)
          .run((in, call) -> call.http().get("/tickets/{id}", in.id()).fetch(Ticket.class));

  private static final WebhookTrigger<Nothing, Ticket> NEW =
      WebhookTrigger.builder("newTicket", Nothing.class, Ticket.class)
          .signature(Signatures.standardWebhooks())
          .subscribe(
              (none, callback, call) ->
                  WebhookTrigger.Registration.of(
                      call.http().post("/hooks").json(callback.url()).fetch(String.class)))
          .unsubscribe((hook, call) -> call.http().delete("/hooks/{id}", hook.id()).send())
          .receive(delivery -> WebhookTrigger.Received.of(delivery.as(Ticket.class)));

  @Override
  public List<Connector> connectors() {
    return List.of(
        Connector.builder("tickets", "{site}")
            .parameter(ConnectionParameter.text("site"))
            .auth(AuthOption.oauth2(OAuth2Scheme.clientCredentials("{site}/token")))
            .action(GET)
            .trigger(NEW)
            .build());
  }
}
