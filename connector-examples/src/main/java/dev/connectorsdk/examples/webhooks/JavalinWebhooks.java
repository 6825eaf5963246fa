package dev.connectorsdk.examples.webhooks;

import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.trigger.WebhookRequest;
import dev.connectorsdk.trigger.WebhookResponse;
import io.javalin.Javalin;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Webhooks in Javalin. */
public final class JavalinWebhooks {

  private final ConnectorRuntime runtime;

  /** The runtime's public address is the application's own, followed by {@code /hooks}. */
  public JavalinWebhooks(ConnectorRuntime runtime) {
    this.runtime = runtime;
  }

  /** Adds the handlers to an application. */
  public void addTo(Javalin app) {
    List.of(HandlerType.POST, HandlerType.GET, HandlerType.HEAD, HandlerType.OPTIONS)
        .forEach(method -> app.addHttpHandler(method, "/hooks/<path>", this::receive));
  }

  private void receive(Context ctx) throws ServletException, IOException {
    Map<String, List<String>> headers = new HashMap<>();
    for (String name : Collections.list(ctx.req().getHeaderNames())) {
      headers.put(name, Collections.list(ctx.req().getHeaders(name)));
    }
    WebhookResponse answer =
        runtime
            .triggers()
            .receive(
                new WebhookRequest(
                    ctx.req().getMethod(),
                    ctx.req().getRequestURI(),
                    ctx.queryString(),
                    headers,
                    UnreadBody.of(ctx.req())));
    answer.headers().forEach(ctx::header);
    ctx.status(answer.status()).result(answer.body());
  }
}
