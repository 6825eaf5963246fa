package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import okhttp3.Headers;

/** The headers of answers, for whoever reads all of them. */
public final class AnswerHeaders {

  /** Most answers have these alone, whose names need not be written anew each time. */
  private static final Map<String, String> USUAL =
      Stream.of(
              "Cache-Control",
              "Connection",
              "Content-Length",
              "Content-Type",
              "Date",
              "ETag",
              "Expires",
              "Last-Modified",
              "Location",
              "Server",
              "Set-Cookie",
              "Strict-Transport-Security",
              "Transfer-Encoding",
              "Vary",
              "Via",
              "X-Content-Type-Options",
              "X-Request-Id")
          .collect(Collectors.toMap(Function.identity(), AnswerHeaders::written));

  /** So many are put in order one by one, which takes long for what a service can make of them. */
  private static final int FEW = 32;

  private AnswerHeaders() {}

  /** Takes a header. */
  public interface Taker {
    void take(String name, String value);
  }

  /** Returns how many headers an answer has at most. */
  public static int count(HttpResponse answer) {
    return answer instanceof BufferedResponse own
        ? own.rawHeaders().size()
        : answer.headers().size();
  }

  /**
   * Hands over the headers in the order of their names, which are in lower case. Those that came
   * several times are one, with a comma between the values.
   */
  public static void each(HttpResponse answer, Taker taker) {
    if (!(answer instanceof BufferedResponse own) || own.rawHeaders().size() > FEW) {
      answer.headers().forEach((name, values) -> taker.take(name, String.join(", ", values)));
      return;
    }
    Headers headers = own.rawHeaders();
    List<String> names = new ArrayList<>(headers.size());
    List<String> values = new ArrayList<>(headers.size());
    for (int i = 0; i < headers.size(); i++) {
      String name = lower(headers.name(i));
      int at = names.size();
      while (at > 0 && names.get(at - 1).compareTo(name) > 0) {
        at--;
      }
      if (at > 0 && names.get(at - 1).equals(name)) {
        values.set(at - 1, values.get(at - 1) + ", " + headers.value(i));
      } else {
        names.add(at, name);
        values.add(at, headers.value(i));
      }
    }
    for (int i = 0; i < names.size(); i++) {
      taker.take(names.get(i), values.get(i));
    }
  }

  /** Returns a header's name in lower case. */
  static String lower(String name) {
    String usual = USUAL.get(name);
    return usual == null ? written(name) : usual;
  }

  private static String written(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
