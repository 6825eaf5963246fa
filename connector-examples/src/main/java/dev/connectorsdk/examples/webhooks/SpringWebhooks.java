package dev.connectorsdk.examples.webhooks;

import dev.connectorsdk.runtime.ConnectorRuntime;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Webhooks in Spring MVC, from which the servlet takes them as they were received: a parameter with
 * {@code @RequestBody} or {@code @RequestParam} would have Spring read a form first.
 */
@RestController
public final class SpringWebhooks {

  private final ServletWebhooks webhooks;

  /** The runtime's public address is the application's own, followed by {@code /hooks}. */
  public SpringWebhooks(ConnectorRuntime runtime) {
    this.webhooks = new ServletWebhooks(runtime);
  }

  /** Answers whatever arrives, by any method. */
  @RequestMapping("/hooks/**")
  public void receive(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    webhooks.service(request, response);
  }
}
