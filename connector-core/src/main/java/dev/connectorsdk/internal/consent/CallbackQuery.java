package dev.connectorsdk.internal.consent;

import dev.connectorsdk.api.error.ConsentException;
import dev.connectorsdk.api.error.ConsentException.Reason;
import dev.connectorsdk.api.internal.Origin;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The query of a callback, decoded as a form. */
final class CallbackQuery {

  private static final int MAX_LENGTH = 64 * 1024;

  private CallbackQuery() {}

  static Map<String, List<String>> parse(@Nullable String query) {
    if (query == null || query.length() > MAX_LENGTH) {
      throw malformed();
    }
    Map<String, List<String>> parameters = new LinkedHashMap<>();
    for (String pair : query.split("&", -1)) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        String name = decode(equals < 0 ? pair : pair.substring(0, equals));
        String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
        parameters.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
      }
    }
    return parameters;
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw malformed();
    }
  }

  private static ConsentException malformed() {
    return new ConsentException(Reason.MALFORMED, "The callback has no readable query");
  }

  /** Returns whether two URLs are the same but for query and fragment. */
  static boolean isSameAddress(URI one, URI other) {
    try {
      return Origin.of(one).equals(Origin.of(other)) && one.getRawPath().equals(other.getRawPath());
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
