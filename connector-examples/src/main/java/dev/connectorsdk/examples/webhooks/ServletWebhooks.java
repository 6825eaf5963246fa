package dev.connectorsdk.examples.webhooks;

import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.trigger.WebhookRequest;
import dev.connectorsdk.trigger.WebhookResponse;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Webhooks in a servlet, mapped to {@code /hooks/*}. */
public final class ServletWebhooks extends HttpServlet {

  private static final long serialVersionUID = 1L;

  private final transient ConnectorRuntime runtime;

  /** The runtime's public address is the application's own, followed by {@code /hooks}. */
  public ServletWebhooks(ConnectorRuntime runtime) {
    this.runtime = runtime;
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    Map<String, List<String>> headers = new HashMap<>();
    for (String name : Collections.list(request.getHeaderNames())) {
      headers.put(name, Collections.list(request.getHeaders(name)));
    }
    WebhookResponse answer =
        runtime
            .triggers()
            .receive(
                new WebhookRequest(
                    request.getMethod(),
                    request.getRequestURI(),
                    request.getQueryString(),
                    headers,
                    UnreadBody.of(request)));
    answer.headers().forEach(response::setHeader);
    response.setStatus(answer.status());
    response.getOutputStream().write(answer.body());
  }
}
