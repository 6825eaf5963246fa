package dev.connectorsdk.spring;

import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.trigger.WebhookRequest;
import dev.connectorsdk.trigger.WebhookResponse;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers what services send to callback URLs. It is the first filter, so that nobody has read a
 * body before its signature is checked, nobody asks services for a CSRF token or a log-in, and
 * nothing behind it is told of paths that nobody else may know.
 */
final class HookFilter implements Filter {

  private static final Logger log = LoggerFactory.getLogger(HookFilter.class);

  private static final String SECONDS_TO_WAIT = "10";

  private final ConnectorRuntime runtime;
  private volatile boolean stopping;

  HookFilter(ConnectorRuntime runtime) {
    this.runtime = runtime;
  }

  /** From now on services are asked to send later, which another process then gets. */
  void stop() {
    stopping = true;
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException {
    answer((HttpServletRequest) request, (HttpServletResponse) response);
  }

  private void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
    if (stopping) {
      response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
      response.setHeader("Retry-After", SECONDS_TO_WAIT);
      return;
    }
    PushbackInputStream body = new PushbackInputStream(request.getInputStream());
    int first = body.read();
    if (first >= 0) {
      body.unread(first);
    } else if (request.getContentLengthLong() > 0) {
      log.error(
          "Refused a delivery whose body was read before, so that its signature cannot be checked:"
              + " let no filter that asks for parameters come before {}",
          HookFilter.class.getSimpleName());
      response.setStatus(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
      return;
    }
    write(runtime.triggers().receive(received(request, body)), response);
  }

  private static WebhookRequest received(HttpServletRequest request, InputStream body) {
    Map<String, List<String>> headers = new HashMap<>();
    for (String name : Collections.list(request.getHeaderNames())) {
      headers.put(name, Collections.list(request.getHeaders(name)));
    }
    return new WebhookRequest(
        request.getMethod(), request.getRequestURI(), request.getQueryString(), headers, body);
  }

  private static void write(WebhookResponse answer, HttpServletResponse response)
      throws IOException {
    answer.headers().forEach(response::setHeader);
    response.setStatus(answer.status());
    response.getOutputStream().write(answer.body());
  }
}
