/**
 * Credentials that only the members of a gateway can open.
 *
 * <p>A {@link dev.connectorsdk.internal.gateway.seal.SealedValue} is encrypted where it is entered,
 * with the gateway's public {@link dev.connectorsdk.internal.gateway.seal.SealingKey}. What it may
 * be used for, a {@link dev.connectorsdk.internal.gateway.seal.SealedUse}, is part of what is
 * authenticated: a member believes that and nothing else. {@link
 * dev.connectorsdk.internal.gateway.seal.SealedCredentials} are the member's side.
 */
@NullMarked
package dev.connectorsdk.internal.gateway.seal;

import org.jspecify.annotations.NullMarked;
