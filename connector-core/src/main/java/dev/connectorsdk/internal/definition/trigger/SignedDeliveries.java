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
 * any of the four ways, none is needed, or a handshake brings it.
 *
 * @param sentAs the input that takes the runtime's secret, or {@code null}
 * @param answeredAt where in the output of the operation the service's secret is, or {@code null}
 * @param ofApplication whether the secret is that of the host's application
 * @param parameter of the connection, which holds the secret, or {@code null}
 */
public record SignedDeliveries(
    Signature signature,
    @Nullable FilledInput sentAs,
    @Nullable JsonPointer answeredAt,
    boolean ofApplication,
    @Nullable String parameter) {

  /** Definitions say nothing of ids, and many a body only says that there is news. */
  static final SignedDeliveries NOT = of(Signature.unsigned().bodyIsNoId().build());

  public SignedDeliveries {
    Objects.requireNonNull(signature, "signature");
    if (sentAs != null && signature.algorithm().hasPublicKey()) {
      throw new IllegalArgumentException(
          signature + " is checked with a public key of the service, which cannot be sent to it");
    }
  }

  /**
   * Returns deliveries without a secret of ours.
   *
   * @throws IllegalArgumentException if the signature needs one
   */
  public static SignedDeliveries of(Signature signature) {
    if (lacksSecret(signature)) {
      throw new IllegalArgumentException(
          signature
              + " needs a secret: say where it is sent, where the service answers with it, or which"
              + " parameter of the connection holds it, or that it is the application's");
    }
    return new SignedDeliveries(signature, null, null, false, null);
  }

  /** Returns deliveries that are signed with a secret that is sent in an input. */
  public static SignedDeliveries sent(Signature signature, FilledInput input) {
    return new SignedDeliveries(signature, input, null, false, null);
  }

  /** Returns deliveries that are signed with a secret that the service answers with. */
  public static SignedDeliveries answered(Signature signature, JsonPointer pointer) {
    return new SignedDeliveries(signature, null, pointer, false, null);
  }

  /** Returns deliveries that are signed with the secret of the host's application. */
  public static SignedDeliveries ofApplication(Signature signature) {
    return new SignedDeliveries(signature, null, null, true, null);
  }

  /** Returns deliveries that are signed with the value of a parameter of the connection. */
  public static SignedDeliveries ofParameter(Signature signature, String parameter) {
    return new SignedDeliveries(
        signature, null, null, false, Objects.requireNonNull(parameter, "parameter"));
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
