package dev.connectorsdk.examples.console;

import static j2html.TagCreator.a;
import static j2html.TagCreator.p;

import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.ConflictException;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.error.PermissionDeniedException;
import dev.connectorsdk.api.error.PolicyException;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.error.ServiceException;
import dev.connectorsdk.api.error.StoreException;
import dev.connectorsdk.api.error.TransportException;

/** Pages that say what did not work, and what to do. */
final class ErrorPages {

  private ErrorPages() {}

  /**
   * Returns the page of a request that is not answered as it was meant.
   *
   * @param home the first page, which is shown to whoever is signed in
   */
  static Answer.Page of(Refusal refusal, String home) {
    return Answer.page(
            Section.HOME,
            "This does not work",
            p(String.valueOf(refusal.getMessage())),
            p(a("Go to the first page").withHref(home)))
        .status(refusal.status());
  }

  /** Returns what is seen for a moment by who comes back from a sign-in. */
  static Answer.Page comingBack() {
    return Answer.page(Section.HOME, "Welcome back", p("One moment."));
  }

  static Answer.Page missing(Visit visit) {
    return Answer.page(
            Section.HOME,
            "There is no such page",
            p("Nothing is at this address, or you may not see it."),
            p(a("Go to the first page").withHref(visit.to().toString())))
        .status(404);
  }

  /** Returns what is seen when a page has a fault. */
  static Answer.Page failed(Visit visit) {
    return Answer.page(
            Section.HOME,
            "This did not work",
            Html.problem(
                "The console has a fault here.",
                "Whether something was done is not known. Who runs the application finds more in"
                    + " its log."),
            p(a("Go to the first page").withHref(visit.to().toString())))
        .status(500);
  }

  /** Says it in the runtime's own words, which name nobody else's connection and no secret. */
  static Answer.Page of(Visit visit, ConnectorException e) {
    return Answer.page(
            Section.HOME,
            title(e),
            Html.problem(Wording.inWords(String.valueOf(e.getMessage())), e.remedy()),
            p(a("Go to the first page").withHref(visit.to().toString())))
        .status(status(e));
  }

  static String title(ConnectorException e) {
    return switch (status(e)) {
      case 403 -> "You may not do this";
      case 404 -> "There is no such thing";
      case 409 -> "Something changed meanwhile";
      case 422 -> "Something does not fit";
      case 502 -> "The service did not do it";
      default -> "This did not work";
    };
  }

  private static int status(ConnectorException e) {
    if (e instanceof NotFoundException) {
      return 404;
    } else if (e instanceof PermissionDeniedException
        || e instanceof PolicyException
        || e instanceof ResolutionException) {
      return 403;
    } else if (e instanceof ConflictException) {
      return 409;
    } else if (e instanceof InvalidInputException) {
      return 422;
    } else if (e instanceof ServiceException
        || e instanceof TransportException
        || e instanceof AuthenticationException) {
      return 502;
    }
    return e instanceof StoreException ? 503 : 500;
  }
}
