package dev.connectorsdk.examples.mcp;

import dev.connectorsdk.api.Principal;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Tokens that are users' names. */
final class NamedTokens implements AccessTokens {

  @Override
  public Principal check(String token) {
    return Principal.user(token);
  }

  @Override
  public Optional<ObjectNode> metadata() {
    return Optional.empty();
  }
}
