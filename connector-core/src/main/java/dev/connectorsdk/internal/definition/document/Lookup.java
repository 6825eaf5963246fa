package dev.connectorsdk.internal.definition.document;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reading of JSON whose authors did not agree on case and types. */
public final class Lookup {

  private Lookup() {}

  /**
   * Returns the member called {@code name}, exactly or else ignoring case; {@code null} if there is
   * none or it is a JSON null.
   */
  public static @Nullable JsonNode find(@Nullable JsonNode object, String name) {
    if (object == null || !object.isObject()) {
      return null;
    }
    JsonNode exact = object.get(name);
    if (exact != null) {
      return exact.isNull() ? null : exact;
    }
    for (Map.Entry<String, JsonNode> member : object.properties()) {
      if (member.getKey().equalsIgnoreCase(name)) {
        return member.getValue().isNull() ? null : member.getValue();
      }
    }
    return null;
  }

  /** Returns the text of a member, or {@code null} if there is none. Looks only at exact names. */
  public static @Nullable String text(JsonNode object, String name) {
    JsonNode member = object.get(name);
    return member != null && member.isString() ? member.stringValue() : null;
  }

  /** Returns the text of a member found ignoring case, or {@code null} if there is none. */
  public static @Nullable String findText(@Nullable JsonNode object, String name) {
    JsonNode member = find(object, name);
    return member != null && member.isString() ? member.stringValue() : null;
  }

  /** Returns whether a node is true, or the text of it. */
  public static boolean isTrue(@Nullable JsonNode node) {
    return node != null
        && (node.isBoolean()
            ? node.booleanValue()
            : node.isString() && node.stringValue().trim().equalsIgnoreCase("true"));
  }

  /** Returns the name among {@code names} that {@code name} means, exact first. */
  public static @Nullable String match(Collection<String> names, String name) {
    if (names.contains(name)) {
      return name;
    }
    for (String candidate : names) {
      if (candidate.equalsIgnoreCase(name)) {
        return candidate;
      }
    }
    return null;
  }

  public static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  public static String upper(String text) {
    return text.toUpperCase(Locale.ROOT);
  }
}
