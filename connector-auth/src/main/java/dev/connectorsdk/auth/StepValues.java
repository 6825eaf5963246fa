package dev.connectorsdk.auth;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.auth.JwtTemplate;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.internal.DotSegments;
import dev.connectorsdk.api.internal.PercentEncoding;
import dev.connectorsdk.api.internal.Placeholder;
import dev.connectorsdk.api.internal.Placeholders;
import dev.connectorsdk.api.internal.Placeholders.Part;
import dev.connectorsdk.auth.StepFailure.Kind;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What may stand in braces in the requests of one acquisition: what the grant and earlier answers
 * gave, what can be made of it, the client, and the parameters of the connection, in this order.
 */
final class StepValues {

  private static final Set<String> OF_PROTOCOL =
      Set.of(
          "client_id", "client_secret", "code", "redirect_uri", "refresh_token", "scope", "state");

  private final OAuth2Scheme scheme;
  private final AuthContext context;
  private final @Nullable Metadata metadata;
  private final Map<String, Secret> given;
  private @Nullable OAuthClient client;
  private @Nullable Expanded expanded;

  /** A URL, and what it was made of. */
  private record Expanded(String text, URI url) {}

  StepValues(
      OAuth2Scheme scheme,
      AuthContext context,
      @Nullable Metadata metadata,
      Map<String, Secret> given) {
    this.scheme = scheme;
    this.context = context;
    this.metadata = metadata;
    this.given = new HashMap<>(given);
  }

  /** Adds what later requests can use; {@code null} takes it away. */
  void put(String name, @Nullable Secret value) {
    if (value == null) {
      given.remove(name);
    } else {
      given.put(name, value);
    }
  }

  /** Says which scopes were granted, or are asked for, instead of those of the scheme. */
  void grant(List<String> scopes) {
    put("scope", Secret.of(String.join(scheme.scopeSeparator(), scopes)));
  }

  /** Returns scopes, each once. */
  String distinct(String joined) {
    String separator = scheme.scopeSeparator();
    if (separator.isEmpty() || !joined.contains(separator)) {
      return joined;
    }
    return Arrays.stream(joined.split(Pattern.quote(separator)))
        .filter(scope -> !scope.isEmpty())
        .distinct()
        .collect(Collectors.joining(separator));
  }

  /** Says by which client the present request is made, or that by none. */
  void as(@Nullable OAuthClient client) {
    this.client = client;
  }

  /** Returns the text, which is empty as a whole if a value is missing. */
  String expand(String template) {
    String filled = Placeholders.fill(template, this::get);
    return filled == null ? "" : filled;
  }

  List<String> expand(List<String> templates) {
    List<String> texts = new ArrayList<>(templates.size());
    for (String template : templates) {
      String text = expand(template);
      if (!text.isEmpty()) {
        texts.add(text);
      }
    }
    return Collections.unmodifiableList(texts);
  }

  /** Returns a value, or {@code null} if there is none. */
  @Nullable String get(String name) {
    Secret value = given.get(name);
    if (value != null) {
      return value.reveal();
    }
    String made = made(name);
    if (made != null) {
      return made;
    }
    Secret ofHost = context.client().map(ClientRegistration::values).orElseGet(Map::of).get(name);
    if (ofHost != null) {
      return ofHost.reveal();
    }
    Secret secret = context.secret(name);
    return secret != null ? secret.reveal() : context.parameter(name);
  }

  private @Nullable String made(String name) {
    return switch (name) {
      case "scope" -> String.join(scheme.scopeSeparator(), expand(scheme.scopes()));
      case "issuer" -> issuer();
      case "assertion" -> assertion();
      case "user_assertion" -> userAssertion();
      case "client_id" -> clientId();
      case "client_secret" -> clientSecret();
      default -> endpoint(name);
    };
  }

  private @Nullable String endpoint(String name) {
    return metadata != null && Metadata.ENDPOINTS.contains(name) ? metadata.endpoint(name) : null;
  }

  private @Nullable String issuer() {
    return scheme.issuer() == null ? null : Metadata.issuer(scheme, context);
  }

  private @Nullable String assertion() {
    JwtTemplate assertion = scheme.assertion();
    return assertion == null ? null : Jwts.sign(assertion, this, context);
  }

  private @Nullable String clientId() {
    return client == null ? null : client.id();
  }

  private @Nullable String clientSecret() {
    Secret secret = client == null ? null : client.secret();
    return secret == null ? null : secret.reveal();
  }

  private String userAssertion() {
    return context
        .client()
        .flatMap(ClientRegistration::userAssertions)
        .orElseThrow(
            () ->
                new StepFailure(
                    Kind.MISCONFIGURED,
                    "the client registered for it cannot act for users; see"
                        + " ClientRegistration.onBehalfOf"))
        .assertionFor(context.connection())
        .reveal();
  }

  /**
   * Returns a URL. Parameters of the connection may decide about the host under the rules of the
   * runtime; what the grant and answers gave goes into path and query only.
   */
  URI url(String template) {
    StringBuilder url = new StringBuilder();
    for (Part part : Placeholders.parts(template)) {
      url.append(part.isPlaceholder() ? inUrl(part.text(), url) : part.text());
    }
    return expandedUrl(url.toString());
  }

  /** A request needs its URL more than once. */
  private URI expandedUrl(String text) {
    Expanded last = expanded;
    if (last == null || !last.text().equals(text)) {
      last = new Expanded(text, context.expand(text));
      expanded = last;
    }
    return last.url();
  }

  /** Returns what stands for a placeholder; parameters of the connection stay in braces. */
  private String inUrl(String inBraces, CharSequence before) {
    String choice = Placeholder.parse(inBraces).reduced(this::get);
    String name = choice.startsWith("{") ? choice.substring(1, choice.length() - 1) : "";
    if (given.containsKey(name) || OF_PROTOCOL.contains(name)) {
      return inPath(name, before.toString());
    }
    String endpoint = endpoint(name);
    return endpoint == null ? choice : endpoint;
  }

  /**
   * Returns a URL for the user's browser, whose fragment may be the route of a page and hold values
   * too.
   */
  URI browserUrl(String template) {
    int fragment = template.indexOf('#');
    if (fragment < 0) {
      return url(template);
    }
    String route = template.substring(fragment + 1);
    String filled =
        Placeholders.fill(
            route,
            name -> {
              String value = get(name);
              return value == null ? null : PercentEncoding.encode(value);
            });
    return URI.create(url(template.substring(0, fragment)) + "#" + (filled == null ? "" : filled));
  }

  private String inPath(String name, String before) {
    int host = before.indexOf("://");
    boolean afterHost = host < 0 ? before.indexOf('/') >= 0 : before.indexOf('/', host + 3) >= 0;
    String present = get(name);
    String value = present == null ? "" : present;
    if (!afterHost || DotSegments.is(value)) {
      throw new StepFailure(
          Kind.MISCONFIGURED, "'" + name + "' cannot stand where a URL has it: its value may not");
    }
    return PercentEncoding.encode(value);
  }
}
