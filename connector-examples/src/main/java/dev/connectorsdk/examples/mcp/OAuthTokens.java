package dev.connectorsdk.examples.mcp;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.connectorsdk.api.Principal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.text.ParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Access tokens of an authorization server (RFC 9068): signed by it, for this resource and no
 * other, not expired, with the scope that is asked for. Safe for use by several threads.
 */
public final class OAuthTokens implements AccessTokens {

  private static final int MILLISECONDS = 5_000;
  private static final int MOST_BYTES_OF_KEYS = 256 * 1024;

  /** Asymmetric ones alone: nobody but the server has the keys. */
  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(
          JWSAlgorithm.RS256,
          JWSAlgorithm.PS256,
          JWSAlgorithm.ES256,
          JWSAlgorithm.ES384,
          JWSAlgorithm.RS512);

  private final URI resource;
  private final String issuer;
  private final @Nullable String scope;
  private final Function<JWTClaimsSet, Principal> principals;
  private final DefaultJWTProcessor<SecurityContext> processor;

  private OAuthTokens(
      URI resource,
      String issuer,
      @Nullable String scope,
      Function<JWTClaimsSet, Principal> principals,
      DefaultJWTProcessor<SecurityContext> processor) {
    this.resource = resource;
    this.issuer = issuer;
    this.scope = scope;
    this.principals = principals;
    this.processor = processor;
  }

  /**
   * Returns a check of tokens. The subject of a token is the user's id.
   *
   * @param resource where the tools are served, which has to be the audience of a token
   * @param issuer who issues the tokens
   * @param keys where the issuer publishes its keys: its {@code jwks_uri}
   * @throws IllegalArgumentException if {@code keys} is no URL
   */
  public static OAuthTokens of(URI resource, String issuer, URI keys) {
    try {
      var retriever = new DefaultResourceRetriever(MILLISECONDS, MILLISECONDS, MOST_BYTES_OF_KEYS);
      JWKSource<SecurityContext> source =
          JWKSourceBuilder.create(keys.toURL(), retriever).retrying(true).build();
      return of(resource, issuer, source);
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException("The issuer's keys are at no URL: " + keys, e);
    }
  }

  static OAuthTokens of(URI resource, String issuer, JWKSource<SecurityContext> keys) {
    var processor = new DefaultJWTProcessor<SecurityContext>();
    processor.setJWSTypeVerifier(
        new DefaultJOSEObjectTypeVerifier<>(
            new JOSEObjectType("at+jwt"),
            new JOSEObjectType("application/at+jwt"),
            JOSEObjectType.JWT,
            null));
    processor.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, keys));
    processor.setJWTClaimsSetVerifier(
        new DefaultJWTClaimsVerifier<>(
            Set.of(resource.toString()),
            new JWTClaimsSet.Builder().issuer(issuer).build(),
            Set.of("sub", "exp"),
            Set.of()));
    return new OAuthTokens(
        resource, issuer, null, claims -> Principal.user(claims.getSubject()), processor);
  }

  /** Returns this check of tokens that have a scope besides. */
  public OAuthTokens requiring(String scope) {
    return new OAuthTokens(
        resource, issuer, Objects.requireNonNull(scope, "scope"), principals, processor);
  }

  /** Returns this check with another way from a token's claims to its user. */
  public OAuthTokens identifiedBy(Function<JWTClaimsSet, Principal> principals) {
    return new OAuthTokens(
        resource, issuer, scope, Objects.requireNonNull(principals, "principals"), processor);
  }

  @Override
  public Principal check(String token) throws TokenRefusedException {
    try {
      JWTClaimsSet claims = processor.process(token, null);
      if (scope != null && !scopes(claims).contains(scope)) {
        throw TokenRefusedException.lacking(scope);
      }
      return principals.apply(claims);
    } catch (KeySourceException e) {
      throw new UncheckedIOException(new IOException("The issuer's keys cannot be fetched", e));
    } catch (ParseException | BadJOSEException | JOSEException | IllegalArgumentException e) {
      throw TokenRefusedException.invalid();
    }
  }

  private static List<String> scopes(JWTClaimsSet claims) {
    Object scope = claims.getClaim("scope");
    Object scp = claims.getClaim("scp");
    if (scope instanceof String text) {
      return Arrays.asList(text.split(" "));
    }
    return scp instanceof List<?> list
        ? list.stream().map(String::valueOf).toList()
        : scp instanceof String text ? Arrays.asList(text.split(" ")) : List.of();
  }

  @Override
  public Optional<ObjectNode> metadata() {
    ObjectNode metadata = JsonNodeFactory.instance.objectNode();
    metadata.put("resource", resource.toString());
    metadata.putArray("authorization_servers").add(issuer);
    metadata.putArray("bearer_methods_supported").add("header");
    if (scope != null) {
      metadata.putArray("scopes_supported").add(scope);
    }
    return Optional.of(metadata);
  }
}
