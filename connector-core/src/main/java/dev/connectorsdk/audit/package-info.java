/** Who did what with connections, and who was refused: kept for those who account for it. */
@NullMarked
package dev.connectorsdk.audit;

import org.jspecify.annotations.NullMarked;
