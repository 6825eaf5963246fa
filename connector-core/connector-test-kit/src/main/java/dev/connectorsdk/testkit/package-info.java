/**
 * What the tests of a connector need: {@link dev.connectorsdk.testkit.ConnectorTest} gives each
 * test a runtime in memory, a connection that works, and a service on this machine.
 */
@NullMarked
package dev.connectorsdk.testkit;

import org.jspecify.annotations.NullMarked;
