/**
 * What the runtime costs, next to the same work written by hand. Ratios hold within one run only.
 */
@NullMarked
package dev.connectorsdk.benchmark;

import org.jspecify.annotations.NullMarked;
