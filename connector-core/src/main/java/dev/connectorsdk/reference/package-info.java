/**
 * References: the names that work uses instead of connections.
 *
 * <p>Start at {@link dev.connectorsdk.reference.References}. {@link
 * dev.connectorsdk.reference.DeploymentSettings} moves bindings from one environment to another.
 *
 * <p>An <em>embedded</em> reference is bound once per environment, to a connection of one of the
 * flow's owners. An <em>invoker</em> reference stands for a connection of the caller: the one that
 * the caller bound, or else the only ready one that the caller has to this connector in this
 * environment. Resolution never guesses: everything else is a {@link
 * dev.connectorsdk.api.error.ResolutionException}, which names every connection that was considered
 * and says why it was not taken.
 *
 * <p>A connection is used by its owner, and through flows that its owner owns. It cannot be shared
 * with other principals.
 */
@NullMarked
package dev.connectorsdk.reference;

import org.jspecify.annotations.NullMarked;
