package dev.connectorsdk.api.webhook;

import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a value stands in a delivery.
 *
 * <pre>{@code
 * Place.header("X-Hub-Signature-256").after("sha256=")
 * Place.header("Stripe-Signature").part(",", "v1=")
 * Place.json("/webhookTimestamp")
 * }</pre>
 *
 * <p>A value has to be unambiguous: a header that comes twice, a field that comes twice and JSON
 * with a doubled name are refused. Only a signature may stand in several parts, of which one has to
 * fit.
 *
 * @param source which part of the delivery
 * @param name of a header in lower case, of a parameter, a field or a claim; or a JSON pointer (RFC
 *     6901)
 * @param separator between the parts of the value, or {@code null} if it has none; blanks around a
 *     part do not count
 * @param prefix what stands before the value itself; a part without it is not meant
 */
public record Place(Source source, String name, @Nullable String separator, String prefix) {

  private static final Pattern HEADER = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  /** A part of a delivery. */
  public enum Source {
    /** A header. */
    HEADER,
    /** A parameter of the query, decoded. */
    QUERY,
    /** A field of a body of type {@code application/x-www-form-urlencoded}, decoded. */
    FORM,
    /** A text, number or boolean in a JSON body; {@code null} counts as missing. */
    JSON,
    /** A claim of the JWT that is the signature; RFC 7519 section 4. */
    CLAIM
  }

  public Place {
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(prefix, "prefix");
    if (source == Source.HEADER) {
      if (!HEADER.matcher(name).matches()) {
        throw new IllegalArgumentException("Not the name of a header: '" + name + "'");
      }
      name = name.toLowerCase(Locale.ROOT);
    }
    if (source == Source.JSON ? !name.startsWith("/") : name.isEmpty()) {
      throw new IllegalArgumentException(
          source == Source.JSON
              ? "Not a JSON pointer below the whole body: '" + name + "'"
              : "A place needs a name");
    }
    if (separator != null && separator.isEmpty()) {
      throw new IllegalArgumentException("The separator of " + name + " is empty");
    }
  }

  /** Returns a header, whose name is in any case. */
  public static Place header(String name) {
    return new Place(Source.HEADER, name, null, "");
  }

  /** Returns the token of {@code Authorization: Bearer}; RFC 6750 section 2.1. */
  public static Place bearer() {
    return header("authorization").after("Bearer ");
  }

  /** Returns a parameter of the query. */
  public static Place query(String name) {
    return new Place(Source.QUERY, name, null, "");
  }

  /** Returns a field of a form. */
  public static Place form(String name) {
    return new Place(Source.FORM, name, null, "");
  }

  /** Returns a member of a JSON body; {@code pointer} is such as {@code /data/id}. */
  public static Place json(String pointer) {
    return new Place(Source.JSON, pointer, null, "");
  }

  /** Returns a claim of the JWT that is the signature. */
  public static Place claim(String name) {
    return new Place(Source.CLAIM, name, null, "");
  }

  /** Returns whether the value is in the body of a request. */
  public boolean isInBody() {
    return source == Source.JSON || source == Source.FORM;
  }

  /** Returns a copy whose value comes after {@code prefix}, such as {@code sha256=}. */
  public Place after(String prefix) {
    return new Place(source, name, separator, prefix);
  }

  /**
   * Returns a copy whose value is the part that begins with {@code prefix}, without it.
   *
   * @param separator between the parts, such as a comma
   */
  public Place part(String separator, String prefix) {
    return new Place(source, name, Objects.requireNonNull(separator, "separator"), prefix);
  }

  /** Returns the place in words, such as {@code header x-hub-signature-256}. */
  @Override
  public String toString() {
    String where =
        switch (source) {
          case HEADER -> "header ";
          case QUERY -> "query parameter ";
          case FORM -> "form field ";
          case JSON -> "JSON member ";
          case CLAIM -> "claim ";
        };
    String part = separator == null ? "" : ", part " + prefix.strip();
    return where + name + part;
  }
}
