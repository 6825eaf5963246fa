/**
 * The code behind {@link dev.connectorsdk.api.webhook}: checks deliveries, answers handshakes,
 * signs samples.
 */
@NullMarked
package dev.connectorsdk.auth.webhook;

import org.jspecify.annotations.NullMarked;
