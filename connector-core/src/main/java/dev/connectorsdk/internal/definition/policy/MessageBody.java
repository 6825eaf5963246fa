package dev.connectorsdk.internal.definition.policy;

import dev.connectorsdk.api.internal.WireText;
import dev.connectorsdk.internal.definition.request.ContentTypes;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The body of a message, read as JSON when a policy looks at it, and written if one changed it. */
final class MessageBody {

  private static final byte[] NONE = {};

  private final byte[] bytes;
  private @Nullable JsonNode json;
  private boolean read;
  private boolean changed;

  MessageBody(byte @Nullable [] bytes) {
    this.bytes = bytes == null ? NONE : bytes;
  }

  boolean isEmpty() {
    return bytes.length == 0;
  }

  /** Returns the body as JSON, or {@code null} if it is none. */
  @Nullable JsonNode json(@Nullable String contentType) {
    if (!read) {
      read = true;
      boolean other =
          contentType != null
              && !ContentTypes.isJson(contentType)
              && !ContentTypes.isText(contentType);
      json = other ? null : parsed(contentType);
    }
    return json;
  }

  private @Nullable JsonNode parsed(@Nullable String contentType) {
    return isEmpty() ? null : ExactJson.read(WireText.utf8(bytes, contentType));
  }

  void set(JsonNode value) {
    json = value;
    read = true;
    changed = true;
  }

  /** Says that the JSON that was returned has changed. */
  void markChanged() {
    changed = true;
  }

  boolean isChanged() {
    return changed;
  }

  /** Returns the object that the body is, whatever its type is called, or {@code null}. */
  @Nullable JsonNode object() {
    boolean looksLikeOne = changed || (bytes.length > 0 && bytes[0] == '{');
    JsonNode value = changed ? json : looksLikeOne ? parsed(null) : null;
    return value != null && value.isObject() ? value : null;
  }

  byte[] written(@Nullable String contentType) {
    JsonNode value = json;
    return changed && value != null ? WireText.json(value, contentType) : bytes;
  }
}
