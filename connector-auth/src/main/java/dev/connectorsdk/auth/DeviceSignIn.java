package dev.connectorsdk.auth;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.api.auth.ConsentStrategy.ConsentResult;
import dev.connectorsdk.api.auth.ConsentStrategy.DeviceAnswer;
import dev.connectorsdk.api.auth.ConsentStrategy.DeviceRequest;
import dev.connectorsdk.api.auth.ConsentStrategy.DeviceStart;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.RequestTemplate;
import dev.connectorsdk.auth.StepFailure.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A sign-in on another device than the one that waits for it; RFC 8628. */
final class DeviceSignIn {

  private static final Logger log = LoggerFactory.getLogger(DeviceSignIn.class);

  private final OAuth2Scheme scheme;
  private final AuthContext context;
  private final TokenEndpoint anybodys;

  /**
   * @param anybodys the endpoints without a client that was registered for the sign-in
   */
  DeviceSignIn(OAuth2Scheme scheme, AuthContext context, TokenEndpoint anybodys) {
    this.scheme = scheme;
    this.context = context;
    this.anybodys = anybodys;
  }

  DeviceStart begin(DeviceRequest wanted) {
    RequestTemplate request = scheme.deviceAuthorization();
    if (request == null) {
      throw new IllegalArgumentException(
          "Nobody signs in on another device for the grant " + scheme.grant());
    }
    try {
      TokenEndpoint confirmed = anybodys.forSignIn(wanted.acceptsNewEndpoints());
      return new ClientRegistrar(scheme, context, confirmed)
          .begin(
              null,
              wanted.scopes(),
              client ->
                  DeviceFlow.begin(
                      scheme,
                      request,
                      confirmed.as(client),
                      wanted.scopes(),
                      memo(client, wanted.scopes())));
    } catch (StepFailure e) {
      throw e.forSignIn(context.connection());
    }
  }

  private static Map<String, Secret> memo(@Nullable RegisteredClient client, List<String> scopes) {
    Map<String, Secret> memo = new HashMap<>(SignedIn.memo(scopes));
    if (client != null) {
      memo.putAll(client.toValues());
    }
    return memo;
  }

  DeviceAnswer poll(DeviceStart start) {
    RegisteredClient client = RegisteredClient.fromValues(start.memo());
    // A device code is for the endpoints that were there when its sign-in began.
    TokenEndpoint endpoint = anybodys.as(client).since(IssuerEndpoints.fromValues(start.memo()));
    List<String> asked = SignedIn.asked(start.memo());
    TokenSet tokens;
    try {
      tokens = endpoint.first(Map.of("device_code", start.deviceCode()), asked, Kind.GRANT_ENDED);
    } catch (StepFailure e) {
      ClientRegistrar.doubt(context, client, e);
      if (client != null && ClientRegistrar.isUnknown(e)) {
        throw SignedIn.clientIsGone();
      }
      return DeviceFlow.answer(e, context);
    }
    ConsentResult result =
        new SignedIn(scheme, context, endpoint)
            .keep(tokens, asked.contains(SignedIn.OPEN_ID), null);
    ClientRegistrar.cameBack(context, client);
    log.debug("Connection {}: somebody signed in on another device", context.connection());
    return new DeviceAnswer(result, false);
  }
}
