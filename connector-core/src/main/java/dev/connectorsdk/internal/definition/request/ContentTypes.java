package dev.connectorsdk.internal.definition.request;

import dev.connectorsdk.internal.definition.document.Lookup;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Media types, and which of those that an operation lists is the one to send. */
public final class ContentTypes {

  public static final String JSON = "application/json";
  public static final String FORM = "application/x-www-form-urlencoded";
  static final String MULTIPART = "multipart/form-data";
  static final String OCTETS = "application/octet-stream";

  private ContentTypes() {}

  /**
   * Returns a text that is to stand in a header.
   *
   * @throws IllegalArgumentException if it could end the header
   */
  static String requireOneLine(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < ' ' || text.charAt(i) == 0x7F) {
        throw new IllegalArgumentException(
            "has a content type or file name with a character that is not allowed");
      }
    }
    return text;
  }

  /** Returns the type without parameters, in lower case. */
  static String bare(String contentType) {
    int semicolon = contentType.indexOf(';');
    return Lookup.lower(semicolon < 0 ? contentType : contentType.substring(0, semicolon)).trim();
  }

  public static boolean isJson(String contentType) {
    String bare = bare(contentType);
    return bare.endsWith("/json") || bare.endsWith("+json");
  }

  public static boolean isText(String contentType) {
    return bare(contentType).startsWith("text/");
  }

  public static boolean isForm(String contentType) {
    return bare(contentType).equals(FORM);
  }

  static boolean isMultipart(String contentType) {
    return bare(contentType).startsWith("multipart/");
  }

  /**
   * Returns the type for a body that is one value: JSON if it is among the listed ones, else the
   * first. A multipart type is no type for one value; definitions that list it for one mean JSON. A
   * range such as {@code *}{@code /*} is no type to send.
   *
   * @return {@code null} if none fits
   */
  static @Nullable String forValue(List<String> consumes) {
    String first = null;
    for (String type : consumes) {
      if (bare(type).equals(JSON)) {
        return type;
      }
      if (first == null && !isMultipart(type) && type.indexOf('*') < 0) {
        first = type;
      }
    }
    return first;
  }

  /**
   * Returns whether a form without files is sent in parts.
   *
   * @param chosen what a header says, which counts if it is a type of form
   */
  static boolean isInParts(@Nullable String chosen, List<String> consumes) {
    if (chosen != null && (isForm(chosen) || isMultipart(chosen))) {
      return isMultipart(chosen);
    }
    return consumes.stream().anyMatch(ContentTypes::isMultipart);
  }
}
