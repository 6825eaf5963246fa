/**
 * How secrets are encrypted before they are stored.
 *
 * <p>A {@link dev.connectorsdk.secret.KeyRing} encrypts with its current key and decrypts with
 * every key it has. {@link dev.connectorsdk.secret.KeyMaintenance} finds out whether a key ring
 * fits a store, and encrypts stored secrets with a new key.
 */
@NullMarked
package dev.connectorsdk.secret;

import org.jspecify.annotations.NullMarked;
