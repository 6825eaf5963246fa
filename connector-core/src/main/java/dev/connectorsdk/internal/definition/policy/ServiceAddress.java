package dev.connectorsdk.internal.definition.policy;

import dev.connectorsdk.internal.definition.document.Lookup;
import dev.connectorsdk.internal.definition.document.PercentEncoding;
import dev.connectorsdk.internal.definition.policy.PolicyText.Literal;
import dev.connectorsdk.internal.definition.policy.PolicyText.Piece;
import java.util.List;
import java.util.Set;
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
final class ServiceAddress {

  private static final Pattern HOST_CHARACTERS = Pattern.compile("[A-Za-z0-9._-]*");
  private static final Pattern DOUBLED = Pattern.compile("(?i)^(https?://)\\s*https?://");
  private static final Pattern SCHEME = Pattern.compile("(?i)[a-z][a-z0-9+.-]*://");
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1");

  private final PolicyText template;
  private final boolean mayBePlain;

  /**
   * @param plainScheme whether the definition itself asks for http
   */
  ServiceAddress(PolicyText template, boolean plainScheme) {
    this.template = template;
    this.mayBePlain =
        plainScheme
            || (!template.pieces().isEmpty()
                && template.pieces().get(0) instanceof Literal literal
                && Lookup.lower(literal.text().trim()).startsWith("http:"));
  }

  /** Moves a request. */
  void apply(PolicyRun run, HostRules hosts) {
    List<Piece> pieces = template.pieces();
    StringBuilder text = new StringBuilder();
    boolean callers = false;
    for (int i = 0; i < pieces.size(); i++) {
      Piece piece = pieces.get(i);
      String value = run.text(piece, null);
      if (!(piece instanceof Literal) && isInAuthority(text)) {
        callers |= run.isCallers(piece);
        if (goesOnWithHost(pieces, i) && !HOST_CHARACTERS.matcher(value.trim()).matches()) {
          throw run.fault(place(piece), "must be a part of a host name, since it stands in one");
        }
        value = value.trim();
        if (endsWithHost(pieces, i) && value.endsWith("/") && !value.endsWith("//")) {
          // A whole URL was entered.
          value = value.substring(0, value.length() - 1);
        }
      } else if (!(piece instanceof Literal) && run.isCallers(piece)) {
        value = PercentEncoding.value(value);
      }
      text.append(value);
    }
    HttpUrl url = url(text.toString(), run);
    boolean vouched = !callers || domain(pieces) != null || hosts.vouchFor(url);
    if (!vouched && !run.allows(url)) {
      throw hosts.refusal(url);
    }
    String address = url.toString();
    run.moveTo(
        address.endsWith("/") ? address.substring(0, address.length() - 1) : address, vouched);
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

  private HttpUrl url(String filled, PolicyRun run) {
    String text = DOUBLED.matcher(filled.trim()).replaceFirst("$1");
    if (!SCHEME.matcher(text).lookingAt()) {
      text = "https://" + text;
    }
    while (text.endsWith("/")) {
      text = text.substring(0, text.length() - 1);
    }
    // OkHttp would take the path for the host where there is none.
    boolean ambiguous =
        text.indexOf(":///") >= 0 || text.chars().anyMatch(c -> c <= ' ' || c == '\\' || c == 0x7F);
    HttpUrl url = ambiguous ? null : HttpUrl.parse(text);
    if (url == null
        || !url.encodedUsername().isEmpty()
        || !url.encodedPassword().isEmpty()
        || text.indexOf('@') >= 0
        || url.query() != null
        || url.fragment() != null
        || hasDots(text)) {
      throw run.fault("(service URL)", "is not the URL of a service, " + template(template));
    }
    if (!url.isHttps() && !mayBePlain && !LOOPBACK.contains(url.host())) {
      throw run.fault("(service URL)", "must be an https URL, " + template(template));
    }
    return url;
  }

  private static boolean hasDots(String url) {
    for (String segment : url.split("/", -1)) {
      String decoded = PercentEncoding.decode(segment);
      if (decoded.equals(".") || decoded.equals("..")) {
        return true;
      }
    }
    return false;
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
