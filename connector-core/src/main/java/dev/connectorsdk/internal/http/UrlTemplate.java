package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.InvalidInputException.Fault;
import dev.connectorsdk.api.internal.DotSegments;
import dev.connectorsdk.api.internal.JsonPointers;
import dev.connectorsdk.api.internal.PercentEncoding;
import dev.connectorsdk.api.internal.Placeholder;
import dev.connectorsdk.api.internal.Placeholders;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * Fills connection parameters into the URLs of a connector, so that a value can never become
 * another host, another path or a credential.
 */
public final class UrlTemplate {

  private static final Pattern DNS_LABEL =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?");
  private static final Pattern SCHEME = Pattern.compile("[A-Za-z0-9+.-]*://");
  private static final Pattern HOST_CHARACTERS =
      Pattern.compile("[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?");

  /** A declared parameter and the text that the connection has for it. */
  public record Value(ConnectionParameter parameter, @Nullable String text) {}

  private enum Position {
    BEGINNING,
    AUTHORITY,
    PATH,
    QUERY
  }

  private UrlTemplate() {}

  /**
   * Returns the URL.
   *
   * @param values looks up a parameter by the name in braces; returns {@code null} for one that the
   *     connector does not declare
   * @throws InvalidInputException naming the parameter, if its value is missing or does not fit
   * @throws IllegalArgumentException if the template itself is not a URL
   */
  public static HttpUrl expand(String template, TemplateValues values) {
    String chosen = chosen(template, values);
    if (lacksHost(chosen)) {
      for (String name : namesInHost(template)) {
        Value value = values.get(name);
        if (value != null) {
          throw fault(value, "has none of the values that the service has an address for");
        }
      }
    }
    return filled(chosen, values);
  }

  /**
   * Returns the URL, and whether the user who made the connection has a say in its host. A list of
   * choices leaves the say to the connector's author.
   *
   * @throws InvalidInputException as {@link #expand} does
   */
  public static ServiceUrl service(String template, TemplateValues values) {
    String chosen = chosen(template, values);
    boolean chosenByUser = !haveChoices(namesInHost(chosen), values);
    return new ServiceUrl(expand(template, values), chosenByUser, isFixed(chosen, values));
  }

  /** A URL parser would take the first part of the path for the host. */
  private static boolean lacksHost(String chosen) {
    int scheme = chosen.indexOf("://");
    if (scheme < 0) {
      return false;
    }
    int end = scheme + 3;
    while (end < chosen.length() && "/?#:".indexOf(chosen.charAt(end)) < 0) {
      end++;
    }
    String host = chosen.substring(scheme + 3, end);
    return host.isEmpty() || host.startsWith(".") || host.endsWith(".") || host.contains("..");
  }

  /**
   * Returns the template with only names between its braces: {@code {a|b=text}} as {@code {a}},
   * {@code {b}} or the text, whichever there is.
   */
  public static String chosen(String template, TemplateValues values) {
    return Placeholders.reduce(template, name -> text(name, values));
  }

  /** Returns whether there is a value for each parameter that a template needs. */
  public static boolean isFilled(String template, TemplateValues values) {
    return names(chosen(template, values)).stream().allMatch(name -> text(name, values) != null);
  }

  private static @Nullable String text(String name, TemplateValues values) {
    Value value = values.get(name);
    String text = value == null ? null : value.text();
    return text == null || text.isEmpty() ? null : text;
  }

  private static HttpUrl filled(String template, TemplateValues values) {
    if (Placeholders.hasLooseBrace(template)) {
      throw new IllegalArgumentException(
          "URL template '" + template + "' has a brace without partner");
    }
    StringBuilder url = new StringBuilder(template.length() + 32);
    for (Placeholders.Part part : Placeholders.parts(template)) {
      if (part.isPlaceholder()) {
        append(url, declared(template, part.text().strip(), values), partAfter(url));
      } else {
        url.append(part.text());
      }
    }
    return parse(template, url.toString());
  }

