package dev.connectorsdk.examples.console;

import static j2html.TagCreator.a;
import static j2html.TagCreator.body;
import static j2html.TagCreator.h1;
import static j2html.TagCreator.head;
import static j2html.TagCreator.html;
import static j2html.TagCreator.meta;
import static j2html.TagCreator.p;
import static j2html.TagCreator.text;
import static j2html.TagCreator.title;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.error.PermissionDeniedException;
import io.javalin.Javalin;
import io.javalin.http.Context;
import io.javalin.http.Cookie;
import io.javalin.http.SameSite;
import java.net.URI;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Visitors of a host that has no log-in, such as a program on one's own machine: each opens a link
 * that works once, and is known by a cookie from then on. Sessions are in memory and end with the
 * process.
 */
public final class OneTimeLinks implements Visitors {

  private static final String COOKIE = "console_session";
  private static final String ENTRANCE = "/enter/";
  private static final SecureRandom RANDOM = new SecureRandom();

  private record Person(Caller caller, String name, @Nullable Administrator administrator) {}

  private final Address address;
  private final Map<String, Person> links = new ConcurrentHashMap<>();
  private final Map<String, Person> sessions = new ConcurrentHashMap<>();

  /**
   * Returns visitors of which there are none yet.
   *
   * @param address where the console is
   */
  public OneTimeLinks(URI address) {
    this.address = Address.of(address);
  }

  /** Returns a link that signs the first who opens it in as somebody. */
  public URI link(Caller caller, String name) {
    return link(new Person(caller, name, null));
  }

  /**
   * Returns a link that signs the first who opens it in as an administrator.
   *
   * @throws PermissionDeniedException if that is of another environment than the caller's
   */
  public URI link(Caller caller, String name, Administrator administrator) {
    administrator.in(caller.environment());
    return link(new Person(caller, name, administrator));
  }

  private URI link(Person person) {
    String code = random();
    links.put(code, person);
    return URI.create(address.origin() + ENTRANCE + code);
  }

  /** Adds what the links lead to. */
  public void addTo(Javalin app) {
    app.get(ENTRANCE + "{code}", this::enter);
  }

  /**
   * The page after it is asked for by this one, so that a cookie of this site alone comes along.
   */
  private void enter(Context request) {
    Guard.protect(request);
    boolean own = address.host().equalsIgnoreCase(request.header("Host"));
    Person person = own ? links.remove(request.pathParam("code")) : null;
    if (person == null) {
      request.status(410).contentType("text/html; charset=utf-8").result(used().getBytes(UTF_8));
      return;
    }
    String session = random();
    sessions.put(session, person);
    Cookie cookie = new Cookie(COOKIE, session);
    cookie.setPath(address.path());
    cookie.setHttpOnly(true);
    cookie.setSameSite(SameSite.STRICT);
    cookie.setSecure(address.origin().startsWith("https:"));
    request
        .cookie(cookie)
        .header("Refresh", "0; url=" + address.path())
        .contentType("text/plain; charset=utf-8")
        .result("Welcome.".getBytes(UTF_8));
  }

  private String used() {
    return "<!DOCTYPE html>\n"
        + html(
                head(meta().withCharset("utf-8"), title("This link is used up")),
                body(
                    h1("This link is used up"),
                    p("A link works once: it has been used, or never was one."),
                    p(
                        a("Go to the console").withHref(address.home()),
                        text(" if you have used it in this browser. Else ask for a new link."))))
            .withLang("en")
            .render();
  }

  @Override
  public Optional<Visitor> of(Context request) {
    String session = request.cookie(COOKIE);
    if (session == null) {
      return Optional.empty();
    }
    Person person = sessions.get(session);
    if (person == null) {
      return Optional.empty();
    }
    Visitor visitor = Visitor.of(person.caller(), person.name(), session);
    Administrator administrator = person.administrator();
    return Optional.of(administrator == null ? visitor : visitor.administering(administrator));
  }

  private static String random() {
    byte[] bytes = new byte[32];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
