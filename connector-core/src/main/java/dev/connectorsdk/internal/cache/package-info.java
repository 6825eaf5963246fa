/** What was read elsewhere and is kept for a short while. */
@NullMarked
package dev.connectorsdk.internal.cache;

import org.jspecify.annotations.NullMarked;
