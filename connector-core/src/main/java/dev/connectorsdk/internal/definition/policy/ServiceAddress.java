package dev.connectorsdk.internal.definition.policy;

import dev.connectorsdk.api.internal.DotSegments;
import dev.connectorsdk.api.internal.PercentEncoding;
import dev.connectorsdk.api.internal.ThisMachine;
import dev.connectorsdk.internal.definition.document.Lookup;
import dev.connectorsdk.internal.definition.policy.PolicyText.Literal;
import dev.connectorsdk.internal.definition.policy.PolicyText.Piece;
import dev.connectorsdk.internal.http.Stage.Trust;
import dev.connectorsdk.internal.http.WireResponse;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * Makes a service URL of the template of a {@code dynamichosturl} policy, and says whose choice the
 * host is.
 *
 * <p>A host of the definition's text and the connection's parameters belongs to the connection. One
 * that the caller of an operation has a say in does so only below a domain that stands in the
 * template; otherwise the connection must have been made for it, or the host application must have
 * allowed it.
 */
final class ServiceAddress implements RequestStep {

  private static final Pattern HOST_CHARACTERS = Pattern.compile("[A-Za-z0-9._-]*");
  private static final Pattern DOUBLED = Pattern.compile("(?i)^(https?://)\\s*https?://");
  private static final Pattern SCHEME = Pattern.compile("(?i)[a-z][a-z0-9+.-]*://");

  private final String written;
  private final PolicyText template;
  private final boolean mayBePlain;

  private ServiceAddress(PolicyArguments arguments) {
    this.written = arguments.get("urlTemplate");
    this.template = PolicyText.of(written);
    this.mayBePlain =
        arguments.plainScheme()
            || (!template.pieces().isEmpty()
                && template.pieces().get(0) instanceof Literal literal
                && Lookup.lower(literal.text().trim()).startsWith("http:"));
  }

  static RequestStep read(PolicyArguments arguments) {
    return new ServiceAddress(arguments);
  }

  @Override
  public @Nullable WireResponse apply(RequestMessage request) {
    List<Piece> pieces = template.pieces();
    StringBuilder text = new StringBuilder();
    boolean callerControlled = false;
    boolean fixed = true;
    for (int i = 0; i < pieces.size(); i++) {
      Piece piece = pieces.get(i);
      String value = request.text(piece, null);
      if (piece instanceof Literal) {
        text.append(value);
      } else if (isInAuthority(text)) {
        fixed = false;
        callerControlled |= request.isCallerControlled(piece);
        text.append(inAuthority(pieces, i, value.trim(), request));
      } else {
        text.append(request.isCallerControlled(piece) ? PercentEncoding.encode(value) : value);
      }
    }
    HttpUrl url = url(text.toString(), request);
    request.moveTo(url, trust(fixed, !callerControlled || domain(pieces) != null));
    return null;
  }

  private static Trust trust(boolean fixed, boolean ofConnection) {
    if (fixed) {
      return Trust.AUTHOR;
    }
    return ofConnection ? Trust.CONNECTION : Trust.NONE;
  }

  private static String inAuthority(
      List<Piece> pieces, int at, String value, RequestMessage request) {
    if (goesOnWithHost(pieces, at) && !HOST_CHARACTERS.matcher(value).matches()) {
      throw request.fault(
          place(pieces.get(at)), "must be a part of a host name, since it stands in one");
    }
    // A whole URL was entered.
    boolean endsTwice = endsWithHost(pieces, at) && value.endsWith("/") && !value.endsWith("//");
    return endsTwice ? value.substring(0, value.length() - 1) : value;
  }

  private static boolean isInAuthority(StringBuilder before) {
    Matcher scheme = SCHEME.matcher(before);
    int from = scheme.lookingAt() ? scheme.end() : 0;
    return before.indexOf("/", from) < 0;
  }

  /** Returns whether text of the host follows: a value must not end the host before it. */
  private static boolean goesOnWithHost(List<Piece> pieces, int at) {
    return at + 1 < pieces.size() && !endsWithHost(pieces, at);
  }

  private static boolean endsWithHost(List<Piece> pieces, int at) {
    return at + 1 < pieces.size()
        && pieces.get(at + 1) instanceof Literal literal
        && literal.text().startsWith("/");
  }

  /** Returns the domain in the template below which all values stand, or {@code null}. */
  private @Nullable String domain(List<Piece> pieces) {
    StringBuilder text = new StringBuilder();
    for (Piece piece : pieces) {
      text.append(piece instanceof Literal literal ? literal.text() : "\0");
    }
    Matcher scheme = SCHEME.matcher(text);
    int from = scheme.lookingAt() ? scheme.end() : 0;
    int slash = text.indexOf("/", from);
    String host = text.substring(from, slash < 0 ? text.length() : slash);
    String after = host.substring(host.lastIndexOf('\0') + 1);
    int colon = after.indexOf(':');
    String suffix = colon < 0 ? after : after.substring(0, colon);
    int dot = suffix.indexOf('.');
    String domain = dot < 0 ? "" : suffix.substring(dot + 1);
    return domain.indexOf('.') > 0 ? domain : null;
  }

  private HttpUrl url(String filled, RequestMessage request) {
    String text = DOUBLED.matcher(filled.trim()).replaceFirst("$1");
    if (!SCHEME.matcher(text).lookingAt()) {
      text = "https://" + text;
    }
    while (text.endsWith("/")) {
      text = text.substring(0, text.length() - 1);
    }
    HttpUrl url = isUnambiguous(text) ? HttpUrl.parse(text) : null;
    if (url == null || hasMoreThanPath(url)) {
      throw request.fault("(service URL)", "is not the URL of a service, " + template(template));
    }
    if (!url.isHttps() && !mayBePlain && !ThisMachine.is(url.host())) {
      throw request.fault("(service URL)", "must be an https URL, " + template(template));
    }
    return url;
  }

  /** OkHttp would take the path for the host where there is none, and a backslash for a slash. */
  private static boolean isUnambiguous(String url) {
    return url.indexOf(":///") < 0
        && url.indexOf('@') < 0
        && url.chars().noneMatch(c -> c <= ' ' || c == '\\' || c == 0x7F)
        && !DotSegments.in(url);
  }

  private static boolean hasMoreThanPath(HttpUrl url) {
    return !url.encodedUsername().isEmpty()
        || !url.encodedPassword().isEmpty()
        || url.query() != null
        || url.fragment() != null;
  }

  @Override
  public String movesTo() {
    return written;
  }

  private static String template(PolicyText template) {
    StringBuilder text = new StringBuilder("made by the definition's template '");
    for (Piece piece : template.pieces()) {
      text.append(piece instanceof Literal literal ? literal.text() : "{" + place(piece) + "}");
    }
    return text.append("'").toString();
  }

  private static String place(Piece piece) {
    return piece instanceof PolicyText.Call call ? call.name() : piece.toString();
  }
}
