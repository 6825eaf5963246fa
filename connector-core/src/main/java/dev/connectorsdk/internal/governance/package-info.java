/** How data policies decide. */
@NullMarked
package dev.connectorsdk.internal.governance;

import org.jspecify.annotations.NullMarked;
