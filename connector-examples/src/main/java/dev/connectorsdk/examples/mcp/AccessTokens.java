package dev.connectorsdk.examples.mcp;

import dev.connectorsdk.api.Principal;
import java.io.UncheckedIOException;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Who calls tools over HTTP, by the bearer token (RFC 6750) of each request. */
public interface AccessTokens {

  /**
   * Returns whose token it is.
   *
   * @throws TokenRefusedException if it is none that may be used here
   * @throws UncheckedIOException if that cannot be found out now
   */
  Principal check(String token) throws TokenRefusedException;

  /**
   * Returns the metadata of the protected resource (RFC 9728), which says where clients get tokens;
   * empty if no server issues any.
   */
  Optional<ObjectNode> metadata();
}
