package dev.connectorsdk.internal.http;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import okhttp3.HttpUrl;

/** Reads one {@code Link} header (RFC 8288, section 3). What does not parse holds no link. */
final class LinkHeader {

  private final HeaderText text;
  private final HttpUrl url;

  private LinkHeader(String text, HttpUrl url) {
    this.text = new HeaderText(text);
    this.url = url;
  }

  /**
   * Returns the target of the first link with the relation {@code next}: relations are compared
   * without regard to case, one link may have several, and only its first {@code rel} counts. A
   * link with an anchor leads from there, which can be the resource itself.
   *
   * @param url what has answered
   */
  static Optional<String> next(List<String> headers, HttpUrl url) {
    return headers.stream()
        .flatMap(header -> new LinkHeader(header, url).next().stream())
        .findFirst();
  }

  private Optional<String> next() {
    while (text.until('<') != null) {
      String target = text.until('>');
      if (target == null) {
        break;
      }
      if (parameters()) {
        return Optional.of(target);
      }
    }
    return Optional.empty();
  }

  /** Reads the parameters of a link and returns whether they say that it is the next one. */
  private boolean parameters() {
    String relation = null;
    boolean isFromHere = true;
    while (text.comes(';')) {
      String name = text.token("=;,");
      String value = text.comes('=') ? text.value() : "";
      if (name.equalsIgnoreCase("rel") && relation == null) {
        relation = value;
      }
      isFromHere &= !name.equalsIgnoreCase("anchor") || url.equals(url.resolve(value));
    }
    return isFromHere
        && relation != null
        && Arrays.stream(relation.split("\\s+")).anyMatch("next"::equalsIgnoreCase);
  }
}
