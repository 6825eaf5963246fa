/**
 * What the tests of a connector need: {@link dev.connectorsdk.testkit.ConnectorTest} gives each
 * test a runtime in memory, a connection that works, and a service on this machine, {@link
 * dev.connectorsdk.testkit.ConnectorContract} asks what every connector has to keep to, and {@link
 * dev.connectorsdk.testkit.ConnectorStub} stands for a connector in the tests of a host.
 */
@NullMarked
package dev.connectorsdk.testkit;

import org.jspecify.annotations.NullMarked;
