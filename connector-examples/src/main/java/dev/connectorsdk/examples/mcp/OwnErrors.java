package dev.connectorsdk.examples.mcp;

import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.Locale;
import java.util.function.Consumer;

/** Takes the status of a refusal, and not its words, which may be those of an exception. */
final class OwnErrors extends HttpServletResponseWrapper {

  private static final int FIRST = 400;

  private final Consumer<String> begun;

  /**
   * @param begun told of a session that begins, before its client hears of it
   */
  OwnErrors(HttpServletResponse response, Consumer<String> begun) {
    super(response);
    this.begun = begun;
  }

  boolean isRefusal() {
    return getStatus() >= FIRST;
  }

  @Override
  public void setHeader(String name, String value) {
    if (name.toLowerCase(Locale.ROOT).equals(ToolServlet.SESSION)) {
      begun.accept(value);
    }
    super.setHeader(name, value);
  }

  @Override
  public void sendError(int status) {
    setStatus(status);
  }

  @Override
  public void sendError(int status, String message) {
    setStatus(status);
  }

  @Override
  public PrintWriter getWriter() throws IOException {
    return isRefusal() ? new PrintWriter(Writer.nullWriter()) : super.getWriter();
  }
}
