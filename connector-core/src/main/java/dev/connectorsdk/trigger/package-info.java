/**
 * Subscriptions of triggers: what has a handler called for each event.
 *
 * <p>Three words say what has become of an event. It is <em>stored</em> once it is in the inbox,
 * together with the cursor that leads beyond it; <em>accepted</em> once its handler has returned;
 * and <em>parked</em> once it was given up, after which it is kept for 30 days.
 */
@NullMarked
package dev.connectorsdk.trigger;

import org.jspecify.annotations.NullMarked;
