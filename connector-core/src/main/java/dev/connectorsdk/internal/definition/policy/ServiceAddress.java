package dev.connectorsdk.internal.definition.policy;

import dev.connectorsdk.api.internal.DotSegments;
import dev.connectorsdk.api.internal.PercentEncoding;
import dev.connectorsdk.api.internal.ThisMachine;
import dev.connectorsdk.internal.definition.document.Lookup;
import dev.connectorsdk.internal.definition.policy.PolicyText.Call;
import dev.connectorsdk.internal.definition.policy.PolicyText.Literal;
import dev.connectorsdk.internal.definition.policy.PolicyText.Piece;
import dev.connectorsdk.internal.definition.policy.PolicyText.Source;
import dev.connectorsdk.internal.http.Stage.Trust;
import dev.connectorsdk.internal.http.WireResponse;
import java.util.ArrayList;
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
final class ServiceAddress implements RequestStep {

  private static final Pattern HOST_CHARACTERS = Pattern.compile("[A-Za-z0-9._-]*");
  private static final Pattern HOST_AND_PATH =
      Pattern.compile("(?i)(https?://)?[a-z0-9._-]+(:[0-9]{1,5})?/.*");
  private static final Pattern DOUBLED = Pattern.compile("(?i)^(https?://)\\s*https?://");
  private static final Pattern SCHEME = Pattern.compile("(?i)[a-z][a-z0-9+.-]*://");

  private final String written;
  private final List<Piece> address;
  private final List<Piece> query;
  private final boolean mayBePlain;

  private ServiceAddress(PolicyArguments arguments) {
    this.written = arguments.get("urlTemplate");
    List<Piece> pieces = arguments.text("urlTemplate").pieces();
    this.address = new ArrayList<>();
    this.query = new ArrayList<>();
    pieces.forEach(this::add);
    this.mayBePlain =
        arguments.plainScheme()
            || (!pieces.isEmpty()
                && pieces.get(0) instanceof Literal literal
                && Lookup.lower(literal.text().trim()).startsWith("http:"));
  }

  /** What follows a question mark of the template's own text is the query. */
  private void add(Piece piece) {
    int mark =
        query.isEmpty() && piece instanceof Literal literal ? literal.text().indexOf('?') : -1;
    if (mark < 0) {
      (query.isEmpty() ? address : query).add(piece);
    } else {
      String text = ((Literal) piece).text();
      address.add(new Literal(text.substring(0, mark)));
      query.add(new Literal(text.substring(mark + 1)));
    }
  }

  static RequestStep read(PolicyArguments arguments) {
    return new ServiceAddress(arguments);
  }

  @Override
  public @Nullable WireResponse apply(RequestMessage request) {
    StringBuilder text = new StringBuilder();
    boolean callerControlled = false;
    boolean fixed = true;
    for (int i = 0; i < address.size(); i++) {
      Piece piece = address.get(i);
      String value = request.text(piece, null);
      if (piece instanceof Literal) {
        text.append(value);
      } else if (isInAuthority(text)) {
        fixed = false;
        callerControlled |= request.isCallerControlled(piece);
        text.append(inAuthority(i, value.trim(), request));
      } else {
        text.append(request.isCallerControlled(piece) ? PercentEncoding.encode(value) : value);
      }
    }
    HttpUrl url = url(text.toString(), request);
    request.moveTo(url, trust(fixed, !callerControlled || domain() != null));
    if (!query.isEmpty()) {
      request.beginQuery(query(request), request.isCallerControlled(new PolicyText(query)));
    }
    return null;
  }

  /** Returns the query, encoded. What stands where a parameter begins may be several. */
  private String query(RequestMessage request) {
    StringBuilder text = new StringBuilder();
    for (Piece piece : query) {
      String value = request.text(piece, null);
      boolean begins = text.length() == 0 || text.charAt(text.length() - 1) == '&';
      text.append(
          piece instanceof Literal || begins
              ? PercentEncoding.completeQuery(value)
              : PercentEncoding.encode(value));
    }
    return text.toString();
  }

  @Override
  public ServiceAddress address() {
    return this;
  }

  /** Returns the template as the definition has it. */
  String written() {
    return written;
  }

