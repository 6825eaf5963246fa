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
 */
@NullMarked
package dev.connectorsdk.api.auth;

import org.jspecify.annotations.NullMarked;
