package dev.connectorsdk.examples.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A request whose body has been read, as far as it may be a reply. */
final class ReadRequest extends HttpServletRequestWrapper {

  private static final int MOST_BYTES_OF_A_REPLY = 64 * 1024;
  private static final JsonMapper JSON = JsonMapper.shared();

  private final byte[] body;

  private ReadRequest(HttpServletRequest request, byte[] body) {
    super(request);
    this.body = body;
  }

  static ReadRequest of(HttpServletRequest request) throws IOException {
    byte[] body = request.getInputStream().readNBytes(MOST_BYTES_OF_A_REPLY + 1);
    return new ReadRequest(request, body);
  }

  /** Returns whether it replies to a question of the server's, and asks for nothing. */
  boolean isReply() {
    if (body.length > MOST_BYTES_OF_A_REPLY) {
      return false;
    }
    try {
      JsonNode message = JSON.readTree(body);
      return message.has("id")
          && !message.has("method")
          && (message.has("result") || message.has("error"));
    } catch (JacksonException e) {
      return false;
    }
  }

  @Override
  public BufferedReader getReader() {
    return new BufferedReader(new InputStreamReader(new ByteArrayInputStream(body), UTF_8));
  }

  @Override
  public ServletInputStream getInputStream() {
    ByteArrayInputStream left = new ByteArrayInputStream(body);
    return new ServletInputStream() {
      @Override
      public int read() {
        return left.read();
      }

      @Override
      public int read(byte[] to, int from, int length) {
        return left.read(to, from, length);
      }

      @Override
      public boolean isFinished() {
        return left.available() == 0;
      }

      @Override
      public boolean isReady() {
        return true;
      }

      @Override
      public void setReadListener(ReadListener listener) {
        throw new IllegalStateException("It has been read already");
      }
    };
  }
}
