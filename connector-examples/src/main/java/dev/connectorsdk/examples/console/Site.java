package dev.connectorsdk.examples.console;

import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.runtime.ConnectorRuntime;

/** What all pages of a console share. */
record Site(ConnectorRuntime runtime, Visitors visitors, Address address, FlowDirectory flows) {}
