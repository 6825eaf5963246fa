/** Hands events to the host's listeners. For the runtime's other rooms, not for hosts. */
@NullMarked
package dev.connectorsdk.event;

import org.jspecify.annotations.NullMarked;
