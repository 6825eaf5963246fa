package dev.connectorsdk.internal.trigger;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.WebhookTrigger.Registration;
import dev.connectorsdk.api.webhook.Signature;
import dev.connectorsdk.internal.connection.OpenConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A registration at a service, as it is kept.
 *
 * @param key the end of its URL
 * @param secret the one that the service was given
 * @param home where the connection led that it was made with
 * @param nextAt when to do something about it; until then, somebody may be at work at one that is
 *     intended
 * @param tries how often that has failed
 */
record Lease(
    String key, String secret, State state, Home home, Instant nextAt, int tries, Remote remote) {

  static final Instant NEVER = Instant.parse("9999-12-31T00:00:00Z");

  /** How often a registration that does not end is looked for, if it can be. */
  private static final Duration CHECK = Duration.ofDays(1);

  /** When to try again to remove one, in parts of the time for that: 5 tries. */
  private static final int[] LEAVING = {60, 15, 4, 2};

  /** How long what a service sends or sends again may be signed with its former secret. */
  private static final Duration FORMER_HOLDS = Duration.ofHours(1);

  /** Where in its life it is. */
  enum State {
    /** The service may have it: nobody has noted its answer. */
    INTENDED,
    /** The service calls it. */
    LIVE,
    /** It is to be removed. */
    LEAVING,
    /** The service may have it for ever: it was given up. */
    ORPHANED
  }

  /**
   * What the service has said.
   *
   * @param from when
   * @param until when it ends, or {@code null} if it does not
   * @param secret the one that the service has chosen, or {@code null}
   * @param former the one before that, which deliveries on their way may be signed with, or {@code
   *     null}
   */
  record Remote(
      String id,
      @Nullable Instant from,
      @Nullable Instant until,
      @Nullable String secret,
      @Nullable String former) {

    static final Remote NONE = new Remote("", null, null, null, null);

    Registration registration() {
      return new Registration(id, until, secret == null ? null : Secret.of(secret));
    }

    @Override
    public String toString() {
      return "Remote[" + until + "]";
    }
  }

  static Lease intended(
      Callbacks callbacks, Signature signature, OpenConnection connection, Instant now) {
    return new Lease(
        callbacks.unguessable(),
        callbacks.secret(signature),
        State.INTENDED,
        Home.of(connection),
        now.plus(Watch.LIMIT),
        0,
        Remote.NONE);
  }

  private Lease with(State other, Instant next, int failed, Remote said) {
    return new Lease(key, secret, other, home, next, failed, said);
  }

  /** Returns it as the service has registered it, or renewed it. */
  Lease live(Registration made, Instant now) {
    Secret chosen = made.secret();
    Instant end = made.expiresAt();
    String next = chosen == null ? remote.secret() : chosen.reveal();
    boolean signsAlike =
        state == State.INTENDED || signedWith().equals(next == null ? secret : next);
    Remote said = new Remote(made.id(), now, end, next, signsAlike ? null : signedWith());
    return with(State.LIVE, end == null ? now.plus(CHECK) : part(now, end, 50), 0, said);
  }

  /** Returns it after the service has said something else of it. */
  Lease with(Remote said) {
    return with(state, nextAt, tries, said);
  }

  /** Returns it after the attempt to register it has ended, and nobody knows how. */
  Lease uncertain(Instant now) {
    return with(State.INTENDED, now, tries, remote);
  }

  /** Returns it with the secret that a handshake has brought. */
  Lease learning(Secret learned) {
    return with(
        state,
        nextAt,
        tries,
        new Remote(remote.id(), remote.from(), remote.until(), learned.reveal(), null));
  }

  /** Returns it after it was found at the service. */
  Lease checked(Instant now) {
    return with(State.LIVE, now.plus(CHECK), 0, remote);
  }

  /**
   * Returns it after it could not be renewed or checked: there is one more try, at 80 % of its
   * life.
   */
  Lease late(Instant now) {
    Instant from = remote.from();
    Instant until = remote.until();
    Instant next =
        from == null || until == null ? now.plus(Duration.ofHours(1)) : part(from, until, 80);
    return with(State.LIVE, next, tries + 1, remote);
  }

  private static Instant part(Instant from, Instant until, int percent) {
    return from.plusMillis(Duration.between(from, until).toMillis() * percent / 100);
  }

  Lease leaving(Instant now) {
    return with(State.LEAVING, now, 0, remote);
  }

  /**
   * Returns it after it could not be removed, or looked for in order to be removed.
   *
   * @param within which time all tries are
   */
  Lease stillThere(Instant now, Duration within) {
    return tries < LEAVING.length && !within.isZero()
        ? with(state, now.plus(within.dividedBy(LEAVING[tries])), tries + 1, remote)
        : orphaned();
  }

  Lease orphaned() {
    return with(State.ORPHANED, NEVER, tries, remote);
  }

  boolean is(State other) {
    return state == other;
  }

  /** Returns whether it was made with this connection, and that leads there still. */
  boolean isOf(OpenConnection other) {
    return home.isOf(other) && home.hasEventsOf(other);
  }

  boolean isDue(Instant now) {
    return !now.isBefore(nextAt);
  }

  /** Returns whether the service sends nothing any more. */
  boolean isOver(Instant now) {
    Instant until = remote.until();
    return until != null && !now.isBefore(until);
  }

  /** Returns whether it could not be renewed twice, and is to be replaced. */
  boolean wasGivenUp() {
    return remote.until() != null && tries >= 2;
  }

  /** Returns what its deliveries are signed with, or may be yet. */
  List<Secret> signedWith(Instant now) {
    Instant from = remote.from();
    String former = remote.former();
    boolean isRecent = from != null && now.isBefore(from.plus(FORMER_HOLDS));
    return former != null && isRecent
        ? List.of(Secret.of(signedWith()), Secret.of(former))
        : List.of(Secret.of(signedWith()));
  }

  private String signedWith() {
    String chosen = remote.secret();
    return chosen == null ? secret : chosen;
  }

  @Override
  public String toString() {
    return "Lease[" + state + ", " + nextAt + "]";
  }
}
