/** The smallest plugin that is whole: {@link dev.connectorsdk.examples.plugin.TasksPlugin}. */
@NullMarked
package dev.connectorsdk.examples.plugin;

import org.jspecify.annotations.NullMarked;
