package dev.connectorsdk.examples.signin;

import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.ConsentException;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.consent.CompletedConsent;
import dev.connectorsdk.consent.ConsentOptions;
import dev.connectorsdk.runtime.ConnectorRuntime;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;

/** Sign-ins in a servlet, mapped to {@code /connect/tickets} and {@code /callback/tickets}. */
public final class ServletSignIn extends HttpServlet {

  private static final long serialVersionUID = 1L;

  private final transient ConnectorRuntime runtime;
  private final URI callback;

  /**
   * The callback is the application's own address, followed by {@code /callback/tickets}; the
   * runtime's client has it as its redirect URI.
   */
  public ServletSignIn(ConnectorRuntime runtime, URI callback) {
    this.runtime = runtime;
    this.callback = callback;
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    try {
      URI next =
          request.getServletPath().startsWith("/connect") ? connect(request) : callback(request);
      response.sendRedirect(next.toString());
    } catch (ConsentException e) {
      response.sendError(HttpServletResponse.SC_FORBIDDEN, e.remedy());
    }
  }

  private URI connect(HttpServletRequest request) {
    var spec = ConnectionSpec.of("tickets", "signIn");
    var options = ConsentOptions.standard().returnTo(request.getParameter("returnTo"));
    return runtime
        .consents()
        .begin(user(request).in("prod"), spec, request.getSession().getId(), options)
        .authorizationUrl();
  }

  private URI callback(HttpServletRequest request) {
    String session = request.getSession().getId();
    CompletedConsent done =
        runtime.consents().complete(user(request), callback, request.getQueryString(), session);
    URI returnTo = done.returnTo();
    return returnTo == null ? URI.create("/") : returnTo;
  }

  /** Whoever the container has authenticated. */
  private static Principal user(HttpServletRequest request) {
    return Principal.user(request.getUserPrincipal().getName());
  }
}
