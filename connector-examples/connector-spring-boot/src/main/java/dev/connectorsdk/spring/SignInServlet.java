package dev.connectorsdk.spring;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.ConsentException;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.consent.ConsentOptions;
import dev.connectorsdk.runtime.ConnectorRuntime;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.util.HtmlUtils;

/**
 * Sign-ins of users at services: a form begins one, and the provider sends the browser back.
 *
 * <p>A sign-in is begun by POST, so that Spring Security asks for its CSRF token; what another site
 * has a browser send is refused without Spring Security, too. It ends in the browser session in
 * which it began, and for the same user.
 */
final class SignInServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;
  private static final Logger log = LoggerFactory.getLogger(SignInServlet.class);

  private static final String PARAMETER = "with.";
  private static final String UNKNOWN = "There is no such connector or connection.";

  /**
   * What a page of the application is not to hear of: it did not begin here, unless the failure
   * knows the page that it began from.
   */
  private static final Set<ConsentException.Reason> NOT_OF_THIS_BROWSER =
      Set.of(
          ConsentException.Reason.STATE_UNKNOWN,
          ConsentException.Reason.SESSION_MISMATCH,
          ConsentException.Reason.CONTEXT_MISMATCH,
          ConsentException.Reason.MALFORMED);

  private final transient ConnectorRuntime runtime;
  private final transient CallerResolver callers;
  private final transient BrowserSessions sessions;
  private final transient URI publicUrl;
  private final transient ConnectorProperties.Web paths;

  SignInServlet(
      ConnectorRuntime runtime,
      CallerResolver callers,
      BrowserSessions sessions,
      URI publicUrl,
      ConnectorProperties.Web paths) {
    this.runtime = runtime;
    this.callers = callers;
    this.sessions = sessions;
    this.publicUrl = publicUrl;
    this.paths = paths;
  }

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (!request.getServletPath().equals(paths.signIn())) {
      say(
          request,
          response,
          HttpServletResponse.SC_METHOD_NOT_ALLOWED,
          "Browsers come back by GET.");
    } else if (CrossSite.isFromElsewhere(request, publicUrl)) {
      say(request, response, HttpServletResponse.SC_FORBIDDEN, "Another site has sent this form.");
    } else {
      answer(request, response, caller -> begin(caller, request));
    }
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (request.getServletPath().equals(paths.callback())) {
      answer(request, response, caller -> complete(caller, request));
    } else {
      say(
          request,
          response,
          HttpServletResponse.SC_METHOD_NOT_ALLOWED,
          "A form begins a sign-in by POST.");
    }
  }

  @FunctionalInterface
  private interface Step {

    /** Returns where the browser goes next. */
    URI take(Caller caller);
  }

  private void answer(HttpServletRequest request, HttpServletResponse response, Step step)
      throws IOException {
    response.setHeader("Cache-Control", "no-store");
    response.setHeader("Referrer-Policy", "no-referrer"); // The URL has a code, or leads to one.
    Optional<Caller> caller = callers.callerOf(request);
    if (caller.isEmpty()) {
      say(request, response, HttpServletResponse.SC_UNAUTHORIZED, "Log in first.");
      return;
    }
    try {
      response.setHeader("Location", step.take(caller.get()).toString());
      response.setStatus(HttpServletResponse.SC_SEE_OTHER);
    } catch (ConsentException e) {
      log.info("A sign-in has failed: {}", e.getMessage());
      if (e.returnTo() == null && NOT_OF_THIS_BROWSER.contains(e.reason())) {
        say(request, response, HttpServletResponse.SC_FORBIDDEN, e.remedy());
      } else {
        response.setHeader("Location", afterFailure(request, e));
        response.setStatus(HttpServletResponse.SC_SEE_OTHER);
      }
    } catch (ConnectorException e) {
      log.info("A sign-in has failed: {}", e.getMessage());
      say(
          request,
          response,
          status(e),
          status(e) == HttpServletResponse.SC_NOT_FOUND ? UNKNOWN : e.remedy());
    } catch (IllegalArgumentException e) {
      log.info("A sign-in could not begin: {}", e.getMessage());
      say(request, response, HttpServletResponse.SC_BAD_REQUEST, "This cannot be signed in at.");
    }
  }

  private static int status(ConnectorException failure) {
    if (failure instanceof NotFoundException) {
      return HttpServletResponse.SC_NOT_FOUND;
    }
    return failure instanceof InvalidInputException
        ? HttpServletResponse.SC_BAD_REQUEST
        : HttpServletResponse.SC_BAD_GATEWAY;
  }

  /** Says a sentence to a person, with a way back into the application. */
  private void say(
      HttpServletRequest request, HttpServletResponse response, int status, String text)
      throws IOException {
    String page =
        "<!DOCTYPE html>\n<title>Sign-in</title>\n<p>%s</p>\n<p><a href=\"%s\">Back</a></p>\n"
            .formatted(HtmlUtils.htmlEscape(text), HtmlUtils.htmlEscape(home(request)));
    response.setStatus(status);
    response.setContentType("text/html;charset=UTF-8");
    response.getOutputStream().write(page.getBytes(StandardCharsets.UTF_8));
  }

  private String home(HttpServletRequest request) {
    return request.getContextPath() + paths.afterSignIn();
  }

  private String afterFailure(HttpServletRequest request, ConsentException failure) {
    URI wanted = failure.returnTo();
    String page = wanted == null ? home(request) : wanted.toString();
    int fragment = page.indexOf('#');
    String path = fragment < 0 ? page : page.substring(0, fragment);
    return path
        + (path.indexOf('?') < 0 ? '?' : '&')
        + "connect_error="
        + failure.reason().name().toLowerCase(Locale.ROOT)
        + page.substring(path.length());
  }

  private URI begin(Caller caller, HttpServletRequest request) {
    var options = ConsentOptions.standard().returnTo(request.getParameter("returnTo"));
    String session = sessions.of(request);
    String broken = request.getParameter("connection");
    if (broken != null) {
      return begin(caller, ConnectionId.of(broken), session, options);
    }
    ConnectionSpec wanted = spec(caller, request);
    ConnectionId pending = pending(caller, wanted);
    return pending == null
        ? runtime.consents().begin(caller, wanted, session, options).authorizationUrl()
        : begin(caller, pending, session, options);
  }

  private URI begin(
      Caller caller, ConnectionId connection, String session, ConsentOptions options) {
    return runtime.consents().begin(caller, connection, session, options).authorizationUrl();
  }

  /** A sign-in that the user gave up has left a connection, for which to begin again. */
  private @Nullable ConnectionId pending(Caller caller, ConnectionSpec wanted) {
    return runtime.connections().list(caller).stream()
        .filter(known -> known.status().reason() == ConnectionStatus.Reason.CONSENT_PENDING)
        .filter(known -> known.connector().equals(wanted.connector()))
        .filter(known -> known.authOption().equals(wanted.authOption()))
        .filter(known -> known.parameters().isEmpty() && wanted.values().isEmpty())
        .filter(known -> isNamedLike(known, wanted.displayName()))
        .map(Connection::id)
        .findFirst()
        .orElse(null);
  }

  private static boolean isNamedLike(Connection known, @Nullable String name) {
    return name == null || known.displayName().equals(name);
  }

  private ConnectionSpec spec(Caller caller, HttpServletRequest request) {
    String connector = Optional.ofNullable(request.getPathInfo()).orElse("/").substring(1);
    ConnectionSpec spec = ConnectionSpec.of(connector, option(caller, connector, request));
    String name = request.getParameter("name");
    spec = name == null ? spec : spec.named(name);
    for (String parameter : Collections.list(request.getParameterNames())) {
      if (parameter.startsWith(PARAMETER)) {
        spec = spec.with(parameter.substring(PARAMETER.length()), request.getParameter(parameter));
      }
    }
    return spec;
  }

  private String option(Caller caller, String connector, HttpServletRequest request) {
    String named = request.getParameter("option");
    List<AuthOption> all = runtime.connector(caller, connector).authOptions();
    if (named == null && all.size() != 1) {
      throw new IllegalArgumentException(
          "Connector '" + connector + "' has several auth options: the form has to name one");
    }
    return named == null ? all.get(0).id() : named;
  }

  private URI complete(Caller caller, HttpServletRequest request) {
    String path = request.getRequestURI().substring(request.getContextPath().length());
    URI next =
        runtime
            .consents()
            .complete(
                caller.principal(),
                URI.create(publicUrl + path),
                request.getQueryString(),
                sessions.of(request))
            .returnTo();
    return next == null ? URI.create(request.getContextPath() + paths.afterSignIn()) : next;
  }
}
