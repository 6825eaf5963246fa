/** Where events of the runtime reach its listeners. */
@NullMarked
package dev.connectorsdk.internal.event;

import org.jspecify.annotations.NullMarked;
