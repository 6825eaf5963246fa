/**
 * How requests become authenticated: the strategies for the schemes of {@link
 * dev.connectorsdk.api.auth}.
 *
 * <p>Start at {@link dev.connectorsdk.auth.AuthStrategies#standard}, which the runtime registers.
 *
 * <h2>How it is built</h2>
 *
 * A strategy reads inputs (connection parameters, the registered client), gets what is to be sent,
 * and makes an injection that puts it into requests. Without tokens that is all: the injection is
 * made when a connection is opened. With OAuth 2.0 a <em>token step</em> stands between: it turns
 * the token set of a connection into the next one by asking the token endpoint. The authenticator
 * around it decides when a step runs and where its result is kept, and knows nothing of grants.
 *
 * <ul>
 *   <li>A fresh token costs one volatile read and a look at the clock.
 *   <li>A token is replaced ahead of its expiry: by a tenth of its life, at least a minute, at most
 *       five, never more than half of it, and a little earlier at random. Without known expiry it
 *       is used until the service refuses it.
 *   <li>Of all threads that need a newer token one asks, and the others wait for its result or its
 *       failure. Who still has a valid token does not wait. A waiting thread can be interrupted; if
 *       the asking thread is interrupted, one of the waiting takes over.
 *   <li>A new token is in the vault before it is used. If the vault cannot be written, nobody gets
 *       the token; it is kept in memory and stored first by the next attempt, so that a refresh
 *       token which replaced a spent one is not lost to a short outage of the store.
 *   <li>While a token is valid, failing to replace it early harms no call, unless the grant itself
 *       has ended.
 *   <li>The end of a grant is believed only if nobody has stored another one meanwhile, and is
 *       remembered: nothing is asked again until the vault changes.
 * </ul>
 *
 * <p>A signature is an injection that looks at the whole request first. What each kind can do and
 * cannot do is said at the schemes, in {@link dev.connectorsdk.api.auth}.
 *
 * <h2>Limits</h2>
 *
 * <ul>
 *   <li>Processes that share a store may refresh the same grant at the same time. The vault's
 *       compare-and-set keeps one result, but a service that punishes the second use of a refresh
 *       token may end the grant.
 *   <li>A token request is sent once. If its answer is lost, or it fails for now, the call fails;
 *       the next call asks again at once.
 *   <li>A refresh token is spent without first making sure that the vault can be written.
 *   <li>Grants are authorization code and client credentials; clients prove themselves by a secret
 *       or not at all; tokens are bearer tokens in the Authorization header.
 *   <li>Granted scopes are stored with the token and compared with nothing.
 *   <li>The issuer in a callback is not checked; no metadata is read, no token is revoked.
 * </ul>
 */
@NullMarked
package dev.connectorsdk.auth;

import org.jspecify.annotations.NullMarked;
