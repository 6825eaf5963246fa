/** Sign-ins: begun, kept while they are pending, and completed. */
@NullMarked
package dev.connectorsdk.internal.consent;

import org.jspecify.annotations.NullMarked;
