/**
 * The rules of URLs and templates that the modules of the SDK share, each written once: what is
 * escaped, which URLs are of one origin, what a path must not hold, what stands in braces.
 *
 * <p>Not for hosts and plugins: any release may change it.
 */
@NullMarked
package dev.connectorsdk.api.internal;

import org.jspecify.annotations.NullMarked;
