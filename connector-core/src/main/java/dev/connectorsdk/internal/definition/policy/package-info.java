/** Policy templates and scripts: read once, run on each attempt of a request and on its answer. */
@NullMarked
package dev.connectorsdk.internal.definition.policy;

import org.jspecify.annotations.NullMarked;
