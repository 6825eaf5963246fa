package dev.connectorsdk.examples.dryrun;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okio.Buffer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A request that was not sent, with its secrets masked. */
public final class ShownRequest {

  private static final Set<String> CREDENTIALS =
      Set.of("authorization", "proxy-authorization", "cookie");

  private final String method;
  private final String url;
  private final Map<String, String> headers = new LinkedHashMap<>();
  private final @Nullable String text;
  private final byte @Nullable [] bytes;
  private final Mask mask;

  /** Reads a request, its body included. */
  public ShownRequest(Request request, Mask mask) {
    this.mask = mask;
    this.method = request.method();
    this.url = mask.hide(request.url().toString());
    RequestBody body = request.body();
    byte[] content = body == null ? null : content(body);
    for (String name : request.headers().names()) {
      headers.put(name, shown(name, String.join(", ", request.headers(name))));
    }
    MediaType type = body == null ? null : body.contentType();
    if (type != null) {
      headers.put("Content-Type", mask.hide(type.toString()));
    }
    if (content != null) {
      headers.put("Content-Length", String.valueOf(content.length));
    }
    this.text = content == null ? null : text(content);
    this.bytes = content;
  }

  private String shown(String name, String value) {
    String hidden = mask.hide(value);
    if (!CREDENTIALS.contains(name.toLowerCase(Locale.ROOT))) {
      return hidden;
    }
    int space = hidden.indexOf(' ');
    boolean hasScheme = space > 0 && !name.equalsIgnoreCase("cookie");
    return hasScheme ? hidden.substring(0, space + 1) + Mask.HIDDEN : Mask.HIDDEN;
  }

  private static byte[] content(RequestBody body) {
    Buffer buffer = new Buffer();
    try {
      body.writeTo(buffer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return buffer.readByteArray();
  }

  private static @Nullable String text(byte[] content) {
    try {
      String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
      boolean isReadable =
          text.chars().allMatch(c -> c >= ' ' || c == '\n' || c == '\r' || c == '\t');
      return isReadable ? text : null;
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  /** Returns the request as it looks in HTTP/1.1. */
  public String toText() {
    StringBuilder all = new StringBuilder(method).append(' ').append(url).append('\n');
    headers.forEach((name, value) -> all.append(name).append(": ").append(value).append('\n'));
    if (bytes != null && bytes.length > 0) {
      all.append('\n');
      all.append(text == null ? "(" + bytes.length + " bytes)" : mask.hide(text));
      all.append('\n');
    }
    return all.toString();
  }

  /** Returns the request as JSON. */
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("method", method).put("url", url);
    ObjectNode all = json.putObject("headers");
    headers.forEach(all::put);
    if (bytes != null && text != null) {
      json.put("body", mask.hide(text));
    } else if (bytes != null) {
      json.put("bodyBase64", mask.hide(Base64.getEncoder().encodeToString(bytes)));
    }
    return json;
  }
}
