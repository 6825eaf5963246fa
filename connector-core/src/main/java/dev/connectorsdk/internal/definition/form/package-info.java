/** Choices and schemas that the service has to be asked for. */
@NullMarked
package dev.connectorsdk.internal.definition.form;

import org.jspecify.annotations.NullMarked;
