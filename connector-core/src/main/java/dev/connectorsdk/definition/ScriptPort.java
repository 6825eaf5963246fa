package dev.connectorsdk.definition;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A connector's script, ported to Java. About one in twelve published connectors has C# code that
 * runs instead of sending the request; this runtime does not run C#. Give the port to {@link
 * LoadOptions#script}. Without one the scripted operations throw {@link
 * dev.connectorsdk.api.error.OperationUnsupportedException} and send nothing.
 *
 * <pre>{@code
 * Definition.load(folder, id, LoadOptions.standard().script("CreateOrder", call -> {
 *   ScriptPort.Request request = call.request();
 *   return call.send(request.withBody(reshaped(request.body())));
 * }));
 * }</pre>
 *
 * <p>A port sees the request as it would be sent, after authentication and policies, with the
 * credentials in it: it is as trusted as the host application. The hosts of its requests are
 * checked like those of all requests. It runs once for each attempt of a call, on the caller's
 * thread, and for several calls at once.
 */
@FunctionalInterface
public interface ScriptPort {

  /**
   * Runs in place of the script.
   *
   * @return the answer of the operation; a status other than 2xx fails the call
   * @throws Exception a {@link dev.connectorsdk.api.error.ConnectorException} reaches the caller as
   *     it is, anything else as a failed action
   */
  Response run(Call call) throws Exception;

  /** What a port works with. Valid on the port's thread until the port returns. */
  interface Call {

    /** Returns the id of the operation that is called. */
    String operationId();

    /** Returns the request that would be sent. */
    Request request();

    /**
     * Sends a request to the service, or to another host that the connection may go to.
     *
     * @return the answer, whatever its status
     * @throws dev.connectorsdk.api.error.ConnectorException if there is no answer
     */
    Response send(Request request);
  }

  /**
   * A request.
   *
   * @param uri the full URL
   * @param headers by name, without regard to case, each with its values in order
   * @param body the bytes, not copied; empty for none
   */
  @SuppressWarnings("ArrayRecordComponent") // Bodies are large: they are handed on, not copied.
  record Request(String method, URI uri, Map<String, List<String>> headers, byte[] body) {

    public Request {
      headers = sorted(headers);
    }

    /** Returns the first value of a header, or {@code null} if there is none. */
    public @Nullable String header(String name) {
      return first(headers, name);
    }

    /** Returns a copy with another method. */
    public Request withMethod(String method) {
      return new Request(method, uri, headers, body);
    }

    /** Returns a copy to another URL. */
    public Request withUri(URI uri) {
      return new Request(method, uri, headers, body);
    }

    /** Returns a copy with one header set. */
    public Request withHeader(String name, String value) {
      Map<String, List<String>> changed = sorted(headers);
      changed.put(name, List.of(value));
      return new Request(method, uri, changed, body);
    }

    /** Returns a copy with another body. */
    public Request withBody(byte[] body) {
      return new Request(method, uri, headers, body);
    }

    /** Returns method and host: everything else may be secret. */
    @Override
    public String toString() {
      return method + " " + uri.getHost();
    }
  }

  /**
   * An answer.
   *
   * @param headers by name, without regard to case, each with its values in order
   * @param body the bytes, not copied; empty for none
   */
  @SuppressWarnings("ArrayRecordComponent") // Bodies are large: they are handed on, not copied.
  record Response(int status, Map<String, List<String>> headers, byte[] body) {

    public Response {
      headers = sorted(headers);
    }

    /** Returns the first value of a header, or {@code null} if there is none. */
    public @Nullable String header(String name) {
      return first(headers, name);
    }

    /** Returns a copy with another body. */
    public Response withBody(byte[] body) {
      return new Response(status, headers, body);
    }

    /** Returns a copy with one header set. */
    public Response withHeader(String name, String value) {
      Map<String, List<String>> changed = sorted(headers);
      changed.put(name, List.of(value));
      return new Response(status, changed, body);
    }

    /** Returns the status and the size. */
    @Override
    public String toString() {
      return status + ", " + body.length + " bytes";
    }
  }

  private static Map<String, List<String>> sorted(Map<String, List<String>> headers) {
    Map<String, List<String>> sorted = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    sorted.putAll(headers);
    return sorted;
  }

  private static @Nullable String first(Map<String, List<String>> headers, String name) {
    List<String> values = headers.get(name);
    return values == null || values.isEmpty() ? null : values.get(0);
  }
}
