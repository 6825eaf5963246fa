/**
 * The files of a definition: read with patience and within limits, with schemas, references and
 * scalar values as they declare them.
 */
@NullMarked
package dev.connectorsdk.internal.definition.document;

import org.jspecify.annotations.NullMarked;
