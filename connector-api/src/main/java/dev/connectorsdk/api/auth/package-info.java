/**
 * How requests become authenticated.
 *
 * <p>An {@link dev.connectorsdk.api.auth.AuthScheme} is the declaration inside a connector; the
 * {@link dev.connectorsdk.api.auth.AuthStrategy} that handles its type is the code. For each
 * connection a strategy opens an {@link dev.connectorsdk.api.auth.Authenticator}. To add a scheme
 * of your own, write both and hand the strategy to the runtime.
 *
 * <h2>Signed requests</h2>
 *
 * <table>
 * <caption>Schemes that sign</caption>
 * <tr><th>for</th><th>scheme</th><th>what a connection is asked for</th></tr>
 * <tr><td>Azure Storage</td><td>{@link dev.connectorsdk.api.auth.AzureSharedKeyScheme}</td>
 *     <td>account name and access key</td></tr>
 * <tr><td>AWS and other object stores</td>
 *     <td>{@link dev.connectorsdk.api.auth.AwsSignatureScheme}</td>
 *     <td>access key id, secret, maybe session token and region</td></tr>
 * <tr><td>OAuth 1.0 (RFC 5849)</td><td>{@link dev.connectorsdk.api.auth.OAuth1Scheme}</td>
 *     <td>consumer key and secret or private key, token and secret</td></tr>
 * <tr><td>what a service has made up</td>
 *     <td>{@link dev.connectorsdk.api.auth.SignatureScheme}</td><td>a key, and what you ask
 *     for</td></tr>
 * </table>
 *
 * <pre>{@code
 * Connector.builder("blobs", "https://{account_name}.blob.core.windows.net")
 *     .auth(AuthOption.azureSharedKey(AzureSharedKeyScheme.blob()))
 * }</pre>
 *
 * <p>A request is signed when everything else about it is settled, each attempt and each redirect
 * on the same host anew, with the time of the runtime's clock. A redirect to another host is not
 * signed. A key that cannot be one is refused when the connection is made. If the service refuses a
 * signature, the call fails with an {@link dev.connectorsdk.api.error.AuthenticationException},
 * reason {@code REJECTED}, and is not repeated; a clock that is wrong by minutes looks the same.
 *
 * <p>Not included: presigned URLs, bodies that are signed in chunks, AWS Signature Version 4A,
 * shared access signatures, the OAuth 1.0 sign-in that leads to a token, {@code oauth_body_hash},
 * asymmetric signatures but RSA-SHA1, HTTP Message Signatures (RFC 9421), and checking what
 * services sign. Where the body is signed it has to be in memory, at most 64 MiB: a stream of an
 * unwrapped client is refused, unless S3's {@link
 * dev.connectorsdk.api.auth.AwsSignatureScheme#unsignedPayload} or Shared Key, which signs no more
 * than its length, is used.
 *
 * <h2>Client certificates</h2>
 *
 * <pre>{@code
 * AuthOption.certificate(ClientCertificateScheme.pkcs12())                            // alone
 * AuthOption.certificate(ClientCertificateScheme.pem().and(ApiKeyScheme.header("X-Key")))
 * }</pre>
 *
 * <p>A connection brings a PKCS#12 file in Base64 and its password, or certificate and key in PEM.
 * It has TLS connections of its own, shared with no other connection, and offers the certificate to
 * the hosts it was made for and to no others, whatever redirects say. What a server has to show
 * stays as it is for all: the host's client decides. The connection says by {@link
 * dev.connectorsdk.api.Connection#credentialExpiresAt} when its certificate ends, and is not used
 * after that. A strategy of your own offers a certificate by {@link
 * dev.connectorsdk.api.auth.AuthStrategy#clientCertificate}.
 *
 * <p>Not included: keys in hardware or in a key store of the operating system, encrypted PEM keys,
 * authorities that only one connection trusts, renewing certificates, and a certificate together
 * with a scheme that is not of this package. Bound OAuth tokens (RFC 8705) are a matter of {@link
 * dev.connectorsdk.api.auth.OAuth2Scheme}.
 *
 * <h2>OAuth 2.0: grants and clients</h2>
 *
 * <table>
 *   <caption>Grants</caption>
 *   <tr><th>grant</th><th>say</th><th>renewed by</th></tr>
 *   <tr><td>authorization code with PKCE (RFC 6749, 7636)</td>
 *       <td>{@code authorizationCode}, {@code issuer}</td><td>refresh token</td></tr>
 *   <tr><td>device code (RFC 8628)</td><td>{@code deviceCode}</td><td>refresh token</td></tr>
 *   <tr><td>client credentials</td><td>{@code clientCredentials}</td><td>the grant again</td></tr>
 *   <tr><td>JWT bearer (RFC 7523)</td><td>{@code jwtBearer}</td><td>a new JWT</td></tr>
 *   <tr><td>SAML bearer (RFC 7522)</td><td>{@code samlBearer}, which takes the assertion as it
 *       is</td><td>the grant again</td></tr>
 *   <tr><td>token exchange (RFC 8693)</td><td>{@code tokenExchange}; actor, audience and wanted
 *       type by {@code exchange(r -> r.parameter(…))}</td><td>the grant again</td></tr>
 *   <tr><td>on behalf of (Microsoft Entra ID)</td><td>{@code onBehalfOf}, with {@code
 *       ClientRegistration.onBehalfOf}</td><td>the grant again</td></tr>
 *   <tr><td>name and password</td><td>{@code passwordAgainstAdvice}</td><td>the grant again</td></tr>
 *   <tr><td>a provider's own; a login</td><td>{@code custom}, {@code session}</td>
 *       <td>the grant again</td></tr>
 * </table>
 *
 * <p>{@code renewal} changes what renews. The implicit grant does not exist here.
 *
 * <table>
 *   <caption>How clients prove themselves</caption>
 *   <tr><th>{@code ClientAuthentication}</th><th>is</th></tr>
 *   <tr><td>{@code BASIC}, {@code BASIC_RAW}</td><td>the header, form-encoded as the standard wants
 *       it, or not</td></tr>
 *   <tr><td>{@code POST}, {@code POST_OR_BASIC}</td><td>the body; if that is refused with 401, the
 *       header</td></tr>
 *   <tr><td>{@code NONE}</td><td>a public client</td></tr>
 *   <tr><td>{@code PRIVATE_KEY_JWT}</td><td>a JWT for the issuer, once for each request; ES256,
 *       RS256, PS256</td></tr>
 *   <tr><td>{@code CLIENT_SECRET_JWT}</td><td>the same, signed with the secret, of at least 32
 *       bytes; HS256</td></tr>
 *   <tr><td>{@code TLS}</td><td>the connection's certificate (RFC 8705), of an authority or
 *       self-signed, at the alias of the endpoint if the issuer's metadata names one</td></tr>
 *   <tr><td>{@code AS_WRITTEN}</td><td>what the templates of the request say</td></tr>
 * </table>
 *
 * <p>Besides: {@code dpop} (RFC 9449), {@code pushedAuthorization} (RFC 9126), {@code resources}
 * (RFC 8707), {@code revocationUrl} (RFC 7009), the issuer in callbacks (RFC 9207), metadata (RFC
 * 8414, OpenID Connect Discovery). A request that lacked a nonce is sent once more, with it and the
 * same token; a token of type DPoP is never sent as a bearer token.
 *
 * <p>Not included: CIBA, signed requests and responses (RFC 9101, JARM), rich authorization
 * requests (RFC 9396) but as a parameter, clients that register themselves with a software
 * statement, an initial access token, or a key, {@code dpop_jkt}, proofs for requests that a
 * definition's policies send to another URL, ES384 and its like, making SAML assertions. A call
 * whose token has been refused just when the service wants a new nonce fails, and the next one does
 * not.
 *
 * <h3>Clients that register themselves</h3>
 *
 * Where a service registers anybody's clients (RFC 7591), as MCP servers do, the host need not:
 *
 * <pre>{@code
 * OAuth2Scheme.issuer("https://mcp.example.com").registeringClients()
 * }</pre>
 *
 * <p>A client that the host or the connection has goes first. Without one, a sign-in registers a
 * client for its connection: with the very redirect URI, the scopes that it asks for, and the name
 * that the host has told its runtime. How it proves itself says {@code clientAuthentication}, or
 * the first of header, body and {@code NONE} that the issuer takes; what the service answers
 * counts. The endpoint has to be on the issuer's origin, or one that {@code alsoAt} names.
 *
 * <p>The client is kept with the connection, encrypted, and used by its later sign-ins while
 * issuer, redirect URI and scopes are the same and its secret has not expired. A sign-in is
 * completed, and tokens are renewed and revoked, by the client that they began with. If the service
 * does not know it any more ({@code invalid_client}), the grant has ended, and the next sign-in
 * registers another. Where the service lets it be deleted (RFC 7592), that is done with the
 * connection; one that was replaced is left to the service, which ends clients that nobody uses.
 * Each sign-in at a free port of this machine has another redirect URI, and so another client.
 *
 * <h2>How to describe a provider</h2>
 *
 * Most providers differ from OAuth 2.0 in a few places. {@link
 * dev.connectorsdk.api.auth.OAuth2Scheme} is a way through requests, of which each is data: inputs
 * (connection parameters, the client, captured values) go into requests, their answers into tokens,
 * and tokens into the requests of the connection. A factory sets all of it as the standard says;
 * say where your provider differs:
 *
 * <pre>{@code
 * OAuth2Scheme.authorizationCode("https://{site}.example.com/authorize", "https://{site}.example.com/token")
 *     .scopes("read", "write").scopeSeparator(",")
 *     .authorizationParameter("access_type", "offline")
 *     .clientAuthentication(ClientAuthentication.POST)
 *     .exchange(request -> request.json().header("Api-Version", "2026-01"))
 *     .answer(answer -> answer.accessToken("/data/token").expiry(Expiry.milliseconds("/data/ttl")))
 *     .sendingToken(TokenPlace.header("X-Api-Token"));
 * }</pre>
 *
 * <table>
 *   <caption>Quirks and how to say them</caption>
 *   <tr><th>The provider …</th><th>say</th></tr>
 *   <tr><td>has a region or tenant in its URLs</td>
 *       <td>{@code {region}}, {@code {region=us}}, {@code {instance|region=us}}</td></tr>
 *   <tr><td>wants further parameters at the sign-in</td><td>{@code authorizationParameter}</td></tr>
 *   <tr><td>wants further parameters in token requests, such as an audience</td>
 *       <td>{@code tokenParameter}, {@code resources} (RFC 8707)</td></tr>
 *   <tr><td>calls {@code client_id} otherwise</td>
 *       <td>{@code authorization(r -> r.renamed(…))}, {@code exchange(r -> r.renamed(…))}</td></tr>
 *   <tr><td>does not want a default parameter</td><td>{@code exchange(r -> r.without(…))}</td></tr>
 *   <tr><td>joins scopes by comma; does not decode them</td>
 *       <td>{@code scopeSeparator(",")}; {@code rawParameter}</td></tr>
 *   <tr><td>takes JSON, the query, or a GET</td>
 *       <td>{@code exchange(r -> r.json())}, {@code query()}, {@code byGet()}</td></tr>
 *   <tr><td>wants headers in token requests</td><td>{@code exchange(r -> r.header(…))}</td></tr>
 *   <tr><td>wants the client proved differently when renewing</td>
 *       <td>{@code refresh(r -> r.clientAuthentication(…))}</td></tr>
 *   <tr><td>has the token elsewhere in its answer, in a header or a cookie</td>
 *       <td>{@code answer(a -> a.accessToken("/data/token", "cookie:SID"))}</td></tr>
 *   <tr><td>says no expiry, or in another unit</td>
 *       <td>{@code answer(a -> a.expiry(Expiry.…))}; unknown is used until it is refused</td></tr>
 *   <tr><td>answers 200 to a failure</td><td>{@code answer(a -> a.successIf("/ok", "true"))}</td></tr>
 *   <tr><td>renews elsewhere, or with other parameters</td>
 *       <td>{@code refreshUrl}, {@code refresh(r -> …)}</td></tr>
 *   <tr><td>renews by the access token; by the grant again; never</td>
 *       <td>{@code renewal(Renewal.ACCESS_TOKEN)}, {@code RUN_AGAIN}, {@code NEVER}</td></tr>
 *   <tr><td>trades a short-lived token for a long-lived one</td>
 *       <td>{@code then(RequestTemplate.get(…).atSignInOnly())}</td></tr>
 *   <tr><td>tells the expiry by introspection (RFC 7662)</td>
 *       <td>{@code then(… .answer(a -> TokenFields.none().expiry(Expiry.instant("/exp"))))}</td></tr>
 *   <tr><td>has to be asked which site or tenant it is</td>
 *       <td>{@code then(… .answer(a -> TokenFields.none().capture("cloud", "/0/id")))}</td></tr>
 *   <tr><td>tells its URL in the token answer; in the callback</td>
 *       <td>{@code answer(a -> a.capture("api", "/api_domain"))}; {@code callback("code", "realmId")}
 *       </td></tr>
 *   <tr><td>wants the token in another header, the query or a cookie</td>
 *       <td>{@code sendingToken(TokenPlace.…)}</td></tr>
 *   <tr><td>wants a second key of the application</td>
 *       <td>{@code ClientRegistration.with("key", …)} and {@code TokenPlace.header("X", "{key}")}</td></tr>
 *   <tr><td>gives two tokens</td>
 *       <td>{@code answer(a -> a.token("user", …))}, and {@code http.get(…).token("user")}</td></tr>
 *   <tr><td>has a grant type of its own</td>
 *       <td>{@code OAuth2Scheme.custom("account_credentials", url)}</td></tr>
 *   <tr><td>has a login with several steps</td>
 *       <td>{@code OAuth2Scheme.session(RequestTemplate.post(…)).then(…)}</td></tr>
 *   <tr><td>takes signed assertions</td>
 *       <td>{@code OAuth2Scheme.jwtBearer(url, JwtTemplate.signedBy("RS256", "{private_key}"))}</td></tr>
 *   <tr><td>wants the client proved by a key or certificate</td>
 *       <td>{@code ClientAuthentication.PRIVATE_KEY_JWT}, {@code TLS}</td></tr>
 *   <tr><td>binds tokens to a key (RFC 9449)</td><td>{@code dpop("ES256")}</td></tr>
 *   <tr><td>publishes its endpoints</td><td>{@code OAuth2Scheme.issuer("https://id.example.com")}</td></tr>
 *   <tr><td>registers clients at the sign-in (RFC 7591)</td><td>{@code registeringClients()}</td></tr>
 *   <tr><td>refuses PKCE</td><td>{@code withoutPkce()}, which shows in {@code weaknesses()}; a host switches it on
 *       again by {@code ClientRegistration.withPkce()}</td></tr>
 * </table>
 *
 * <h3>What may stand in braces</h3>
 *
 * {@code {name}} is a value, {@code {a|b}} the first that there is, {@code {a=text}} a text where
 * there is none, {@code {a?X,Y=text}} a text if the value is X or Y and nothing otherwise. Names
 * are those of connection parameters, of what the host gave with {@code ClientRegistration.with},
 * of what earlier answers gave ({@code value}, {@code capture}), and {@code access_token}, {@code
 * refresh_token}, {@code client_id}, {@code client_secret}, {@code scope}, {@code code}, {@code
 * redirect_uri}, {@code state}, {@code issuer}, {@code user_assertion}. A parameter or header with
 * a value missing is not sent.
 *
 * <p>In parameters every value is encoded as their format wants it. In URLs a connection parameter
 * is one part of a host name or of a path, under the rules for {@link
 * dev.connectorsdk.api.Connector#baseUrl}; values of answers stand in path and query only.
 *
 * <h3>What it does not do</h3>
 *
 * XML bodies; tokens in the body of a request; a choice among the sites that a look-up finds
 * (captures take what their place says); a client certificate of the host (with {@code TLS} the
 * connection brings it); a URL whose host is told by the very acquisition that uses it. For what is
 * left, write a strategy.
 */
@NullMarked
package dev.connectorsdk.api.auth;

import org.jspecify.annotations.NullMarked;
