/** Makes audit records and keeps them without holding up calls. */
@NullMarked
package dev.connectorsdk.internal.audit;

import org.jspecify.annotations.NullMarked;
