package dev.connectorsdk.examples.console;

import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.runtime.ConnectorRuntime;
import org.jspecify.annotations.Nullable;

/**
 * What all pages of a console share.
 *
 * @param people {@code null} if the host does not say who people are
 */
record Site(
    ConnectorRuntime runtime,
    Visitors visitors,
    Address address,
    FlowDirectory flows,
    @Nullable People people) {}
