/**
 * Data policies: which connectors, operations and endpoints may be used, and together.
 *
 * <p>Start at {@link dev.connectorsdk.governance.DataPolicy}. A policy sorts connectors into two
 * groups, <em>Business</em> and <em>Non-business</em>, and a third, <em>Blocked</em>. A flow may
 * use connectors of one group only; what is blocked nobody may use. All policies that apply in an
 * environment hold together, so a further policy never permits more.
 */
@NullMarked
package dev.connectorsdk.governance;

import org.jspecify.annotations.NullMarked;
