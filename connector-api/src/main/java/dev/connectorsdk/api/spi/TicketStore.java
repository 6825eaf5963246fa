package dev.connectorsdk.api.spi;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Keeps what can be taken once, such as pending sign-ins. The contract of {@link ConnectorStore}
 * holds here too.
 */
public interface TicketStore {

  /**
   * Something that can be taken once, such as a pending sign-in.
   *
   * @param id a hash, so that reading the store does not let anybody use it; 1 to 200 characters
   * @param ciphertext as {@link SecretCipher} made it, for this id
   * @param expiresAt when it is no longer valid
   */
  record StoredTicket(String id, String ciphertext, Instant expiresAt) {

    public StoredTicket {
      Storable.requireKey("Ticket id", id, 200);
      Storable.requireText("Ciphertext", Objects.requireNonNull(ciphertext, "ciphertext"));
      expiresAt = Storable.instant(expiresAt);
    }

    /** Returns a text without the content. */
    @Override
    public String toString() {
      return "StoredTicket[expires " + expiresAt + "]";
    }
  }

  /**
   * Adds something that can be taken once.
   *
   * @return {@code false} if there is one with this id
   */
  boolean insertTicket(StoredTicket ticket);

  /**
   * Returns a ticket and removes it, so that of several callers exactly one gets it. One that has
   * expired may be returned: the caller compares {@link StoredTicket#expiresAt}.
   */
  Optional<StoredTicket> takeTicket(String id);

  /** Removes all tickets that expired before {@code now}. */
  void deleteExpiredTickets(Instant now);
}
