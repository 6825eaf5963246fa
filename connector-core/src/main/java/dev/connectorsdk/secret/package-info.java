/**
 * How secrets are encrypted before they are stored.
 *
 * <p>A {@link dev.connectorsdk.secret.KeyRing} encrypts with its current key and decrypts with
 * every key it has. {@link dev.connectorsdk.secret.KeyMaintenance} notices a wrong key ring when
 * the program starts, and brings stored secrets under a new key.
 */
@NullMarked
package dev.connectorsdk.secret;

import org.jspecify.annotations.NullMarked;
