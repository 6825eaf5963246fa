package dev.connectorsdk.internal.gateway.line;

import okio.Buffer;
import okio.ByteString;

/**
 * Why a stream ended before its time.
 *
 * @param sent whether the service may have got a part of the request
 * @param words for a person; without secrets, and without what a service has said
 */
public record Reset(Reason reason, boolean sent, String words) {

  private static final int MAX_WORDS = 1_000;

  /** What happened. The numbers are part of the protocol, and none is ever used again. */
  public enum Reason {
    /** Nobody waits for the answer any more. */
    CANCELLED(1),
    /** The service could not be reached. */
    CONNECT(2),
    /** The inside network does not know the service's name. */
    UNKNOWN_HOST(3),
    /** The TLS handshake with the service failed. */
    TLS(4),
    /** The service took too long. */
    TIMEOUT(5),
    /** The exchange with the service broke off. */
    BROKEN_OFF(6),
    /** The service answers without the rest of the body: only the sending of that ends. */
    ENOUGH(7),
    /** The member does as much as it can already. */
    BUSY(8),
    /** The member is about to stop. */
    DRAINING(9),
    /** The member is not allowed to go where it was sent. */
    NOT_ALLOWED(10),
    /** The credential cannot be used for this request. */
    CREDENTIAL(11),
    /** The credential could not be had just now. */
    CREDENTIAL_LATER(12),
    /** The service refused the member's client certificate. */
    CERTIFICATE_REFUSED(13),
    /** The line was cut. Never sent. */
    LINE_LOST(14),
    /** The member was not given an origin that it would have to go to. */
    NOT_GIVEN(15);

    private static final Reason[] ALL = values();

    private final int code;

    Reason(int code) {
      this.code = code;
    }

    private static Reason of(int code) {
      return code < 1 || code > ALL.length ? BROKEN_OFF : ALL[code - 1];
    }
  }

  ByteString encoded() {
    String said = words.length() > MAX_WORDS ? words.substring(0, MAX_WORDS) : words;
    return new Buffer()
        .writeByte(reason.code)
        .writeByte(sent ? 1 : 0)
        .writeUtf8(said)
        .readByteString();
  }

  static Reset decoded(ByteString payload) throws ProtocolFault {
    if (payload.size() < 2) {
      throw new ProtocolFault("a reset without a reason");
    }
    String words = payload.substring(2, Math.min(payload.size(), 2 + 4 * MAX_WORDS)).utf8();
    return new Reset(Reason.of(payload.getByte(0)), payload.getByte(1) != 0, Texts.ofPeer(words));
  }
}
