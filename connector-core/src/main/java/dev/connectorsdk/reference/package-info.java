/**
 * References: the names that work uses instead of connections.
 *
 * <p>Start at {@link dev.connectorsdk.reference.References}. {@link
 * dev.connectorsdk.reference.DeploymentSettings} moves bindings from one environment to another.
 *
 * <p>An <em>embedded</em> reference belongs to one principal, in a flow to the flow's owner, and is
 * bound once per environment, to a connection of that principal. An <em>invoker</em> reference
 * stands for a connection of the caller: the one that the caller bound, or else the only ready one
 * that the caller has to this connector in this environment. Resolution never guesses: everything
 * else is a {@link dev.connectorsdk.api.error.ResolutionException}, which names every connection
 * that was considered and that the caller may know of, and says why it was not taken.
 *
 * <p>A connection is used by its owner, through flows that its owner owns, through flows in which
 * its owner, as a co-owner, has it take the place of another, and through flows of those to whom
 * its owner has granted the reference. Nobody but its owner and an administrator brings it there.
 */
@NullMarked
package dev.connectorsdk.reference;

import org.jspecify.annotations.NullMarked;
