package dev.connectorsdk.internal.gateway.seal;

import com.github.benmanes.caffeine.cache.Cache;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.AuthScheme;
import dev.connectorsdk.api.auth.AuthStrategy;
import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.api.auth.ClientCertificate;
import dev.connectorsdk.api.error.HostNotAllowedException;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.SecretUnreadableException;
import dev.connectorsdk.auth.AuthStrategies;
import dev.connectorsdk.internal.http.CallBudget;
import dev.connectorsdk.internal.http.CertifiedAuthenticator;
import dev.connectorsdk.internal.http.ClientTls;
import dev.connectorsdk.internal.http.Origins;
import dev.connectorsdk.internal.http.RequestCredential;
import dev.connectorsdk.internal.http.RequestCredential.Signed;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a member of a gateway does with sealed credentials: it puts them into requests as they were
 * sealed to be, and refuses everything else, whoever asks. Safe for several threads.
 *
 * <p>Who asks can still have any request made that the connection could make, and a service that
 * repeats a request in its answer gives its credential away.
 */
public final class SealedCredentials {

  /** By which a service would repeat the request, or something else than a request would begin. */
  private static final Set<String> REFUSED_METHODS = Set.of("TRACE", "CONNECT");

  private final MemberKeys keys;
  private final SeenVersions seen;
  private final InsideRequests requests;
  private final Clock clock;
  private final RandomGenerator random;
  private final List<AuthStrategy<?>> strategies = AuthStrategies.standard();

  /** One that is not kept gets its token anew with each request. */
  private final Cache<List<String>, Opened> opened = OpenedValues.cache();

  /**
   * A connection's credentials, ready for use.
   *
   * @param values one for each slot
   * @param tls what offers its client certificate to the service, or {@code null} if it has none
   */
  private record Opened(
      List<SealedValue> values, Authenticator authenticator, @Nullable ClientTls tls) {

    SealedUse any() {
      return values.get(0).purpose();
    }
  }

  public SealedCredentials(
      MemberKeys keys,
      SeenVersions seen,
      InsideRequests requests,
      Clock clock,
      RandomGenerator random) {
    this.keys = keys;
    this.seen = seen;
    this.requests = requests;
    this.clock = clock;
    this.random = random;
  }

  /**
   * Puts credentials into a request.
   *
   * @param auth what the host says of them: {@code connection}, which they must be of, and {@code
   *     sealed}, one text for each slot; without these the request stays as it is
   * @param deadline when the time of the call ends
   * @throws HostNotAllowedException if they were not sealed for where the request goes, or that is
   *     where the member gets tokens with them
   * @throws SecretUnreadableException if they do not open, were sealed for something else, or newer
   *     ones have been seen
   * @throws InvalidInputException if the request is not one that may carry credentials, or a
   *     credential is not one that can be sent
   * @throws dev.connectorsdk.api.error.AuthenticationException if a token cannot be had, or a
   *     client certificate does not hold now
   */
  public Prepared authenticate(Request request, JsonNode auth, Instant deadline) {
    requireOrdinary(request);
    List<String> sealed = new ArrayList<>();
    auth.path("sealed").forEach(value -> sealed.add(value.asString("")));
    if (sealed.isEmpty()) {
      return Prepared.plain(request);
    }
    Opened own = Objects.requireNonNull(opened.get(sealed, this::open));
    requireFor(own, auth.path("connection").asString(""), request);
    Authenticator authenticator = own.authenticator();
    Signed signed =
        HeldBody.sign(
            request, held -> RequestCredential.sign(held, authenticator, budget(deadline)));
    return new Prepared(
        signed.request(), own.tls(), until -> authenticator.renew(signed.version(), until));
  }

  private CallBudget budget(Instant deadline) {
    Duration left = Duration.between(clock.instant(), deadline);
    return new CallBudget(clock, left, Effect.READ, null, null);
  }

