package dev.connectorsdk.internal.gateway;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.internal.Sha256;
import dev.connectorsdk.api.spi.SecretCipher;
import dev.connectorsdk.api.spi.SecretCipher.Place;
import dev.connectorsdk.api.spi.TicketStore;
import dev.connectorsdk.api.spi.TicketStore.StoredTicket;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/** Codes by which somebody registers one member of a gateway, once. Safe for several threads. */
final class RegistrationCodes {

  /** As long as it takes to install the software of a member. */
  static final Duration LIFETIME = Duration.ofHours(1);

  private static final int BYTES = 20;

  private final TicketStore tickets;
  private final SecretCipher cipher;
  private final Clock clock;
  private final RandomGenerator random;

  RegistrationCodes(TicketStore tickets, SecretCipher cipher, Clock clock, RandomGenerator random) {
    this.tickets = tickets;
    this.cipher = cipher;
    this.clock = clock;
    this.random = random;
  }

  /** Returns a code for a member of a gateway. The store does not have it. */
  Secret issue(String gateway) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    String code = HexFormat.of().formatHex(bytes);
    Instant expiresAt = clock.instant().plus(LIFETIME);
    String id = id(code);
    tickets.deleteExpiredTickets(clock.instant());
    tickets.insertTicket(
        new StoredTicket(id, cipher.encrypt(Secret.of(gateway), place(id, expiresAt)), expiresAt));
    return Secret.of(code);
  }

  /**
   * Takes a code, which nobody can take again.
   *
   * @return the gateway that it is for
   * @throws InvalidInputException if there is no such code, or no longer
   */
  String take(String code) {
    String id = id(code);
    return tickets
        .takeTicket(id)
        .filter(ticket -> clock.instant().isBefore(ticket.expiresAt()))
        .map(ticket -> cipher.decrypt(ticket.ciphertext(), place(id, ticket.expiresAt())).reveal())
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "the registration of a member of a gateway",
                    "/code",
                    "is no code, was used before, or is older than one hour: have another one"
                        + " issued"));
  }

  private static String id(String code) {
    return Sha256.hex("gateway " + code);
  }

  /** A ticket whose end was put off in the store cannot be decrypted. */
  private static Place place(String id, Instant expiresAt) {
    return new Place(id, "gateway", expiresAt.toEpochMilli());
  }
}
