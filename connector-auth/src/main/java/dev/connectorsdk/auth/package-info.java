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
 *   <li>One refresh runs for each connection, on a thread of its own: nobody's interruption or
 *       deadline ends it. Who still has a valid token does not wait for it, not even the one who
 *       began it; the others wait until their call is out of time, at most 35 s.
 *   <li>Of all processes that share the store one refreshes, under a lease that lasts 15 s and is
 *       renewed for up to 90 s. Taking it is a write that says what is about to be replaced, so no
 *       refresh token is spent while the store cannot be written, and whoever takes over after a
 *       crash knows. Nobody refreshes without it; a result that somebody else stored is used.
 *   <li>A new token is in the vault before it is used. Storing is tried again for 30 s; after that
 *       nobody gets the token, and it is kept in memory and stored first by the next attempt. A
 *       holder that lost its lease takes it again before it stores, and overwrites nothing newer.
 *   <li>If an answer is lost, the same refresh token is sent again after 1 s and after 5 s more, as
 *       long as 30 s have not passed. If the service says that the grant has ended after a lost
 *       answer, or after a crash, the reason says that the refresh outcome was lost.
 *   <li>A service that fails for now is asked three times in all, 1 s and 2 s apart, then left
 *       alone for 5 s, twice as long after each further failure, up to a minute, or for as long as
 *       it asks. Calls fail at once meanwhile.
 *   <li>While a token is valid, failing to replace it early harms no call.
 *   <li>The end of a grant is believed only if nobody has stored another one meanwhile, and is
 *       remembered: nothing is asked again until the vault changes. Nothing stored is erased.
 * </ul>
 *
 * <p>A signature is an injection that looks at the whole request first. What each kind can do and
 * cannot do is said at the schemes, in {@link dev.connectorsdk.api.auth}.
 *
 * <h2>Limits</h2>
 *
 * <ul>
 *   <li>A process that dies after the service has answered and before the answer is stored loses
 *       it. A service that answers the same refresh token again gives it back; with any other
 *       somebody has to sign in.
 *   <li>A store that several processes share has to have leases; a vault without them is safe in
 *       one process only.
 *   <li>A service is left alone connection by connection: one that fails is asked by each.
 *   <li>A service whose scheme and metadata name no way to revoke is not asked to; a revocation is
 *       sent once.
 *   <li>A callback without an issuer is refused only if the service's metadata promises one.
 *   <li>The signature of an ID token is not checked: it comes from the token endpoint itself.
 * </ul>
 */
@NullMarked
package dev.connectorsdk.auth;

import org.jspecify.annotations.NullMarked;
