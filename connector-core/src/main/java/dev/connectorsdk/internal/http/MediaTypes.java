package dev.connectorsdk.internal.http;

import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import okhttp3.MediaType;
import org.jspecify.annotations.Nullable;

/** Media types, of which most requests and answers have one of a few. */
final class MediaTypes {

  private static final Map<String, MediaType> USUAL =
      Stream.of(
              "application/json",
              "application/json;charset=utf-8",
              "application/json; charset=utf-8",
              "application/json;charset=UTF-8",
              "application/json; charset=UTF-8",
              "application/x-www-form-urlencoded")
          .collect(Collectors.toMap(Function.identity(), MediaType::get));

  private static final Map<String, String> BARE =
      USUAL.entrySet().stream()
          .collect(Collectors.toMap(Map.Entry::getKey, usual -> bare(usual.getValue())));

  private MediaTypes() {}

  /** Reads a media type; returns {@code null} if it is none. */
  static @Nullable MediaType of(String text) {
    MediaType usual = USUAL.get(text);
    return usual == null ? MediaType.parse(text) : usual;
  }

  /** Returns a media type in lower case and without its parameters; {@code null} if it is none. */
  static @Nullable String bare(String text) {
    String usual = BARE.get(text);
    if (usual != null) {
      return usual;
    }
    MediaType type = MediaType.parse(text);
    return type == null ? null : bare(type);
  }

  private static String bare(MediaType type) {
    String text = type.toString();
    int end = text.indexOf(';');
    return (end < 0 ? text : text.substring(0, end)).toLowerCase(Locale.ROOT);
  }
}
