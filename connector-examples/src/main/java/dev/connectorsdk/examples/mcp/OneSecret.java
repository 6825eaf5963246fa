package dev.connectorsdk.examples.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * A secret of one person on this machine, made when a program starts. Programs of others on the
 * machine reach its port, and do not know it.
 */
public final class OneSecret implements AccessTokens {

  private final Principal person;
  private final Secret secret;

  private OneSecret(Principal person, Secret secret) {
    this.person = person;
    this.secret = secret;
  }

  /** Returns a new one for a person. */
  public static OneSecret of(Principal person) {
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    String text = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    return new OneSecret(person, Secret.of(text));
  }

  /** Returns the secret, to be shown to the person once. */
  public Secret secret() {
    return secret;
  }

  @Override
  public Principal check(String token) throws TokenRefusedException {
    if (!MessageDigest.isEqual(token.getBytes(UTF_8), secret.reveal().getBytes(UTF_8))) {
      throw TokenRefusedException.invalid();
    }
    return person;
  }

  /** No server issues it. */
  @Override
  public Optional<ObjectNode> metadata() {
    return Optional.empty();
  }
}
