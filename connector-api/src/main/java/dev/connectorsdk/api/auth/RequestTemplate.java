package dev.connectorsdk.api.auth;

import dev.connectorsdk.api.auth.OAuth2Scheme.ClientAuthentication;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A request on the way to a token, as data. Immutable: each method that changes something returns a
 * copy.
 *
 * <pre>{@code
 * RequestTemplate.post("https://{site}.example.com/session").json()
 *     .parameter("user", "{username}")
 *     .parameter("password", "{password}")
 *     .header("X-Api-Version", "{version=2024-01}")
 *     .answer(fields -> fields.accessToken("/data/token"))
 * }</pre>
 *
 * <p>URL, header values and parameter values are templates. {@code {name}} is a value, {@code
 * {a|b}} the first one that there is, {@code {a=text}} a text if there is none, and {@code
 * {a?X,Y=text}} a text if the value is X or Y and nothing otherwise. The README of connector-auth
 * lists the names. A parameter or header of which a value is missing is not sent.
 */
public final class RequestTemplate {

  /** How parameters travel. */
  public enum Format {
    /** As {@code application/x-www-form-urlencoded}. */
    FORM,
    /**
     * As a JSON object. A parameter whose name begins with a slash is a JSON pointer: {@code
     * /auth/user} is the member {@code user} of the object {@code auth}.
     */
    JSON,
    /** In the query of the URL, without a body. */
    QUERY
  }

  private final String method;
  private final String url;
  private final Format format;
  private final Map<String, String> headers;
  private final Map<String, String> parameters;
  private final Map<String, String> names;
  private final Set<String> raw;
  private final @Nullable ClientAuthentication clientAuthentication;
  private final TokenFields answer;
  private final boolean atSignInOnly;

  private RequestTemplate(Draft draft) {
    this.method = draft.method;
    this.url = draft.url;
    this.format = draft.format;
    this.headers = Collections.unmodifiableMap(new LinkedHashMap<>(draft.headers));
    this.parameters = Collections.unmodifiableMap(new LinkedHashMap<>(draft.parameters));
    this.names = Collections.unmodifiableMap(new LinkedHashMap<>(draft.names));
    this.raw = Collections.unmodifiableSet(new LinkedHashSet<>(draft.raw));
    this.clientAuthentication = draft.clientAuthentication;
    this.answer = draft.answer;
    this.atSignInOnly = draft.atSignInOnly;
  }

  /** Returns a POST of a form. */
  public static RequestTemplate post(String url) {
    return new RequestTemplate(new Draft("POST", url, Format.FORM));
  }

  /** Returns a GET with its parameters in the query. */
  public static RequestTemplate get(String url) {
    return new RequestTemplate(new Draft("GET", url, Format.QUERY));
  }

  /** Returns a copy that goes to another URL. */
  public RequestTemplate to(String url) {
    return changed(draft -> draft.url = Objects.requireNonNull(url, "url"));
  }

  /** Returns a copy that is a POST of a form. */
  public RequestTemplate form() {
    return sent("POST", Format.FORM);
  }

  /** Returns a copy that is a POST of a JSON object. */
  public RequestTemplate json() {
    return sent("POST", Format.JSON);
  }

  /** Returns a copy that is a POST without a body, its parameters in the query. */
  public RequestTemplate query() {
    return sent("POST", Format.QUERY);
  }

  /** Returns a copy that is a GET, its parameters in the query. */
  public RequestTemplate byGet() {
    return sent("GET", Format.QUERY);
  }

  private RequestTemplate sent(String method, Format format) {
    return changed(
        draft -> {
          draft.method = method;
          draft.format = format;
        });
  }

  /** Returns a copy with a header, in place of one of the same name. */
  public RequestTemplate header(String name, String template) {
    return changed(draft -> draft.headers.put(name, Objects.requireNonNull(template)));
  }

  /** Returns a copy with a parameter, in place of one of the same name. */
  public RequestTemplate parameter(String name, String template) {
    return changed(draft -> draft.parameters.put(name, Objects.requireNonNull(template)));
  }

