package dev.connectorsdk.spring;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;

/** Recognises what a page of another site has had a browser send. */
final class CrossSite {

  private CrossSite() {}

  /**
   * Returns whether a request comes from elsewhere: by {@code Sec-Fetch-Site}, which no page can
   * set, and by {@code Origin}. Browsers send at least one of them with a form by POST; what has
   * neither is refused, too.
   */
  static boolean isFromElsewhere(HttpServletRequest request, URI own) {
    String site = request.getHeader("Sec-Fetch-Site");
    if (site != null) {
      return !site.equals("same-origin");
    }
    String origin = request.getHeader("Origin");
    return origin == null || !origin.equals(origin(own));
  }

  /** Returns an origin as browsers write it. */
  static String origin(URI url) {
    return url.getScheme() + "://" + url.getRawAuthority();
  }
}
