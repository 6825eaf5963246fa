/** Connections while they are used: opened, authenticated, tested, and their status. */
@NullMarked
package dev.connectorsdk.internal.connection;

import org.jspecify.annotations.NullMarked;
