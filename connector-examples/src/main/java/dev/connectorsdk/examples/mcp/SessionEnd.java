package dev.connectorsdk.examples.mcp;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.PrintWriter;
import java.io.Writer;

/** The request by which a client ends its session, made by the server in the client's place. */
final class SessionEnd extends HttpServletRequestWrapper {

  private final String session;

  /**
   * @param request what the server is asked meanwhile, in a session of its own or none
   */
  SessionEnd(HttpServletRequest request, String session) {
    super(request);
    this.session = session;
  }

  @Override
  public String getMethod() {
    return "DELETE";
  }

  @Override
  public String getHeader(String name) {
    return name.equalsIgnoreCase(ToolServlet.SESSION) ? session : super.getHeader(name);
  }

  /** Returns an answer that nobody hears. */
  static HttpServletResponse unheard(HttpServletResponse response) {
    return new Unheard(response);
  }

  private static final class Unheard extends HttpServletResponseWrapper {

    private Unheard(HttpServletResponse response) {
      super(response);
    }

    @Override
    public void setStatus(int status) {}

    @Override
    public void sendError(int status) {}

    @Override
    public void sendError(int status, String message) {}

    @Override
    public void setHeader(String name, String value) {}

    @Override
    public void setContentType(String type) {}

    @Override
    public void setCharacterEncoding(String charset) {}

    @Override
    public PrintWriter getWriter() {
      return new PrintWriter(Writer.nullWriter());
    }
  }
}
