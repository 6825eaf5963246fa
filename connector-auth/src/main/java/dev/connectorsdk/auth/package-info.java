/**
 * The code behind the schemes of {@link dev.connectorsdk.api.auth}: how requests are authenticated.
 *
 * <p>Start at {@link dev.connectorsdk.auth.AuthStrategies}, which the runtime asks.
 *
 * <h2>How it works</h2>
 *
 * A strategy opens one authenticator for each connection. Without tokens, the authenticator reads
 * the connection's parameters once and adds to each request what the scheme says. A signature looks
 * at the whole request first. With OAuth 2.0, the authenticator adds the current access token, and
 * sees to it that there is one:
 *
 * <ul>
 *   <li>A token that is fresh costs one volatile read and a look at the clock.
 *   <li>A token is replaced before it expires: by a tenth of its life, at least 1 min, at most 5
 *       min, never more than half of its life, and a little earlier at random. If its expiry is not
 *       known, it is used until the service refuses it.
 *   <li>There is one refresh per connection at a time, on a thread of its own, so that no caller's
 *       interruption or deadline ends it. As long as the token is valid nobody waits for the
 *       refresh, and its failure harms no call. Otherwise callers wait until their call is out of
 *       time, at most 35 s.
 *   <li>Of all processes that share a store, one refreshes. It holds a lease, which lasts 15 s and
 *       is renewed for up to 90 s. Taking the lease also stores which token is about to be
 *       replaced. So no refresh token is spent while the store cannot be written, and a process
 *       that takes over after a crash knows that it may have been spent. The other processes use
 *       the result.
 *   <li>A new token is stored before it is used. Storing is tried again for 30 s. If it does not
 *       succeed, the token is kept in memory, nobody gets it, and the next attempt stores it first.
 *       A process that lost its lease takes it again before it stores, and overwrites nothing
 *       newer.
 *   <li>If the answer to a refresh is lost, the same refresh token is sent again after 1 s and
 *       after 5 s more, as long as 30 s have not passed. If the service then says that the grant
 *       has ended, the reason says that the outcome of a refresh was lost.
 *   <li>A service that fails temporarily is asked three times in all, 1 s and 2 s apart. Then it is
 *       not asked for 5 s, and twice as long after each further failure: at most 1 min, or as long
 *       as its {@code Retry-After} says, up to 1 h. Calls that need a token fail at once meanwhile.
 *   <li>If a token endpoint fails for three connections of one client in a row, none of that
 *       client's connections asks it during such a pause. After the pause one of them asks, and all
 *       go on or wait again as the answer says.
 *   <li>If the service says that a grant has ended, that counts only if no newer token was stored
 *       meanwhile. It is remembered, so that the service is not asked again until the stored
 *       credential changes. Nothing that is stored is erased.
 * </ul>
 *
 * <h2>Limits</h2>
 *
 * <ul>
 *   <li>If a process dies after the service has answered and before the answer is stored, the
 *       answer is lost. A service that accepts the same refresh token once more gives it again;
 *       with any other, somebody has to sign in.
 *   <li>A store that several processes share has to have leases. With a vault that has none, only
 *       one process may renew.
 *   <li>Tokens are revoked only at services whose scheme or metadata names an endpoint for it, and
 *       the request is sent once.
 *   <li>A callback without an issuer is refused only if the service's metadata promises one.
 *   <li>The signature of an ID token is not checked, because it comes from the token endpoint
 *       itself.
 * </ul>
 */
@NullMarked
package dev.connectorsdk.auth;

import org.jspecify.annotations.NullMarked;
