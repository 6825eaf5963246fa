package dev.connectorsdk.auth;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.ApiKeyScheme.Placement;
import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.api.auth.AuthRequest;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.TokenPlace;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.AuthenticationException.Reason;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Decides where in a request the tokens of a connection belong. */
@FunctionalInterface
interface Injector {

  /** Prepares all that can be prepared once for each token set. */
  Injection prepare(TokenSet tokens);

  /**
   * Returns what sends tokens as a scheme says.
   *
   * @param nonces of the service's origins, for DPoP
   */
  static Injector of(OAuth2Scheme scheme, AuthContext context, Nonces nonces) {
    return tokens -> {
      Injection usual = one(scheme, context, nonces, tokens, tokens.accessToken());
      Map<String, Injection> named = new LinkedHashMap<>();
      for (Map.Entry<String, Secret> token : tokens.named().entrySet()) {
        named.put(token.getKey(), one(scheme, context, nonces, tokens, token.getValue()));
      }
      return request -> {
        String name = request.token();
        Injection chosen = name == null ? usual : named.get(name);
        if (chosen == null) {
          throw refused(context, "it has no token '" + name + "'");
        }
        chosen.into(request);
      };
    };
  }

  private static AuthenticationException refused(AuthContext context, String problem) {
    return new AuthenticationException(context.connection(), Reason.CONFIGURATION, problem);
  }

  private static Injection one(
      OAuth2Scheme scheme, AuthContext context, Nonces nonces, TokenSet tokens, Secret token) {
    List<Injection> places = new ArrayList<>();
    Secret stored = tokens.proofKey();
    // A bound token stays one, even if the author wants no others from now on.
    boolean bound = stored != null;
    if (stored != null) {
      ProofKey key = ProofKey.of(stored, scheme.dpop());
      places.add(Injection.header("Authorization", "DPoP " + token.reveal()));
      places.add(request -> prove(request, key, token, nonces, context));
    }
    StepValues values = values(scheme, context, tokens, token);
    for (TokenPlace place : scheme.tokenPlaces()) {
      if (!bound || !place.name().equalsIgnoreCase("Authorization")) {
        places.add(placed(place, values.expand(place.template()), context));
      }
    }
    return places.size() == 1 ? places.get(0) : request -> all(places, request);
  }

  private static StepValues values(
      OAuth2Scheme scheme, AuthContext context, TokenSet tokens, Secret token) {
    StepValues values = new StepValues(scheme, context, null, Map.of("access_token", token));
    for (TokenPlace place : scheme.tokenPlaces()) {
      if (place.template().contains("client_id")) {
        values.as(OAuthClient.of(scheme, context, tokens.client()));
        break;
      }
    }
    return values;
  }

  /** The answer may bring a nonce, and say whether it was the one that this request lacked. */
  private static void prove(
      AuthRequest request, ProofKey key, Secret token, Nonces nonces, AuthContext context) {
    URI uri = request.uri();
    String nonce = nonces.of(uri);
    request.setHeader("DPoP", key.proof(request.method(), uri, token, nonce, context));
    request.onAnswer(answer -> nonces.reaction(uri, nonce, answer));
  }

  private static void all(List<Injection> places, AuthRequest request) {
    for (Injection place : places) {
      place.into(request);
    }
  }

  private static Injection placed(TokenPlace place, String value, AuthContext context) {
    if (value.isEmpty()) {
      throw refused(
          context, "a value for " + place.name() + " is missing, which is sent beside the token");
    }
    boolean sendable = CredentialText.isForHeader(value);
    if (!sendable && place.placement() != Placement.QUERY) {
      throw refused(
          context, "the value for " + place.name() + " holds a character that no header can carry");
    }
    return switch (place.placement()) {
      case HEADER -> Injection.header(place.name(), value);
      case QUERY -> request -> request.setQueryParameter(place.name(), value);
      case COOKIE -> request -> request.addCookie(place.name(), value);
    };
  }
}
