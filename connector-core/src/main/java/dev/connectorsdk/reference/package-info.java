/**
 * From a reference to the one connection that a caller may use.
 *
 * <p>Hosts use {@link dev.connectorsdk.reference.References} and {@link
 * dev.connectorsdk.reference.DeploymentSettings}. {@link
 * dev.connectorsdk.internal.reference.Resolver} is for the runtime's other rooms and may change in
 * any release.
 *
 * <p>An <em>embedded</em> reference is bound once for each environment, to a connection of an owner
 * of the flow. An <em>invoker</em> reference stands for the caller's own connection: the one that
 * the caller bound, else the only ready one of the connector that the caller has in the
 * environment. Resolution never guesses: everything else is a {@link
 * dev.connectorsdk.api.error.ResolutionException} that names every candidate and why it lost.
 *
 * <p>Connections are used by their owner, and through flows of which the owner is an owner. Sharing
 * a connection with other principals is not part of this.
 */
@NullMarked
package dev.connectorsdk.reference;

import org.jspecify.annotations.NullMarked;
