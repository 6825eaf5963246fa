package dev.connectorsdk.internal.gateway.relay;

import dev.connectorsdk.internal.gateway.line.GatewayAuth;
import dev.connectorsdk.internal.gateway.line.LineStream;
import dev.connectorsdk.internal.gateway.line.StreamEnded;
import dev.connectorsdk.internal.gateway.line.Texts;
import java.io.IOException;
import java.util.Iterator;
import okhttp3.Headers;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.BufferedSource;
import okio.ByteString;
import okio.ForwardingSource;
import okio.Okio;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Requests and answers without their bodies, as they go over a line. */
final class Heads {

  private final JsonMapper mapper;

  Heads(JsonMapper mapper) {
    this.mapper = mapper;
  }

  /** Returns what a member is told of a request. */
  ByteString ofRequest(Interceptor.Chain chain) throws IOException {
    Request request = chain.request();
    ObjectNode json =
        mapper
            .createObjectNode()
            .put("method", request.method())
            .put("url", request.url().toString())
            .put("connect", chain.connectTimeoutMillis())
            .put("read", chain.readTimeoutMillis());
    ArrayNode headers = json.putArray("headers");
    request.headers().forEach(one -> headers.add(one.getFirst()).add(one.getSecond()));
    describe(request.body(), json);
    GatewayAuth auth = request.tag(GatewayAuth.class);
    if (auth != null) {
      json.put("connection", auth.connection());
      json.set("auth", auth.auth());
    }
    return Texts.bytes(json, mapper);
  }

  private static void describe(@Nullable RequestBody body, ObjectNode json) throws IOException {
    if (body == null) {
      return;
    }
    json.put("length", body.contentLength());
    MediaType type = body.contentType();
    if (type != null) {
      json.put("type", type.toString());
    }
  }

  /** Waits for the answer and returns it, with a body that is still to be read. */
  Response answer(Request request, LineStream stream) throws IOException {
    JsonNode json = Texts.tree(stream.head(), mapper);
    int status = json.path("status").asInt(0);
    if (status < 100) {
      throw new IOException("The member's answer has no status");
    }
    Headers headers = headers(json.path("headers"));
    String type = headers.get("Content-Type");
    return new Response.Builder()
        .request(request)
        .protocol(Protocol.HTTP_1_1)
        .code(status)
        .message(json.path("message").asString(""))
        .headers(headers)
        .body(
            new StreamedBody(
                type == null ? null : MediaType.parse(type),
                json.path("length").asLong(-1),
                Okio.buffer(new Read(stream))))
        .build();
  }

  private static Headers headers(JsonNode json) throws IOException {
    Headers.Builder headers = new Headers.Builder();
    for (Iterator<JsonNode> all = json.iterator(); all.hasNext(); ) {
      String name = all.next().asString("");
      String value = all.hasNext() ? all.next().asString("") : "";
      try {
        headers.addUnsafeNonAscii(name, value);
      } catch (IllegalArgumentException e) {
        throw new IOException("A header of the answer is malformed");
      }
    }
    return headers.build();
  }

  private static final class StreamedBody extends ResponseBody {

    private final @Nullable MediaType type;
    private final long length;
    private final BufferedSource source;

    StreamedBody(@Nullable MediaType type, long length, BufferedSource source) {
      this.type = type;
      this.length = length;
      this.source = source;
    }

    @Override
    public @Nullable MediaType contentType() {
      return type;
    }

    @Override
    public long contentLength() {
      return length;
    }

    @Override
    public BufferedSource source() {
      return source;
    }
  }

  /** A body whose end before its time is what it would have been on a socket. */
  private static final class Read extends ForwardingSource {

    Read(LineStream stream) {
      super(stream.body());
    }

    @Override
    public long read(Buffer into, long most) throws IOException {
      try {
        return super.read(into, most);
      } catch (StreamEnded e) {
        throw Ends.failure(e.reset());
      }
    }
  }
}
