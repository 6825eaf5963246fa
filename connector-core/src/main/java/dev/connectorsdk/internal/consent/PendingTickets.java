package dev.connectorsdk.internal.consent;

import dev.connectorsdk.api.error.ConsentException;
import dev.connectorsdk.api.error.ConsentException.Reason;
import dev.connectorsdk.api.internal.Sha256;
import dev.connectorsdk.api.spi.SecretCipher.Place;
import dev.connectorsdk.api.spi.TicketStore;
import dev.connectorsdk.api.spi.TicketStore.StoredTicket;
import dev.connectorsdk.internal.connection.CredentialBox;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Keeps sign-ins in the store, encrypted, until the browser comes back; each can be taken once. */
final class PendingTickets {

  private static final Duration LIFETIME = Duration.ofMinutes(10);

  private final TicketStore tickets;
  private final CredentialBox box;
  private final Clock clock;

  PendingTickets(TicketStore tickets, CredentialBox box, Clock clock) {
    this.tickets = tickets;
    this.box = box;
    this.clock = clock;
  }

  /**
   * Stores what is kept of a sign-in.
   *
   * @param state by which its callback will be known
   * @return until when it can be taken
   */
  Instant put(String state, PendingTicket ticket) {
    Instant expiresAt = clock.instant().plus(LIFETIME);
    String id = hash(state);
    String ciphertext = box.encrypt(ticket.values(), place(id, expiresAt));
    tickets.deleteExpiredTickets(clock.instant());
    tickets.insertTicket(new StoredTicket(id, ciphertext, expiresAt));
    return expiresAt;
  }

  /**
   * Takes what was kept of a sign-in.
   *
   * @throws ConsentException if there is nothing, or no longer
   */
  PendingTicket take(String state) {
    String id = hash(state);
    StoredTicket ticket =
        tickets
            .takeTicket(id)
            .orElseThrow(
                () ->
                    new ConsentException(
                        Reason.STATE_UNKNOWN, "No sign-in is pending for this callback"));
    if (!clock.instant().isBefore(ticket.expiresAt())) {
      throw new ConsentException(Reason.STATE_UNKNOWN, "The sign-in took longer than allowed");
    }
    return PendingTicket.read(box.decrypt(ticket.ciphertext(), place(id, ticket.expiresAt())));
  }

  /** A ticket whose end was put off in the store cannot be decrypted. */
  private static Place place(String id, Instant expiresAt) {
    return new Place(id, "consent", expiresAt.toEpochMilli());
  }

  static String hash(String text) {
    return Sha256.hex(text);
  }
}
