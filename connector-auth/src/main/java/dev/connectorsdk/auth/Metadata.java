package dev.connectorsdk.auth;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.OAuth2Scheme.ClientAuthentication;
import dev.connectorsdk.api.error.CallCancelledException;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.HostNotAllowedException;
import dev.connectorsdk.api.error.PolicyException;
import dev.connectorsdk.api.error.ServiceException;
import dev.connectorsdk.api.internal.Origin;
import dev.connectorsdk.auth.StepFailure.Kind;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What an issuer says of itself, RFC 8414 and OpenID Connect Discovery 1.0. Read when something of
 * it is first needed, and again after an hour. It is believed only if it is about this very issuer
 * (RFC 8414 section 3.3), and only as far as the origins go that the scheme names: otherwise it
 * could send the client's secret anywhere. An endpoint that has moved since somebody confirmed it
 * is not given out either.
 */
final class Metadata {

  /** What may stand in braces in the URLs of a scheme. */
  static final Set<String> ENDPOINTS =
      Set.of(
          "authorization_endpoint",
          "token_endpoint",
          "device_authorization_endpoint",
          "introspection_endpoint",
          "pushed_authorization_request_endpoint",
          "registration_endpoint",
          "revocation_endpoint",
          "userinfo_endpoint");

  private static final Duration FRESH = Duration.ofHours(1);

  private final OAuth2Scheme scheme;
  private final AuthContext context;
  private final Readings readings;
  private final IssuerEndpoints known;

  Metadata(OAuth2Scheme scheme, AuthContext context, Readings readings) {
    this(scheme, context, readings, IssuerEndpoints.UNKNOWN);
  }

  private Metadata(
      OAuth2Scheme scheme, AuthContext context, Readings readings, IssuerEndpoints known) {
    this.scheme = scheme;
    this.context = context;
    this.readings = readings;
    this.known = known;
  }

  /** Returns the same, which gives no endpoint that is elsewhere than it was. */
  Metadata since(IssuerEndpoints known) {
    return new Metadata(scheme, context, readings, known);
  }

  /**
   * What was read, for each connection on its own: what one is told on its network is nothing to
   * another.
   */
  static final class Readings {

    private static final int MOST = 10_000;

    private final Map<Key, Reading> all = new ConcurrentHashMap<>();

    private record Key(ConnectionId connection, String issuer) {}

    private record Reading(AnswerBody document, Instant at) {

      boolean isFresh(Instant now) {
        return now.isBefore(at.plus(FRESH));
      }
    }

    @Nullable AnswerBody fresh(ConnectionId connection, String issuer, Instant now) {
      Reading known = all.get(new Key(connection, issuer));
      return known != null && known.isFresh(now) ? known.document() : null;
    }

    void keep(ConnectionId connection, String issuer, AnswerBody document, Instant now) {
      if (all.size() >= MOST) {
        all.values().removeIf(reading -> !reading.isFresh(now));
      }
      if (all.size() >= MOST) {
        all.clear();
      }
      all.put(new Key(connection, issuer), new Reading(document, now));
    }
  }

  /**
   * Returns the URL of an endpoint.
   *
   * @param name such as {@code token_endpoint}
   * @throws StepFailure if the metadata cannot be read, or cannot be believed; of kind {@code
   *     MOVED} if the endpoint is elsewhere than it was
   */
  String endpoint(String name) {
    String issuer = issuer();
    JsonNode url = document(issuer).find(places(name));
    if (url == null || !url.isString()) {
      throw refused(issuer, name, "is missing");
    }
    String present = checked(issuer, name, url.stringValue());
    known.requireStill(Map.of(name, present));
    return present;
  }

  private List<String> places(String name) {
    return scheme.clientAuthentication() == ClientAuthentication.TLS
        ? List.of("/mtls_endpoint_aliases/" + name, "/" + name)
        : List.of("/" + name);
  }

  /** Returns whether the issuer says that it has an endpoint. */
  boolean has(String name) {
    return document(issuer()).find(places(name)) != null;
  }

  /**
   * Checks that all endpoints are where they were, whether or not somebody asks for them.
   *
   * @throws StepFailure as {@link #endpoint} does
   */
  void requireNothingMoved() {
    known.requireStill(told(document(issuer())));
  }

  /** Returns what is known of endpoints now. Asks nobody: it may be what was known before. */
  IssuerEndpoints endpoints() {
    AnswerBody read = readings.fresh(context.connection(), issuer(), context.clock().instant());
    return read == null ? known : known.and(new IssuerEndpoints(told(read)));
  }

  /** Whether they can be believed is looked at when something is to be sent there. */
  private Map<String, String> told(AnswerBody document) {
    Map<String, String> urls = new HashMap<>();
    for (String name : ENDPOINTS) {
      JsonNode url = document.find(places(name));
      if (url != null && url.isString()) {
        urls.put(name, url.stringValue());
      }
    }
    return urls;
  }

