/** Calls of actions, and the questions behind forms. */
@NullMarked
package dev.connectorsdk.internal.invocation;

import org.jspecify.annotations.NullMarked;
