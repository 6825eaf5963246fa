/**
 * How deliveries of webhooks are signed, declared as data.
 *
 * <p>A {@link dev.connectorsdk.api.webhook.Signature} says where a service puts its signature, what
 * it signs and how; {@link dev.connectorsdk.api.webhook.Signatures} has those of many services. A
 * {@link dev.connectorsdk.api.webhook.Handshake} says how a callback URL proves itself. What none
 * of this can say is a {@link dev.connectorsdk.api.webhook.DeliveryVerifier}.
 */
@NullMarked
package dev.connectorsdk.api.webhook;

import org.jspecify.annotations.NullMarked;
