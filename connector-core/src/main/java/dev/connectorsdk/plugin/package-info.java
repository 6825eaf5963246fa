/**
 * Finding plugins, and checking their connectors.
 *
 * <p>{@link dev.connectorsdk.plugin.PluginDiscovery} finds providers without letting a broken one
 * harm the others, and {@link dev.connectorsdk.plugin.AllowedPlugins} says which may run. Authors
 * of connectors run {@link dev.connectorsdk.plugin.ConnectorLint} in a test.
 */
@NullMarked
package dev.connectorsdk.plugin;

import org.jspecify.annotations.NullMarked;
