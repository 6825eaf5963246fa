package dev.connectorsdk.api.webhook;

/**
 * Checks in code what a {@link Signature} cannot say: a certificate that the delivery names by its
 * URL, a hash in an unusual form.
 *
 * <p>Called on a thread of the host's web server, by several at once. It gets the bytes as received
 * and fails closed: what is missing, doubled or unknown is refused. Requests are sent by nothing
 * but {@link Arrival#keys}.
 */
@FunctionalInterface
public interface DeliveryVerifier {

  /**
   * Returns if the delivery is authentic. Timestamp, id and handshakes that the {@link Signature}
   * declares are seen to before and after.
   *
   * @throws dev.connectorsdk.api.error.DeliveryRefusedException if it is not
   * @throws Exception if that could not be found out; the delivery is refused
   */
  void verify(Arrival arrival) throws Exception;
}
