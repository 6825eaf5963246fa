package dev.connectorsdk.api.spi;

import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.auth.AuthStrategy;
import java.util.List;

/**
 * What a plugin brings. Register it at the runtime's builder, or let the runtime find it with
 * {@link java.util.ServiceLoader}: name the class in {@code
 * META-INF/services/dev.connectorsdk.api.spi.ConnectorProvider}, and in {@code provides} of a
 * {@code module-info}.
 *
 * <p>To be found it needs a public constructor without parameters that does no work. Both methods
 * are called once for each runtime and do no I/O.
 */
public interface ConnectorProvider {

  /** Returns the plugin's connectors. */
  List<Connector> connectors();

  /** Returns strategies for auth schemes of the plugin's own; none by default. */
  default List<AuthStrategy<?>> authStrategies() {
    return List.of();
  }
}