  private static Value declared(String template, String name, TemplateValues values) {
    Value value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException(
          "URL template '" + template + "' names a parameter that is not declared: " + name);
    }
    return value;
  }

  /**
   * Returns whether the host is the author's choice: its parameters, if any, are labels below a
   * domain that stands in the template, or have a list of choices.
   */
  public static boolean hasFixedHost(String template, TemplateValues values) {
    return isFixed(chosen(template, values), values);
  }

  private static boolean isFixed(String template, TemplateValues values) {
    List<Placeholders.Part> host = host(template);
    if (!hasPlaceholder(host)) {
      return true;
    }
    String domain =
        host.get(host.size() - 1).isPlaceholder() ? "" : host.get(host.size() - 1).text();
    boolean belowDomain =
        !host.get(0).isPlaceholder() && domain.startsWith(".") && domain.indexOf('.', 1) > 1;
    return belowDomain || haveChoices(namesInHost(template), values);
  }

  private static boolean hasPlaceholder(List<Placeholders.Part> parts) {
    for (Placeholders.Part part : parts) {
      if (part.isPlaceholder()) {
        return true;
      }
    }
    return false;
  }

  /** Returns what of a template decides where it leads: all before the path, query or fragment. */
  private static List<Placeholders.Part> host(String template) {
    List<Placeholders.Part> host = new ArrayList<>();
    for (Placeholders.Part part : Placeholders.parts(template)) {
      int end = part.isPlaceholder() ? -1 : endOfHost(part.text());
      if (end >= 0) {
        host.add(new Placeholders.Part(part.text().substring(0, end), false));
        break;
      }
      host.add(part);
    }
    return host;
  }

  /** Returns where the host ends in a stretch of text, or -1 if it goes on. */
  private static int endOfHost(String text) {
    Matcher scheme = SCHEME.matcher(text);
    int end = scheme.lookingAt() ? scheme.end() : 0;
    while (end < text.length() && "/?#".indexOf(text.charAt(end)) < 0) {
      end++;
    }
    return end < text.length() ? end : -1;
  }

  private static boolean haveChoices(List<String> names, TemplateValues values) {
    for (String name : names) {
      Value value = values.get(name);
      if (value == null || value.parameter().choices().isEmpty()) {
        return false;
      }
    }
    return true;
  }

  /** Returns the parameters that a template names, in their order. */
  public static List<String> names(String template) {
    return Placeholders.names(template);
  }

  /** Returns the parameters that have a say in where a template leads. */
  public static List<String> namesInHost(String template) {
    List<String> names = new ArrayList<>();
    for (Placeholders.Part part : host(template)) {
      if (part.isPlaceholder()) {
        names.addAll(Placeholder.parse(part.text()).names());
      }
    }
    return names;
  }

  /** Returns whether a URL is on the origin that {@code origin} names. */
  public static boolean isOn(String origin, HttpUrl url) {
    HttpUrl allowed = HttpUrl.parse(origin);
    return allowed != null && Origins.isOn(Origins.of(allowed), url);
  }

  private static Position partAfter(StringBuilder before) {
    if (before.length() == 0) {
      return Position.BEGINNING;
    }
    int authority = before.indexOf("://");
    if (authority < 0) {
      return Position.AUTHORITY;
    }
    if (before.indexOf("?") >= 0) {
      return Position.QUERY;
    }
    return before.indexOf("/", authority + 3) >= 0 ? Position.PATH : Position.AUTHORITY;
  }

  private static void append(StringBuilder url, Value value, Position part) {
    String text = value.text();
    if (text == null || text.isEmpty()) {
      throw fault(value, "is needed for the service's address");
    }
    switch (part) {
      case BEGINNING -> url.append(instanceUrl(value, text));
      case AUTHORITY -> url.append(hostPart(value, text));
      case PATH -> {
        if (DotSegments.is(text)) {
          throw fault(value, "must not be '.' or '..', since it stands in a path");
        }
        url.append(PercentEncoding.encode(text));
      }
      case QUERY -> url.append(PercentEncoding.encode(text));
    }
  }

  private static String hostPart(Value value, String text) {
    if (value.parameter().pattern() == null && value.parameter().choices().isEmpty()) {
      if (!DNS_LABEL.matcher(text).matches()) {
        throw fault(value, "must be one part of a host name: letters, digits and inner '-'");
      }
    } else if (!HOST_CHARACTERS.matcher(text).matches()) {
      throw fault(value, "must be a host name or a part of one, since it stands in one");
    }
    return text;
  }

  private static String instanceUrl(Value value, String text) {
    HttpUrl url = Origins.isPlain(text) && text.indexOf('\\') < 0 ? HttpUrl.parse(text) : null;
    if (url == null || url.query() != null || url.fragment() != null) {
      throw fault(
          value, "must be a URL that begins with https://, without user, query and fragment");
    }
    if (!Origins.of(url).isSecure()) {
      throw fault(value, "must be an https URL");
    }
    String address = url.toString();
    return address.endsWith("/") ? address.substring(0, address.length() - 1) : address;
  }

  private static HttpUrl parse(String template, String address) {
    HttpUrl url = address.indexOf('\\') >= 0 ? null : HttpUrl.parse(address);
    if (url == null || !url.encodedUsername().isEmpty() || url.fragment() != null) {
      throw new IllegalArgumentException(
          "URL template '" + template + "' does not give an http or https URL");
    }
    return url;
  }

  private static InvalidInputException fault(Value value, String problem) {
    return new InvalidInputException(
        "the connection's parameters",
        List.of(new Fault(JsonPointers.child("", value.parameter().name()), problem)));
  }
}