  /**
   * Returns a copy with a parameter whose value is put into the URL or form as it is, for servers
   * that do not decode it. Characters that would end the value are encoded nevertheless.
   */
  public RequestTemplate rawParameter(String name, String template) {
    return changed(
        draft -> {
          draft.parameters.put(name, Objects.requireNonNull(template));
          draft.raw.add(name);
        });
  }

  /** Returns a copy without a parameter, a default one of the grant included. */
  public RequestTemplate without(String name) {
    return changed(draft -> draft.parameters.remove(name));
  }

  /** Returns a copy without the parameters that were there, defaults of the grant included. */
  public RequestTemplate withoutParameters() {
    return changed(draft -> draft.parameters.clear());
  }

  /**
   * Returns a copy that sends a parameter of the standard under another name, {@code client_id},
   * {@code client_secret} and what else proves the client included.
   */
  public RequestTemplate renamed(String standardName, String name) {
    return changed(draft -> draft.names.put(standardName, Objects.requireNonNull(name)));
  }

  /** Returns a copy by which the client proves itself in another way than the scheme says. */
  public RequestTemplate clientAuthentication(ClientAuthentication method) {
    return changed(draft -> draft.clientAuthentication = Objects.requireNonNull(method));
  }

  /** Returns a copy whose answer is read differently. */
  public RequestTemplate answer(UnaryOperator<TokenFields> change) {
    return changed(draft -> draft.answer = change.apply(draft.answer));
  }

  /**
   * Returns a copy that is sent after a sign-in or a first acquisition, and not after a renewal.
   * Only for requests that follow one which gets a token.
   */
  public RequestTemplate atSignInOnly() {
    return changed(draft -> draft.atSignInOnly = true);
  }

  /** Returns the HTTP method. */
  public String method() {
    return method;
  }

  /** Returns the template of the URL. */
  public String url() {
    return url;
  }

  /** Returns how parameters travel. */
  public Format format() {
    return format;
  }

  /** Returns the templates of headers, in order. */
  public Map<String, String> headers() {
    return headers;
  }

  /** Returns the templates of parameters by their standard names, in order. */
  public Map<String, String> parameters() {
    return parameters;
  }

  /** Returns the name under which a parameter is sent. */
  public String nameOf(String standardName) {
    return names.getOrDefault(standardName, standardName);
  }

  /** Returns whether a parameter's value is not encoded. */
  public boolean isRaw(String name) {
    return raw.contains(name);
  }

  /** Returns how the client proves itself, or {@code null} for the way of the scheme. */
  public @Nullable ClientAuthentication clientAuthentication() {
    return clientAuthentication;
  }

  /** Returns how the answer is read. */
  public TokenFields answer() {
    return answer;
  }

  /** Returns whether it is left out after a renewal. */
  public boolean isAtSignInOnly() {
    return atSignInOnly;
  }

  /** Returns method and URL. */
  @Override
  public String toString() {
    return method + " " + url + " " + format + " " + parameters.keySet();
  }

  private RequestTemplate changed(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return new RequestTemplate(draft);
  }

  private static final class Draft {
    String method;
    String url;
    Format format;
    final Map<String, String> headers = new LinkedHashMap<>();
    final Map<String, String> parameters = new LinkedHashMap<>();
    final Map<String, String> names = new LinkedHashMap<>();
    final Set<String> raw = new LinkedHashSet<>();
    @Nullable ClientAuthentication clientAuthentication;
    TokenFields answer = TokenFields.standard();
    boolean atSignInOnly;

    Draft(String method, String url, Format format) {
      this.method = method;
      this.url = Objects.requireNonNull(url, "url");
      this.format = format;
    }

    Draft(RequestTemplate from) {
      this(from.method, from.url, from.format);
      headers.putAll(from.headers);
      parameters.putAll(from.parameters);
      names.putAll(from.names);
      raw.addAll(from.raw);
      clientAuthentication = from.clientAuthentication;
      answer = from.answer;
      atSignInOnly = from.atSignInOnly;
    }
  }
}
