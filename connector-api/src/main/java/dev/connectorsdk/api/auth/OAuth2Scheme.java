package dev.connectorsdk.api.auth;

import dev.connectorsdk.api.ConnectionParameter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * OAuth 2.0 (RFC 6749) as one provider wants it.
 *
 * <p>URLs are templates: a name in braces is a connection parameter. Immutable: each method that
 * changes something returns a copy.
 *
 * <pre>{@code
 * OAuth2Scheme.authorizationCode("https://id.example.com/authorize", "https://id.example.com/token")
 *     .scopes("tickets.read", "offline_access")
 * OAuth2Scheme.clientCredentials("https://{site}.example.com/oauth/token")
 * }</pre>
 */
public final class OAuth2Scheme implements AuthScheme {

  /** The grant by which a connection gets its first token. */
  public enum Grant {
    /** A user signs in and consents; RFC 6749 section 4.1. */
    AUTHORIZATION_CODE,
    /** The client acts on its own behalf; RFC 6749 section 4.4. */
    CLIENT_CREDENTIALS
  }

  /** How the client proves itself at the token endpoint; RFC 6749 section 2.3. */
  public enum ClientAuthentication {
    /** In the Authorization header, form-encoded first. */
    BASIC,
    /** As {@code client_id} and {@code client_secret} in the body. */
    POST,
    /** Only {@code client_id} in the body: a public client. */
    NONE
  }

  /** The connection parameter for the client id, where connections bring their own client. */
  public static final String CLIENT_ID = "client_id";

  /** The connection parameter for the client secret, where connections bring their own client. */
  public static final String CLIENT_SECRET = "client_secret";

  private final Grant grant;
  private final @Nullable String authorizationUrl;
  private final String tokenUrl;
  private final List<String> scopes;
  private final ClientAuthentication clientAuthentication;
  private final boolean clientFromConnection;
  private final boolean pkce;
  private final Map<String, String> authorizationParameters;
  private final Map<String, String> tokenParameters;

  private OAuth2Scheme(Draft draft) {
    this.grant = draft.grant;
    this.authorizationUrl = draft.authorizationUrl;
    this.tokenUrl = draft.tokenUrl;
    this.scopes = List.copyOf(draft.scopes);
    this.clientAuthentication = draft.clientAuthentication;
    this.clientFromConnection = draft.clientFromConnection;
    this.pkce = draft.pkce;
    this.authorizationParameters =
        Collections.unmodifiableMap(new LinkedHashMap<>(draft.authorizationParameters));
    this.tokenParameters = Collections.unmodifiableMap(new LinkedHashMap<>(draft.tokenParameters));
  }

  /**
   * Returns the authorization code grant with PKCE (RFC 7636, S256). The host registers the client
   * with the runtime.
   */
  public static OAuth2Scheme authorizationCode(String authorizationUrl, String tokenUrl) {
    Draft draft = new Draft(Grant.AUTHORIZATION_CODE, tokenUrl);
    draft.authorizationUrl = Objects.requireNonNull(authorizationUrl, "authorizationUrl");
    return new OAuth2Scheme(draft);
  }

  /**
   * Returns the client credentials grant. Each connection brings its own client, as parameters
   * {@link #CLIENT_ID} and {@link #CLIENT_SECRET}.
   */
  public static OAuth2Scheme clientCredentials(String tokenUrl) {
    Draft draft = new Draft(Grant.CLIENT_CREDENTIALS, tokenUrl);
    draft.clientFromConnection = true;
    return new OAuth2Scheme(draft);
  }

  /** Returns a copy that asks for these scopes. The default is none. */
  public OAuth2Scheme scopes(String... scopes) {
    Draft draft = new Draft(this);
    draft.scopes = List.of(scopes);
    return new OAuth2Scheme(draft);
  }

  /** Returns a copy with another client authentication. The default is {@code BASIC}. */
  public OAuth2Scheme clientAuthentication(ClientAuthentication method) {
    Draft draft = new Draft(this);
    draft.clientAuthentication = Objects.requireNonNull(method, "method");
    return new OAuth2Scheme(draft);
  }

