/**
 * Sign-ins with OAuth 2.0, from the link to stored tokens.
 *
 * <p>Start at {@link dev.connectorsdk.consent.Consents}. There are three ways to have a user sign
 * in; all of them end in a {@link dev.connectorsdk.consent.CompletedConsent}.
 *
 * <h2>In a web application</h2>
 *
 * Two handlers: one sends the browser away, the other one meets it when it comes back. Both say who
 * the user is and in which browser session, as the application knows it. In a servlet:
 *
 * <pre>{@code
 * // With the client: ClientRegistration.of(id, secret).redirectingTo(here)
 * URI here = URI.create("https://app.example.com/callback/tickets");
 *
 * // GET /connect/tickets
 * var spec = ConnectionSpec.of("tickets", "oauth2");
 * var pending = runtime.consents().begin(user(request).in("prod"), spec, session(request));
 * response.sendRedirect(pending.authorizationUrl().toString());
 *
 * // GET /callback/tickets
 * String query = request.getQueryString();
 * var done = runtime.consents().complete(user(request), here, query, session(request));
 * }</pre>
 *
 * Other frameworks differ only in where these values come from. connector-examples has whole
 * programs for servlets, for Javalin and for a terminal.
 *
 * <p>The path of the redirect URI names the connector, and the provider has to know each of them.
 * Give them with the client, from your configuration and not from what a request says of the host;
 * {@link dev.connectorsdk.consent.ConsentOptions#redirectUri} chooses among several. Tell the
 * runtime's builder your origins ({@code hostOrigins}); then it takes no others.
 *
 * <p>{@link dev.connectorsdk.consent.ConsentOptions} asks for more or fewer scopes, adds parameters
 * such as {@code prompt}, remembers where to send the user afterwards, and allows another account
 * than before.
 *
 * <h2>In a terminal</h2>
 *
 * <pre>{@code
 * var done = runtime.consents().signInHere(ada, spec, ConsentOptions.standard(),
 *     Duration.ofMinutes(5), link -> System.out.println("Open " + link));
 * }</pre>
 *
 * The browser comes back to a free port of 127.0.0.1 (RFC 8252); register {@code
 * http://127.0.0.1/callback/tickets} with the provider, which has to take any port.
 *
 * <h2>On another device</h2>
 *
 * <pre>{@code
 * var pending = runtime.consents().beginDevice(ada, spec);
 * System.out.println("Open " + pending.verificationUri() + " and enter " + pending.userCode());
 * var done = pending.await();
 * }</pre>
 *
 * For auth options with {@code OAuth2Scheme.deviceCode} (RFC 8628).
 *
 * <h2>Guarantees</h2>
 *
 * <ul>
 *   <li>The state has 256 random bits, is stored as a hash, and is accepted once, for 10 minutes.
 *       The verifier of PKCE and the nonce are stored encrypted.
 *   <li>A callback is accepted only for the user, the browser session and the redirect URI with
 *       which the sign-in began, and from the issuer, where that is known (RFC 9207). Otherwise the
 *       token endpoint is not asked, and an event names both users.
 *   <li>Where the owner of a connection chooses the host at which users sign in, each connection
 *       has a redirect URI of its own (RFC 9700 section 4.4): {@code redirectingTo} ends in {@code
 *       /*}; one at this machine has the host as its last segment. What is needed of it at the
 *       service is that it does not accept the redirect URI of another site. A client that {@code
 *       sentTo} limits to sites that you trust needs none. Codes and tokens go to the origin at
 *       which users sign in, unless the connector's author has declared another one. An issuer that
 *       a callback names and nobody has declared must be of that origin, too.
 *   <li>If the metadata of an issuer name an endpoint elsewhere than at the last sign-in, nothing
 *       is sent there. Sign-ins, and renewals that need it, fail and say what has moved, until
 *       {@link dev.connectorsdk.consent.ConsentOptions#acceptingNewEndpoints} confirms it. An
 *       endpoint that the issuer did not have before has not moved.
 *   <li>The result of a sign-in is stored as a whole or not at all: tokens, parameters that the
 *       service gave, granted scopes, and whose account it is, by the ID token or by the
 *       connector's test. A sign-in with another account changes nothing unless it was allowed. If
 *       the account was known and the new sign-in does not say whose it is, it counts as another.
 *   <li>{@link dev.connectorsdk.api.Connection#grantedScopes} says what was granted. A call of an
 *       action that needs more ({@code Action.Builder.requiredScopes}) fails before it is sent.
 *   <li>A connection whose first sign-in nobody completes stays unauthenticated, and is used by no
 *       call, until somebody begins again for its id or deletes it. {@code signInHere} deletes it.
 * </ul>
 *
 * <h2>Limits</h2>
 *
 * <ul>
 *   <li>Pages and user sessions are the application's.
 *   <li>The signature of ID tokens is not checked, since they come from the token endpoint itself
 *       (OpenID Connect Core 1.0 section 3.1.3.7); they log nobody in here.
 *   <li>Only the process that began a sign-in on another device can wait for it.
 *   <li>Granted scopes are those of the last sign-in. That a service has taken one back since is
 *       noticed when it refuses a call.
 * </ul>
 */
@NullMarked
package dev.connectorsdk.consent;

import org.jspecify.annotations.NullMarked;
