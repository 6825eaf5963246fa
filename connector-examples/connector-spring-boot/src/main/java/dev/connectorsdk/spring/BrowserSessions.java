package dev.connectorsdk.spring;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * Tells browser sessions apart by a value of their own: the id of a session changes when its user
 * logs in again, and may be written to logs.
 */
final class BrowserSessions {

  private static final String NAME = BrowserSessions.class.getName();
  private static final int BYTES = 32;

  private final SecureRandom random = new SecureRandom();

  /** Returns what identifies the session of a request, which is begun if there is none. */
  String of(HttpServletRequest request) {
    HttpSession session = request.getSession();
    synchronized (this) { // Two requests of one session get one value.
      if (session.getAttribute(NAME) instanceof String known) {
        return known;
      }
      byte[] bytes = new byte[BYTES];
      random.nextBytes(bytes);
      String made = HexFormat.of().formatHex(bytes);
      session.setAttribute(NAME, made);
      return made;
    }
  }
}