  /** Returns a copy whose client is the one that the host registered with the runtime. */
  public OAuth2Scheme clientOfHost() {
    Draft draft = new Draft(this);
    draft.clientFromConnection = false;
    return new OAuth2Scheme(draft);
  }

  /** Returns a copy whose connections bring their own client. */
  public OAuth2Scheme clientOfConnection() {
    Draft draft = new Draft(this);
    draft.clientFromConnection = true;
    return new OAuth2Scheme(draft);
  }

  /** Returns a copy without PKCE, for providers that refuse it. Weaker: use it for no other. */
  public OAuth2Scheme withoutPkce() {
    Draft draft = new Draft(this);
    draft.pkce = false;
    return new OAuth2Scheme(draft);
  }

  /** Returns a copy that adds a parameter to the authorization URL. */
  public OAuth2Scheme authorizationParameter(String name, String value) {
    Draft draft = new Draft(this);
    draft.authorizationParameters.put(name, value);
    return new OAuth2Scheme(draft);
  }

  /** Returns a copy that adds a parameter to every token request. */
  public OAuth2Scheme tokenParameter(String name, String value) {
    Draft draft = new Draft(this);
    draft.tokenParameters.put(name, value);
    return new OAuth2Scheme(draft);
  }

  /** Returns the grant by which a connection gets its first token. */
  public Grant grant() {
    return grant;
  }

  /** Returns where the user signs in, or {@code null} if the grant has no user. */
  public @Nullable String authorizationUrl() {
    return authorizationUrl;
  }

  /** Returns the token endpoint. */
  public String tokenUrl() {
    return tokenUrl;
  }

  /** Returns the scopes to ask for, in order. */
  public List<String> scopes() {
    return scopes;
  }

  /** Returns how the client proves itself. */
  public ClientAuthentication clientAuthentication() {
    return clientAuthentication;
  }

  /** Returns whether connections bring their own client. */
  public boolean isClientFromConnection() {
    return clientFromConnection;
  }

  /** Returns whether the code is protected by PKCE with S256. */
  public boolean usesPkce() {
    return pkce;
  }

  /** Returns what is added to the authorization URL, in order. */
  public Map<String, String> authorizationParameters() {
    return authorizationParameters;
  }

  /** Returns what is added to every token request, in order. */
  public Map<String, String> tokenParameters() {
    return tokenParameters;
  }

  @Override
  public List<ConnectionParameter> parameters() {
    if (!clientFromConnection) {
      return List.of();
    }
    List<ConnectionParameter> client = new ArrayList<>();
    client.add(ConnectionParameter.text(CLIENT_ID).titled("Client id"));
    if (clientAuthentication != ClientAuthentication.NONE) {
      client.add(ConnectionParameter.secret(CLIENT_SECRET).titled("Client secret"));
    }
    return client;
  }

  @Override
  public List<String> endpoints() {
    return List.of(tokenUrl);
  }

  @Override
  public boolean needsConsent() {
    return grant == Grant.AUTHORIZATION_CODE;
  }

  private static final class Draft {
    final Grant grant;
    @Nullable String authorizationUrl;
    final String tokenUrl;
    List<String> scopes = List.of();
    ClientAuthentication clientAuthentication = ClientAuthentication.BASIC;
    boolean clientFromConnection;
    boolean pkce = true;
    final Map<String, String> authorizationParameters = new LinkedHashMap<>();
    final Map<String, String> tokenParameters = new LinkedHashMap<>();

    Draft(Grant grant, String tokenUrl) {
      this.grant = grant;
      this.tokenUrl = Objects.requireNonNull(tokenUrl, "tokenUrl");
    }

    Draft(OAuth2Scheme from) {
      this(from.grant, from.tokenUrl);
      authorizationUrl = from.authorizationUrl;
      scopes = from.scopes;
      clientAuthentication = from.clientAuthentication;
      clientFromConnection = from.clientFromConnection;
      pkce = from.pkce;
      authorizationParameters.putAll(from.authorizationParameters);
      tokenParameters.putAll(from.tokenParameters);
    }
  }
}