  /** Returns whether the issuer says {@code true} of something. */
  boolean says(String name) {
    JsonNode said = document(issuer()).find(List.of("/" + name));
    return said != null && said.asBoolean(false);
  }

  /** Returns the texts of a list; empty if the issuer says none. */
  List<String> list(String name) {
    JsonNode said = document(issuer()).find(List.of("/" + name));
    List<String> texts = new ArrayList<>();
    if (said != null && said.isArray()) {
      said.forEach(text -> texts.add(text.asString("")));
    }
    return texts;
  }

  String issuer() {
    return issuer(scheme, context);
  }

  /** Returns the issuer that a scheme names. */
  static String issuer(OAuth2Scheme scheme, AuthContext context) {
    String template = scheme.issuer();
    if (template == null) {
      throw new StepFailure(Kind.MISCONFIGURED, "its scheme names no issuer");
    }
    String issuer = context.expand(template).toString();
    // A URL parser adds the slash of an empty path.
    return issuer.endsWith("/") && !template.endsWith("/")
        ? issuer.substring(0, issuer.length() - 1)
        : issuer;
  }

  private String checked(String issuer, String name, String url) {
    Origin origin = origin(url);
    if (origin == null) {
      throw refused(issuer, name, "is not the URL of an endpoint");
    }
    if (!origin.isSecure()) {
      throw refused(issuer, name, "is not an https URL");
    }
    if (!name.equals("authorization_endpoint") && !isKnown(origin, issuer)) {
      throw refused(
          issuer,
          name,
          "is at " + origin.host() + ", which the scheme does not name (OAuth2Scheme.alsoAt)");
    }
    return url;
  }

  private boolean isKnown(Origin origin, String issuer) {
    return origin.equals(Origin.of(URI.create(issuer)))
        || scheme.origins().stream()
            .map(allowed -> Origin.of(context.expand(allowed)))
            .anyMatch(origin::equals);
  }

  private static @Nullable Origin origin(String url) {
    try {
      return Origin.of(URI.create(url));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** Two threads that ask at once may both read it, which is the same. */
  private AnswerBody document(String issuer) {
    Instant now = context.clock().instant();
    AnswerBody known = readings.fresh(context.connection(), issuer, now);
    if (known != null) {
      return known;
    }
    AnswerBody found = fetched(issuer);
    JsonNode named = found.find(List.of("/issuer"));
    String said = named == null ? "" : named.asString("");
    if (!said.equals(issuer)) {
      throw refused(issuer, "issuer", IssuerNames.differ(said, issuer));
    }
    readings.keep(context.connection(), issuer, found, now);
    return found;
  }

  private AnswerBody fetched(String issuer) {
    boolean answered = false;
    for (String place : placesOf(issuer)) {
      AnswerBody body = at(place, issuer);
      if (body != null && body.isExactObject()) {
        return new AnswerBody(body.content(), "", Map.of());
      }
      // Such as the page of an application that answers every path; it may be at the other place.
      answered |= body != null;
    }
    throw refused(
        issuer, "document", answered ? "is not a JSON object" : "is at neither of its two places");
  }

  private static List<String> placesOf(String issuer) {
    URI uri = URI.create(issuer);
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    String origin = issuer.substring(0, issuer.length() - path.length());
    return List.of(
        (issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer)
            + "/.well-known/openid-configuration",
        origin + "/.well-known/oauth-authorization-server" + (path.equals("/") ? "" : path));
  }

  /** Returns what is at one of the places, or {@code null} if nothing is. */
  private @Nullable AnswerBody at(String place, String issuer) {
    try {
      return AnswerBody.of(
          context.http().callEncoded("GET", place).header("Accept", "application/json").send());
    } catch (ServiceException e) {
      if (e.status() >= 500 || e.status() == 429) {
        throw unread(issuer, "was answered with status " + e.status());
      }
      return null;
    } catch (CallCancelledException | PolicyException e) {
      throw e;
    } catch (HostNotAllowedException e) {
      String what = "the issuer at " + URI.create(issuer).getHost();
      throw StepFailure.notAllowed(what, e);
    } catch (ConnectorException e) {
      throw unread(issuer, "got no whole answer");
    }
  }

  private static StepFailure unread(String issuer, String what) {
    return new StepFailure(
        Kind.UNAVAILABLE, "asking " + URI.create(issuer).getHost() + " for its metadata " + what);
  }

  private static StepFailure refused(String issuer, String field, String problem) {
    return new StepFailure(
        Kind.MISCONFIGURED,
        "the metadata of "
            + URI.create(issuer).getHost()
            + " is not usable: "
            + field
            + " "
            + problem);
  }
}
