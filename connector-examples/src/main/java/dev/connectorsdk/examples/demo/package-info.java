/**
 * What {@code mvn -q compile exec:java} runs: {@link dev.connectorsdk.examples.demo.Demo}, against
 * a service of its own on this machine.
 */
@NullMarked
package dev.connectorsdk.examples.demo;

import org.jspecify.annotations.NullMarked;
