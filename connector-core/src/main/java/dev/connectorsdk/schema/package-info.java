/**
 * JSON Schemas of shapes, and the check of inputs against them. An internal room: it is public only
 * so that the other rooms of this module can use it, and may change in any release.
 *
 * <p>{@link dev.connectorsdk.schema.Schemas} belongs to one runtime and knows the schema of each
 * {@link dev.connectorsdk.api.Shape}; its {@link dev.connectorsdk.schema.InputValidator}s report
 * every fault of an input, save of limits that the schema calls advisory. {@link
 * dev.connectorsdk.schema.JsonSettings} makes the runtime's mapper.
 */
@NullMarked
package dev.connectorsdk.schema;

import org.jspecify.annotations.NullMarked;
