package dev.connectorsdk.store;

import static java.util.Objects.requireNonNull;

import dev.connectorsdk.api.spi.TriggerStore.EventClaim;
import dev.connectorsdk.api.spi.TriggerStore.EventStatus;
import dev.connectorsdk.api.spi.TriggerStore.NewEvent;
import dev.connectorsdk.api.spi.TriggerStore.Sealed;
import dev.connectorsdk.api.spi.TriggerStore.StoredEvent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An event in the inbox, and who has claimed it until when. */
final class InMemoryEvent {

  private StoredEvent stored;
  private String token = "";

  /** When it can be claimed: a claim that runs out makes it ready again. */
  @Nullable Instant readyAt;

  /** When something of it is to be forgotten. */
  @Nullable Instant keptUntil;

  /** How long its id is known, once it is no longer waiting. */
  Instant knownUntil = Instant.MAX;

  InMemoryEvent(StoredEvent stored) {
    this.stored = stored;
  }

  Instant readyAt() {
    return requireNonNull(readyAt, "readyAt");
  }

  Instant keptUntil() {
    return requireNonNull(keptUntil, "keptUntil");
  }

  StoredEvent stored() {
    return stored;
  }

  long number() {
    return stored.number();
  }

  String id() {
    return stored.event().id();
  }

  String order() {
    return stored.event().order();
  }

  Sealed payload() {
    return stored.event().payload();
  }

  boolean is(EventStatus status) {
    return stored.status() == status;
  }

  boolean isHeld(String byToken) {
    return token.equals(byToken);
  }

  EventClaim claim(String newToken) {
    token = newToken;
    become(EventStatus.STORED, payload(), stored.attempts() + 1, stored.error());
    return new EventClaim(stored, token);
  }

  /** Ends the claim, if there is one. */
  void become(EventStatus status, int attempts, String error) {
    token = "";
    become(status, payload(), attempts, error);
  }

  void replacePayload(Sealed next) {
    become(stored.status(), next, stored.attempts(), stored.error());
  }

  private void become(EventStatus status, Sealed payload, int attempts, String error) {
    stored =
        new StoredEvent(
            stored.number(),
            stored.subscription(),
            new NewEvent(id(), order(), payload),
            status,
            attempts,
            error,
            stored.storedAt());
  }
}
