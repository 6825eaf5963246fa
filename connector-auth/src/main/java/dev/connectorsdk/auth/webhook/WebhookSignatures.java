package dev.connectorsdk.auth.webhook;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.WebhookTrigger.Delivery;
import dev.connectorsdk.api.error.DeliveryRefusedException;
import dev.connectorsdk.api.webhook.Arrival;
import dev.connectorsdk.api.webhook.Handshake;
import dev.connectorsdk.api.webhook.Signature;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Checks deliveries against a {@link Signature}, and signs samples with the same.
 *
 * <p>Stateless: that a delivery is accepted only once is for whoever stores its id.
 */
public final class WebhookSignatures {

  private WebhookSignatures() {}

  /** What a request at a callback URL turned out to be. */
  public sealed interface Outcome permits Authentic, Answer {}

  /**
   * A delivery that comes from the service.
   *
   * @param id by which a repeat is recognised; empty if the delivery has none. Whether the
   *     signature covers it says {@link Signature#coversId}
   * @param answer what to answer once it is taken, because it is a handshake as well; {@code null}
   *     if it is none
   */
  public record Authentic(Optional<String> id, @Nullable Answer answer) implements Outcome {}

  /**
   * A handshake, and what to answer.
   *
   * @param status of the answer
   * @param headers of the answer, by name
   * @param body of the answer, at most 1 KiB
   * @param learned the secret that deliveries are signed with from now on, or {@code null} if the
   *     handshake brought none
   * @param opens the https URL that is to be asked for before the answer, or {@code null}
   */
  @SuppressWarnings("ArrayRecordComponent") // It is written to a stream.
  public record Answer(
      int status,
      Map<String, String> headers,
      byte[] body,
      @Nullable Secret learned,
      @Nullable URI opens)
      implements Outcome {

    /** Returns only the status: the rest can repeat tokens. */
    @Override
    public String toString() {
      return "Answer[" + status + "]";
    }
  }

  /**
   * Returns what a request is, once that is certain. Nothing of the body is parsed before its
   * signature was checked, unless the signature is over values in it or the subscription awaits an
   * unprotected handshake.
   *
   * @param awaitsHandshake whether the subscription is being made, so that an unprotected handshake
   *     is answered; else only one that comes in an authentic delivery is
   * @param token what a handshake has to send that the subscription gave to the service, or {@code
   *     null} if there is none
   * @throws DeliveryRefusedException if it is not authentic
   */
  public static Outcome receive(
      Signature signature, Arrival arrival, boolean awaitsHandshake, @Nullable Secret token) {
    HandshakeAnswers answers = new HandshakeAnswers(signature, arrival);
    Check check = new Check(signature, arrival);
    Handshake unsigned = answers.beforeTheCheck(awaitsHandshake).orElse(null);
    if (unsigned != null) {
      if (awaitsHandshake || unsigned.token() != null) {
        return answers.answered(unsigned, token);
      }
      answers.requireDelivery(unsigned, check);
      return new Authentic(check.id(), answers.answered(unsigned, token));
    }
    DeliveryValues values = check.authentic();
    Answer signed = answers.afterTheCheck(values);
    return signed != null ? signed : new Authentic(check.id(), null);
  }

  /**
   * Returns the id of an authentic delivery, or nothing if it has none. Handshakes are not looked
   * for.
   *
   * @throws DeliveryRefusedException if it is not authentic
   */
  public static Optional<String> check(Signature signature, Arrival arrival) {
    Check check = new Check(signature, arrival);
    check.authentic();
    return check.id();
  }

  /**
   * Returns the id of a delivery that is known to be authentic, or nothing if it has none. For one
   * that was unpacked after the check.
   */
  public static Optional<String> id(Signature signature, Delivery delivery) {
    return Check.id(signature, new DeliveryValues(delivery));
  }

  /**
   * Returns why a secret cannot be used with a signature, without the secret, or nothing if it can:
   * it is empty or blank, no key in the declared form, no public key for the algorithm.
   */
  public static Optional<String> problem(Signature signature, Secret secret) {
    try {
      if (signature.algorithm().hasPublicKey() && signature.needsSecret()) {
        SecretText.publicKey(signature, secret);
      } else if (signature.needsSecret()) {
        SecretText.key(signature, secret);
      }
      return Optional.empty();
    } catch (DeliveryRefusedException e) {
      return Optional.ofNullable(e.getMessage());
    }
  }

  /**
   * Returns a sample as the service would send it: with timestamp, signature and whatever else the
   * declaration asks for and the sample does not have.
   *
   * @param secret the secret; with a public key the private one to it in PKCS#8, and with a key set
   *     a private JWK
   * @param sample what to sign; a signature in it is replaced
   * @param callback the registered URL
   * @param at the time of the timestamp
   * @throws IllegalArgumentException if the secret cannot sign, or the signature is in code
   */
  public static Delivery sign(
      Signature signature, Secret secret, Delivery sample, URI callback, Instant at) {
    return new SampleSigner(signature, secret, callback, at).sign(sample);
  }

  /** Returns the methods that a callback URL of this signature is called with. */
  public static List<String> methods(Signature signature) {
    return Stream.concat(Stream.of("POST"), signature.handshakes().stream().map(Handshake::method))
        .distinct()
        .toList();
  }
}
