package dev.connectorsdk.examples.webhooks;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.Locale;

/** The body of a request to a servlet container, as it was sent. */
final class UnreadBody {

  private UnreadBody() {}

  /**
   * Returns the body, if nobody has read it yet. A filter that asks for a parameter has the
   * container read a form, which is then gone.
   */
  static InputStream of(HttpServletRequest request) throws ServletException, IOException {
    PushbackInputStream body = new PushbackInputStream(request.getInputStream());
    int first = body.read();
    if (first >= 0) {
      body.unread(first);
    } else if (isSent(request)) {
      throw new ServletException(
          "The body of a webhook was read before, so that its signature cannot be checked: map"
              + " filters that ask for parameters to other paths");
    }
    return body;
  }

  /** In HTTP/2 and in chunks, a body is sent without its length. */
  private static boolean isSent(HttpServletRequest request) {
    long length = request.getContentLengthLong();
    return length > 0
        || (length < 0 && (request.getHeader("Transfer-Encoding") != null || isForm(request)));
  }

  private static boolean isForm(HttpServletRequest request) {
    String type = request.getContentType();
    return type != null
        && type.toLowerCase(Locale.ROOT).matches("(application/x-www-form-|multipart/form-).*");
  }
}
