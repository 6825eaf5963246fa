/**
 * The smallest plugin that is whole: {@link dev.connectorsdk.examples.plugin.TasksPlugin}. And ways
 * to authenticate at services that have habits of their own.
 */
@NullMarked
package dev.connectorsdk.examples.plugin;

import org.jspecify.annotations.NullMarked;
