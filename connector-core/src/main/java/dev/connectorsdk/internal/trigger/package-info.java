/** Runs subscriptions: polls, stores, hands over. */
@NullMarked
package dev.connectorsdk.internal.trigger;

import org.jspecify.annotations.NullMarked;
