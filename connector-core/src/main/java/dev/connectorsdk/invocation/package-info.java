/**
 * One call of an action, from the reference to the result.
 *
 * <p>Hosts use {@link dev.connectorsdk.invocation.CallOptions}; {@link
 * dev.connectorsdk.internal.invocation.Invoker} is for the runtime and may change in any release.
 */
@NullMarked
package dev.connectorsdk.invocation;

import org.jspecify.annotations.NullMarked;
