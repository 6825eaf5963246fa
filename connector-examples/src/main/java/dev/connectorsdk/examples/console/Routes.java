package dev.connectorsdk.examples.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.connectorsdk.api.error.ConnectorException;
import io.javalin.Javalin;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where pages are added. None of them is reached by a request that has not passed the {@link
 * Guard}.
 */
final class Routes {

  private static final Logger log = LoggerFactory.getLogger(Routes.class);

  private static final int MOST_FRAMES = 20;
  private static final String AGAIN = "&again=1";

  private final Javalin app;
  private final Site site;
  private final Guard guard;
  private final Frame frame;
  private final Posted posted = new Posted();

  Routes(Javalin app, Site site) {
    this.app = app;
    this.site = site;
    this.guard = new Guard(site);
    this.frame = new Frame(site);
  }

  /**
   * Adds a page.
   *
   * @param path below the console's, such as {@code connections/{id}}; empty for the first page
   */
  void get(String path, Pages.Handler handler) {
    add(HandlerType.GET, path, Access.ANYBODY, handler);
  }

  /**
   * Adds a page to which another site sends the browser. The host's cookie does not come along then
   * if it is {@code SameSite=Strict}; so the page is asked for once more, by the console itself.
   */
  void getFromElsewhere(String path, Pages.Handler handler) {
    app.get(
        site.address().path() + "/" + path,
        request -> {
          String query = String.valueOf(request.queryString());
          answer(
              request,
              Access.ANYBODY,
              handler,
              () -> {
                if (query.endsWith(AGAIN)) {
                  throw Guard.nobody();
                }
                request.header("Refresh", "0; url=" + Visit.path(request) + "?" + query + AGAIN);
                page(request, null, ErrorPages.comingBack());
              });
        });
  }

  /** Adds what a form is sent to. Its token has been checked when the handler is called. */
  void post(String path, Pages.Handler handler) {
    add(HandlerType.POST, path, Access.ANYBODY, handler);
  }

  /** Adds a page for administrators. For everybody else there is none at this path. */
  void administratorsGet(String path, Pages.Handler handler) {
    add(HandlerType.GET, path, Access.ADMINISTRATORS, handler);
  }

  /** Adds what a form of administrators is sent to. For everybody else there is none. */
  void administratorsPost(String path, Pages.Handler handler) {
    add(HandlerType.POST, path, Access.ADMINISTRATORS, handler);
  }

  /** Adds what a form of administrators with a whole data policy is sent to. */
  void administratorsPostPolicy(String path, Pages.Handler handler) {
    add(HandlerType.POST, path, Access.ADMINISTRATORS_WITH_POLICY, handler);
  }

  /** Adds the files, and what answers for pages that there are not. */
  void addRest() {
    for (Asset asset : Asset.values()) {
      app.get(
          site.address().path() + "/" + asset.path(),
          request -> {
            Guard.protect(request);
            request.header("Cache-Control", "public, max-age=86400");
            request.contentType(asset.type()).result(asset.text());
          });
    }
    get("<rest>", visit -> ErrorPages.missing(visit));
    post("<rest>", visit -> ErrorPages.missing(visit));
  }

  /** Who reaches a page, and with which forms. */
  private enum Access {
    ANYBODY,
    ADMINISTRATORS,
    ADMINISTRATORS_WITH_POLICY;

    boolean isFor(Visitor visitor) {
      return this == ANYBODY || visitor.administrator().isPresent();
    }

    int mostBytes(Visitor visitor) {
      return this == ADMINISTRATORS_WITH_POLICY && isFor(visitor)
          ? Posted.MAX_BYTES_OF_POLICIES
          : Posted.MAX_BYTES;
    }
  }

  private void add(HandlerType method, String path, Access access, Pages.Handler handler) {
    String whole = site.address().path() + (path.isEmpty() ? "" : "/" + path);
    app.addHttpHandler(
        method,
        whole,
        request ->
            answer(
                request,
                access,
                handler,
                () -> {
                  throw Guard.nobody();
                }));
  }

  /** Answers somebody whom the host does not know. */
  private interface Unknown {
    void answer() throws Refusal;
  }

  private void answer(Context request, Access access, Pages.Handler handler, Unknown unknown)
      throws Exception {
    Guard.protect(request);
    try {
      guard.requireOwnHost(request);
      Optional<Visitor> visitor = site.visitors().of(request);
      if (visitor.isEmpty()) {
        unknown.answer();
      } else {
        send(request, visit(request, visitor.get(), access), access, handler);
      }
    } catch (Refusal refusal) {
      page(request, null, ErrorPages.of(refusal, site.address().home()));
    }
  }

  private Visit visit(Context request, Visitor visitor, Access access) throws Refusal, IOException {
    if (request.method() != HandlerType.POST) {
      return new Visit(site, request, visitor, Map.of());
    }
    guard.requireOwnPage(request);
    Map<String, List<String>> fields = posted.read(request, access.mostBytes(visitor));
    guard.requireOwnForm(visitor, fields);
    return new Visit(site, request, visitor, fields);
  }

  private void send(Context request, Visit visit, Access access, Pages.Handler handler)
      throws Exception {
    Answer answer;
    try {
      answer = access.isFor(visit.visitor()) ? handler.answer(visit) : ErrorPages.missing(visit);
    } catch (ConnectorException e) {
      answer = ErrorPages.of(visit, e);
    } catch (RuntimeException e) {
      log.error("A page of the console failed: {}", where(e));
      answer = ErrorPages.failed(visit);
    }
    if (answer instanceof Answer.SeeOther other) {
      request.status(303).header("Location", other.to().toString());
    } else if (answer instanceof Answer.File file) {
      request
          .contentType("application/json")
          .header("Content-Disposition", "attachment; filename=\"" + file.name() + "\"")
          .result(file.json().getBytes(UTF_8));
    } else if (answer instanceof Answer.Page page) {
      page(request, visit, page);
    }
  }

  /** Without its message, which can hold what was entered. */
  private static String where(RuntimeException e) {
    return Stream.concat(Stream.of(e.getClass()), Stream.of(e.getStackTrace()).limit(MOST_FRAMES))
        .map(Object::toString)
        .collect(Collectors.joining(" at "));
  }

  private void page(Context request, @Nullable Visit visit, Answer.Page page) {
    request
        .status(page.status())
        .contentType("text/html; charset=utf-8")
        .result(frame.render(visit, page).getBytes(UTF_8));
  }
}
