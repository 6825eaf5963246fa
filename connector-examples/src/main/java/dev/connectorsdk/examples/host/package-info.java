/**
 * Hosts, as short as they get: {@link dev.connectorsdk.examples.host.FirstAction} first. The
 * READMEs show the marked parts.
 */
@NullMarked
package dev.connectorsdk.examples.host;

import org.jspecify.annotations.NullMarked;
