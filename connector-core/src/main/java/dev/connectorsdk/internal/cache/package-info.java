/** What is kept in the memory of this process, such as what was read elsewhere. */
@NullMarked
package dev.connectorsdk.internal.cache;

import org.jspecify.annotations.NullMarked;
