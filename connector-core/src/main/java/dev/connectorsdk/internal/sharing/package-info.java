/** Who may do what with a flow and with what it uses. */
@NullMarked
package dev.connectorsdk.internal.sharing;

import org.jspecify.annotations.NullMarked;
