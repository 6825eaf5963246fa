/** The ways to authenticate that a definition offers. */
@NullMarked
package dev.connectorsdk.internal.definition.auth;

import org.jspecify.annotations.NullMarked;
