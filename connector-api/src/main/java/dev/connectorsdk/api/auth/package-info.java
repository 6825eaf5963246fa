/**
 * Ways to authenticate, declared as data, and the interfaces of the code that handles them.
 *
 * <p>An {@link dev.connectorsdk.api.auth.AuthScheme} is the declaration inside a connector. The
 * {@link dev.connectorsdk.api.auth.AuthStrategy} for its type is the code: it opens one {@link
 * dev.connectorsdk.api.auth.Authenticator} for each connection. The runtime has strategies for all
 * schemes of this package; for a scheme of your own, write a strategy and hand it to the runtime.
 *
 * <table>
 * <caption>Schemes</caption>
 * <tr><th>to send</th><th>use</th></tr>
 * <tr><td>nothing; user name and password; a bearer token</td>
 *     <td>{@link dev.connectorsdk.api.auth.NoneScheme}, {@link
 *     dev.connectorsdk.api.auth.BasicScheme}, {@link dev.connectorsdk.api.auth.BearerScheme}</td></tr>
 * <tr><td>keys in headers, query parameters or cookies</td>
 *     <td>{@link dev.connectorsdk.api.auth.ApiKeyScheme}</td></tr>
 * <tr><td>OAuth 2.0 tokens of any provider, and session logins</td>
 *     <td>{@link dev.connectorsdk.api.auth.OAuth2Scheme}</td></tr>
 * <tr><td>signatures</td>
 *     <td>{@link dev.connectorsdk.api.auth.AzureSharedKeyScheme}, {@link
 *     dev.connectorsdk.api.auth.AwsSignatureScheme}, {@link
 *     dev.connectorsdk.api.auth.OAuth1Scheme}, {@link
 *     dev.connectorsdk.api.auth.SignatureScheme}</td></tr>
 * <tr><td>a TLS client certificate</td>
 *     <td>{@link dev.connectorsdk.api.auth.ClientCertificateScheme}</td></tr>
 * </table>
 *
 * <p>The README of connector-auth is the guide: which factory to use for which grant, how to
 * describe a provider that differs from the standard, and what is not included.
 */
@NullMarked
package dev.connectorsdk.api.auth;

import org.jspecify.annotations.NullMarked;
