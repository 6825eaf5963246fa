/**
 * Sign-ins: a user's OAuth authorisation, from the link to stored tokens.
 *
 * <p>Start at {@link dev.connectorsdk.consent.Consents}.
 */
@NullMarked
package dev.connectorsdk.consent;

import org.jspecify.annotations.NullMarked;
