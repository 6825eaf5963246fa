package dev.connectorsdk.spring;

import dev.connectorsdk.api.Caller;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/**
 * Says on whose behalf a browser signs in at a service. Without a bean of this type it is the user
 * whom the application has authenticated ({@code getUserPrincipal}), by name, in the environment of
 * {@link ConnectorProperties}.
 */
@FunctionalInterface
public interface CallerResolver {

  /** Returns who sends a request; empty for nobody who is known. */
  Optional<Caller> callerOf(HttpServletRequest request);
}
