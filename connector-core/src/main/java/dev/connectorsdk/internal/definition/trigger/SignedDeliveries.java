package dev.connectorsdk.internal.definition.trigger;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.api.webhook.Handshake;
import dev.connectorsdk.api.webhook.Signature;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How the deliveries of a webhook are signed, and how both sides come to the same secret. Without
 * either of the two ways, none is needed, or a handshake brings it.
 *
 * @param sentAs the input that takes the runtime's secret, or {@code null}
 * @param answeredAt where in the output of the operation the service's secret is, or {@code null}
 */
public record SignedDeliveries(
    Signature signature, @Nullable FilledInput sentAs, @Nullable JsonPointer answeredAt) {

  /** Definitions say nothing of ids, and many a body only says that there is news. */
  static final SignedDeliveries NOT =
      new SignedDeliveries(Signature.unsigned().bodyIsNoId().build(), null, null);

  public SignedDeliveries {
    Objects.requireNonNull(signature, "signature");
    if (sentAs == null && answeredAt == null && lacksSecret(signature)) {
      throw new IllegalArgumentException(
          signature
              + " needs a secret: say where it is sent, or where the service answers with it");
    }
    if (sentAs != null && signature.algorithm().hasPublicKey()) {
      throw new IllegalArgumentException(
          signature + " is checked with a public key of the service, which cannot be sent to it");
    }
  }

  private static boolean lacksSecret(Signature signature) {
    return signature.needsSecret()
        && signature.handshakes().stream().map(Handshake::learns).allMatch(Objects::isNull);
  }

  /**
   * Puts the runtime's secret into the input of the operation that subscribes, if that is where it
   * goes.
   */
  void fill(ObjectNode input, Secret secret) {
    if (sentAs != null) {
      input.put(sentAs.input(), secret.reveal());
    }
  }

  /**
   * Returns the secret that the service has answered with, or {@code null} if it chooses none.
   *
   * @throws ResponseException if there is none where it should be
   */
  @Nullable Secret answered(JsonNode output) {
    if (answeredAt == null) {
      return null;
    }
    String secret = output.at(answeredAt).asString("");
    if (secret.isBlank()) {
      throw new ResponseException(
          "The service's answer has no secret at '" + answeredAt + "' to check deliveries with");
    }
    return Secret.of(secret);
  }
}
