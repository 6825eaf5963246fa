package dev.connectorsdk.examples.webhooks;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.trigger.WebhookRequest;
import dev.connectorsdk.trigger.WebhookResponse;
import java.io.IOException;

/** Webhooks in the JDK's web server: {@code server.createContext("/hooks", ...)}. */
// tag::webhook-server[]
public final class JdkWebhooks implements HttpHandler {

  private final ConnectorRuntime runtime;

  /** The runtime's public address is the application's own, followed by {@code /hooks}. */
  public JdkWebhooks(ConnectorRuntime runtime) {
    this.runtime = runtime;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      WebhookResponse answer =
          runtime
              .triggers()
              .receive(
                  new WebhookRequest(
                      exchange.getRequestMethod(),
                      exchange.getRequestURI().getRawPath(),
                      exchange.getRequestURI().getRawQuery(),
                      exchange.getRequestHeaders(),
                      exchange.getRequestBody()));
      answer.headers().forEach(exchange.getResponseHeaders()::set);
      int length = answer.body().length;
      exchange.sendResponseHeaders(answer.status(), length == 0 ? -1 : length);
      exchange.getResponseBody().write(answer.body());
    }
  }
}
// end::webhook-server[]
