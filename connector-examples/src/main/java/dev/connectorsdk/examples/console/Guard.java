package dev.connectorsdk.examples.console;

import io.javalin.http.Context;
import java.util.List;
import java.util.Map;

/** What each request has to pass before a page sees it, and the headers of each answer. */
final class Guard {

  private static final String POLICY =
      "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self';"
          + " form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

  private final Site site;

  Guard(Site site) {
    this.site = site;
  }

  /** Sets the headers that say what a browser may do with an answer. */
  static void protect(Context answer) {
    answer.header("Content-Security-Policy", POLICY);
    answer.header("Referrer-Policy", "same-origin");
    answer.header("X-Content-Type-Options", "nosniff");
    answer.header("Cross-Origin-Opener-Policy", "same-origin");
    answer.header("Cross-Origin-Resource-Policy", "same-origin");
    answer.header("Cache-Control", "no-store");
  }

  /**
   * Refuses what a browser sends for another name that leads here, as a site does that has its name
   * answered with this address (DNS rebinding).
   */
  void requireOwnHost(Context request) throws Refusal {
    if (!site.address().host().equalsIgnoreCase(request.header("Host"))) {
      throw new Refusal(421, "The console is at " + site.address().page("") + ".");
    }
  }

  /** Returns the answer to whomever the host does not know. */
  static Refusal nobody() {
    return new Refusal(401, "Nobody is signed in. Sign in, then come back.");
  }

  /** Refuses a form that a page of another site sent, before anything of it is read. */
  void requireOwnPage(Context request) throws Refusal {
    if (isFromElsewhere(request)) {
      throw notYours();
    }
  }

  /** Refuses a form that was not sent by a page that this visitor got in this session. */
  void requireOwnForm(Visitor visitor, Map<String, List<String>> fields) throws Refusal {
    String token = fields.getOrDefault(FormToken.FIELD, List.of("")).get(0);
    if (!FormToken.isOf(visitor.session(), token)) {
      throw notYours();
    }
  }

  private static Refusal notYours() {
    return new Refusal(
        403, "This form is not, or no longer, yours. Nothing was done. Open its page again.");
  }

  /**
   * Browsers send {@code Sec-Fetch-Site} over https and to this machine alone, and elsewhere {@code
   * Origin} with each form, which says so even of the page's own under {@code same-origin}; under
   * {@code no-referrer} it would be {@code null}.
   */
  private boolean isFromElsewhere(Context request) {
    String from = request.header("Sec-Fetch-Site");
    if (from != null) {
      return !from.equals("same-origin");
    }
    String origin = request.header("Origin");
    return origin != null && !origin.equals(site.address().origin());
  }
}
