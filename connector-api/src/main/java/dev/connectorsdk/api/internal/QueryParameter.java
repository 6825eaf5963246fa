package dev.connectorsdk.api.internal;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A parameter of a query or of a form, decoded. */
public record QueryParameter(String name, String value) {

  /**
   * Returns the parameters of an encoded query or form, in order. One without equals sign has an
   * empty value.
   *
   * @param encoded without question mark; {@code null} is like an empty text
   * @param plusIsSpace whether a plus sign means a space, as in forms
   */
  public static List<QueryParameter> parse(@Nullable String encoded, boolean plusIsSpace) {
    List<QueryParameter> parameters = new ArrayList<>();
    if (encoded == null || encoded.isEmpty()) {
      return parameters;
    }
    String text = plusIsSpace ? encoded.replace('+', ' ') : encoded;
    for (int from = 0, end; from <= text.length(); from = end + 1) {
      end = text.indexOf('&', from);
      end = end < 0 ? text.length() : end;
      if (end > from) {
        parameters.add(pair(text.substring(from, end)));
      }
    }
    return parameters;
  }

  private static QueryParameter pair(String pair) {
    int equals = pair.indexOf('=');
    return new QueryParameter(
        PercentEncoding.decode(equals < 0 ? pair : pair.substring(0, equals)),
        equals < 0 ? "" : PercentEncoding.decode(pair.substring(equals + 1)));
  }
}