  /** Returns what the host is made of. */
  private List<Piece> ofHost() {
    List<Piece> pieces = new ArrayList<>();
    StringBuilder before = new StringBuilder();
    for (Piece piece : address) {
      if (isInAuthority(before)) {
        pieces.add(piece);
      }
      before.append(piece instanceof Literal literal ? literal.text() : "x");
    }
    return pieces;
  }

  /**
   * Returns the connection parameter without which there is no host, and which no connection has;
   * {@code null} if there is none.
   *
   * @param declared the names of connection parameters, in lower case
   */
  @Nullable String missing(Set<String> declared) {
    for (Piece piece : ofHost()) {
      if (piece instanceof Call call
          && call.source() == Source.CONNECTION
          && call.otherwise().isEmpty()
          && !declared.contains(Lookup.lower(call.name()))) {
        return call.name();
      }
    }
    return null;
  }

  /** Returns whether the caller of an operation chooses the host. */
  boolean isChosenByCaller(CallerChoices choices) {
    return domain() == null && ofHost().stream().anyMatch(choices::hasSayIn);
  }

  private static Trust trust(boolean fixed, boolean ofConnection) {
    if (fixed) {
      return Trust.AUTHOR;
    }
    return ofConnection ? Trust.CONNECTION : Trust.NONE;
  }

  private String inAuthority(int at, String value, RequestMessage request) {
    if (goesOnWithHost(at)
        && !HOST_CHARACTERS.matcher(value).matches()
        && !endsHost(at, value, request)) {
      throw request.fault(
          place(address.get(at)), "must be a part of a host name, since it stands in one");
    }
    // A whole URL was entered.
    boolean endsTwice = endsWithHost(at) && value.endsWith("/") && !value.endsWith("//");
    return endsTwice ? value.substring(0, value.length() - 1) : value;
  }

  private static boolean isInAuthority(StringBuilder before) {
    Matcher scheme = SCHEME.matcher(before);
    int from = scheme.lookingAt() ? scheme.end() : 0;
    return before.indexOf("/", from) < 0;
  }

  /** Returns whether text of the host follows: a value must not end the host before it. */
  private boolean goesOnWithHost(int at) {
    return at + 1 < address.size() && !endsWithHost(at);
  }

  private boolean endsWithHost(int at) {
    return at + 1 < address.size()
        && address.get(at + 1) instanceof Literal literal
        && literal.text().startsWith("/");
  }

  /**
   * Returns whether a value is a whole host with the beginning of a path, which the next value goes
   * on with. The connection's owner may have it where no text of the template belongs to the host.
   */
  private boolean endsHost(int at, String value, RequestMessage request) {
    return at == 0
        && address.get(1) instanceof Call
        && domain() == null
        && !request.isCallerControlled(address.get(at))
        && HOST_AND_PATH.matcher(value).matches();
  }

  /** Returns the domain in the template below which all values stand, or {@code null}. */
  private @Nullable String domain() {
    StringBuilder text = new StringBuilder();
    for (Piece piece : address) {
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
      throw request.fault("(service URL)", "is not the URL of a service, " + template());
    }
    if (!url.isHttps() && !mayBePlain && !ThisMachine.is(url.host())) {
      throw request.fault("(service URL)", "must be an https URL, " + template());
    }
    return url;
  }

  /** OkHttp would take the path for the host where there is none, and a backslash for a slash. */
  private static boolean isUnambiguous(String url) {
    int path = url.indexOf('/', url.indexOf("://") + 3);
    return url.indexOf(":///") < 0
        && (path < 0 ? url : url.substring(0, path)).indexOf('@') < 0
        && url.chars().noneMatch(c -> c <= ' ' || c == '\\' || c == 0x7F)
        && !DotSegments.in(url);
  }

  private static boolean hasMoreThanPath(HttpUrl url) {
    return !url.encodedUsername().isEmpty()
        || !url.encodedPassword().isEmpty()
        || url.query() != null
        || url.fragment() != null;
  }

  private String template() {
    StringBuilder text = new StringBuilder("made by the definition's template '");
    for (Piece piece : address) {
      text.append(piece instanceof Literal literal ? literal.text() : "{" + place(piece) + "}");
    }
    return text.append("'").toString();
  }

  private static String place(Piece piece) {
    return piece instanceof Call call ? call.name() : piece.toString();
  }
}
