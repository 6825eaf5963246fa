/** Calls up to the point where they would leave the machine, and what would have left. */
@NullMarked
package dev.connectorsdk.examples.dryrun;

import org.jspecify.annotations.NullMarked;
