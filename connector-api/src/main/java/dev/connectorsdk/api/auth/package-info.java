/**
 * How requests become authenticated.
 *
 * <p>An {@link dev.connectorsdk.api.auth.AuthScheme} is the declaration inside a connector; the
 * {@link dev.connectorsdk.api.auth.AuthStrategy} that handles its type is the code. For each
 * connection a strategy opens an {@link dev.connectorsdk.api.auth.Authenticator}. To add a scheme
 * of your own, write both and hand the strategy to the runtime.
 */
@NullMarked
package dev.connectorsdk.api.auth;

import org.jspecify.annotations.NullMarked;
