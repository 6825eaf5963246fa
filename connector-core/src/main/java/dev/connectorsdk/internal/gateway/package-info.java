/**
 * What a host keeps of gateways: which there are, who their members are, who may use them.
 *
 * <p>A host is the post office of a gateway's keys and never a reader: {@link
 * dev.connectorsdk.internal.gateway.Enrolment} passes on what members encrypt for each other, and
 * {@link dev.connectorsdk.internal.gateway.StoredGateways} keeps it.
 */
@NullMarked
package dev.connectorsdk.internal.gateway;

import org.jspecify.annotations.NullMarked;
