/** Where the members of gateways dial in, by the web server that a host has. */
@NullMarked
package dev.connectorsdk.examples.gateways;

import org.jspecify.annotations.NullMarked;