  private static void requireOrdinary(Request request) {
    if (REFUSED_METHODS.contains(request.method())) {
      throw new InvalidInputException(
          "a request", "(method)", "is " + request.method() + ", which goes through no gateway");
    }
    if (request.header("Host") != null) {
      throw new InvalidInputException(
          "a request", "(Host)", "names another host than its URL may, which no gateway sends");
    }
  }

  private void requireFor(Opened own, String connection, Request request) {
    SealedUse any = own.any();
    if (!any.of().connection().value().equals(connection)) {
      throw unusable(any, "belongs to another connection than the one that it is used for");
    }
    String origin = Origins.of(request.url()).toString();
    if (!any.origins().contains(origin)) {
      throw new HostNotAllowedException(
          origin,
          "the credentials of connection '" + connection + "' were sealed for other places");
    }
    HttpUrl tokenUrl = any.application().tokenUrl();
    if (tokenUrl != null && SamePlace.is(request.url(), tokenUrl)) {
      throw new HostNotAllowedException(
          origin, "the tokens of connection '" + connection + "' are got by the member alone");
    }
    requireHeld(own);
    own.values().forEach(value -> requireNewest(value.purpose()));
  }

  /** A key may have been forgotten since. */
  private void requireHeld(Opened own) {
    own.values().forEach(this::key);
  }

  private Opened open(List<String> sealed) {
    List<SealedValue> values = sealed.stream().map(SealedValue::parse).toList();
    SealedUse any = values.get(0).purpose();
    Map<String, Secret> secrets = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (SealedValue value : values) {
      SealedUse purpose = value.purpose();
      if (!purpose.isForSameUseAs(any)) {
        throw unusable(purpose, "was sealed for another use than what came with it");
      }
      if (secrets.put(purpose.slot(), value.open(key(value))) != null) {
        throw unusable(purpose, "came twice");
      }
    }
    MemberContext context = new MemberContext(any, secrets, requests, clock, random);
    return opened(values, any.application().scheme(), context);
  }

  private SealingKey key(SealedValue value) {
    return keys.sealing(value.keyId())
        .orElseThrow(
            () ->
                unusable(
                    value.purpose(),
                    "was sealed with a key that this member does not have: " + value.keyId()));
  }

  private void requireNewest(SealedUse purpose) {
    if (!seen.admit(purpose)) {
      throw outdated(purpose);
    }
  }

  private Opened opened(List<SealedValue> values, AuthScheme scheme, MemberContext context) {
    return strategies.stream()
        .filter(strategy -> strategy.schemeType() == scheme.getClass())
        .map(strategy -> opened(values, strategy, scheme, context))
        .findFirst()
        .orElseThrow();
  }

  private <S extends AuthScheme> Opened opened(
      List<SealedValue> values, AuthStrategy<S> strategy, AuthScheme some, MemberContext context) {
    S scheme = strategy.schemeType().cast(some);
    Optional<ClientCertificate> certificate = strategy.clientCertificate(scheme, context);
    if (certificate.isEmpty()) {
      return new Opened(values, strategy.open(scheme, context), null);
    }
    SealedUse use = values.get(0).purpose();
    HttpUrl tokenUrl = use.application().tokenUrl();
    if (tokenUrl != null) {
      context.offering(requests.offeringForTokens(certificate.get(), tokenUrl));
    }
    var certified =
        new CertifiedAuthenticator(
            context.connection(), certificate.get(), clock, strategy.open(scheme, context));
    return new Opened(values, certified, requests.offering(certificate.get(), use));
  }

  private static SecretUnreadableException outdated(SealedUse purpose) {
    return unusable(purpose, "is an older one than this member has seen: " + purpose.version());
  }

  private static SecretUnreadableException unusable(SealedUse purpose, String problem) {
    return new SecretUnreadableException(
        "The sealed value '"
            + purpose.slot()
            + "' of connection '"
            + purpose.of().connection()
            + "' "
            + problem
            + ".");
  }
}
