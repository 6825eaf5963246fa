package dev.connectorsdk.store;

import dev.connectorsdk.api.spi.TicketStore;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What can be taken once, in one process. */
final class InMemoryTickets implements TicketStore {

  private final Map<String, StoredTicket> tickets = new HashMap<>();

  @Override
  public synchronized boolean insertTicket(StoredTicket ticket) {
    return tickets.putIfAbsent(ticket.id(), ticket) == null;
  }

  @Override
  public synchronized Optional<StoredTicket> takeTicket(String id) {
    return Optional.ofNullable(tickets.remove(id));
  }

  @Override
  public synchronized void deleteExpiredTickets(Instant now) {
    Instant limit = now.truncatedTo(ChronoUnit.MICROS);
    tickets.values().removeIf(ticket -> ticket.expiresAt().isBefore(limit));
  }
}
