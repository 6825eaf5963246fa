/** Settings for one call, and help for people who fill in its input. */
@NullMarked
package dev.connectorsdk.invocation;

import org.jspecify.annotations.NullMarked;
