package dev.connectorsdk.auth;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.auth.StepFailure.Kind;
import java.net.URI;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The token endpoints that fail, so that the thousands of connections of a client do not each find
 * out by themselves. Once an endpoint has failed for three connections in a row, nobody asks it for
 * the time of a {@link CoolDown}; then one of them does, and all go on or wait again as that one
 * finds it.
 *
 * <p>What some connections meet while others are answered is a matter of theirs, and stops nobody
 * else. So connections that have not failed yet are let through meanwhile, one at a time: the first
 * at once, and after each that fails the next one 5 s later, then 10 s and so on, at most a minute,
 * however long the endpoint asked others to wait. If one is answered, those that had failed no
 * longer count until they are answered too. What an endpoint says of a single request never counts.
 *
 * <p>Clients are told apart by their secrets too: a wrong one that somebody entered stops nobody
 * else, and a corrected one is tried at once. Safe for several threads; {@code this} guards all.
 */
final class Outages {

  private static final Logger log = LoggerFactory.getLogger(Outages.class);

  private static final int MOST = 1_000;
  private static final int CONNECTIONS = 3;

  /** How long the others wait at a time while one tries. */
  private static final Duration TRIAL_PAUSE = Duration.ofSeconds(1);

  /** After which somebody else may try, if nothing was heard of the one who did. */
  private static final Duration LONGEST_TRIAL = Duration.ofSeconds(30);

  private final Map<Client, Outage> outages =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Client, Outage> eldest) {
          return size() > MOST;
        }
      };

  /**
   * A client at a token endpoint.
   *
   * @param client {@code null} if there is none
   */
  record Client(URI endpoint, @Nullable OAuthClient client) {

    /** Returns a text without the path, which can hold a token. */
    @Override
    public String toString() {
      return "a client at " + endpoint.getHost();
    }
  }

  /** What is known of a client at an endpoint, as long as there is something. */
  private static final class Outage {
    private static final int MOST_KNOWN = 1_000;

    /** Who has failed since somebody was last answered. */
    private final Set<ConnectionId> failing = new LinkedHashSet<>();

    /** Who had failed when somebody else was answered, and was not answered since. */
    private final Set<ConnectionId> faulty = new LinkedHashSet<>();

    private final CoolDown coolDown;

    /** How long those who have not failed yet wait for the next trial. */
    private final CoolDown trials;

    private @Nullable StepFailure last;
    private @Nullable ConnectionId trying;
    private long tryingSince;

    Outage(RandomGenerator random) {
      coolDown = new CoolDown(random);
      trials = new CoolDown(random);
    }

    boolean isKnown() {
      return failing.size() >= CONNECTIONS;
    }

    /** Returns in how many milliseconds a connection may try, if nobody else does then. */
    long left(ConnectionId connection, long now) {
      boolean hasFailed = failing.contains(connection) || faulty.contains(connection);
      return hasFailed ? coolDown.left(now) : Math.min(coolDown.left(now), trials.left(now));
    }

    boolean isTried(long now) {
      return trying != null && Pauses.left(tryingSince, LONGEST_TRIAL.toMillis(), now) > 0;
    }

    void answered(ConnectionId connection) {
      faulty.addAll(failing);
      faulty.remove(connection);
      limit(faulty);
      failing.clear();
      coolDown.passed();
      trials.passed();
      last = null;
      trying = null;
    }

    /** Returns whether the outage is known from now on. */
    boolean failed(ConnectionId connection, StepFailure failure, long now) {
      boolean isTrial = connection.equals(trying);
      trying = isTrial ? null : trying;
      if (faulty.contains(connection)) {
        return false;
      }
      boolean before = isKnown();
      failing.add(connection);
      limit(failing);
      boolean becomesKnown = !before && isKnown();
      if (becomesKnown || (isTrial && coolDown.left(now) == 0)) {
        last = failure;
        coolDown.failed(failure, now);
      } else if (isTrial) {
        trials.failed(new StepFailure(failure.kind(), failure.problem()), now);
      }
      return becomesKnown;
    }

    private static void limit(Set<ConnectionId> connections) {
      Iterator<ConnectionId> oldestFirst = connections.iterator();
      while (connections.size() > MOST_KNOWN) {
        oldestFirst.next();
        oldestFirst.remove();
      }
    }
  }

  /**
   * Has a token endpoint asked.
   *
   * @throws StepFailure as {@code request} does; or {@linkplain StepFailure#isUnasked unasked}
   */
  <T> T ask(Client client, AuthContext context, Supplier<T> request) {
    begin(client, context);
    try {
      T answer = request.get();
      answered(client, context);
      return answer;
    } catch (StepFailure e) {
      learn(client, context, e);
      throw e;
    } catch (RuntimeException | Error e) {
      abandoned(client, context);
      throw e;
    }
  }

  private void learn(Client client, AuthContext context, StepFailure failure) {
    if (failure.isOfRequest() || failure.isUnasked()) {
      abandoned(client, context);
      return;
    }
    switch (failure.kind()) {
      case RATE_LIMITED, UNAVAILABLE, OUTCOME_UNKNOWN, CLIENT_REFUSED -> {
        if (failed(client, context, failure)) {
          log.warn(
              "Nobody asks {} for a while, since it fails for several connections: {}",
              client.endpoint().getHost(),
              failure.problem());
        }
      }
      case GRANT_ENDED -> answered(client, context);
      case MISCONFIGURED, MOVED, SUPERSEDED -> abandoned(client, context);
    }
  }

  private void answered(Client client, AuthContext context) {
    if (passed(client, context)) {
      log.info("The token endpoint at {} is back", client.endpoint().getHost());
    }
  }

  private synchronized void begin(Client client, AuthContext context) {
    Outage outage = outages.get(client);
    StepFailure last = outage == null ? null : outage.last;
    if (outage == null || last == null || !outage.isKnown()) {
      return;
    }
    long now = context.clock().millis();
    long left = outage.left(context.connection(), now);
    if (left > 0) {
      throw StepFailure.unasked(last, Duration.ofMillis(left));
    }
    if (outage.isTried(now)) {
      String problem =
          "the token endpoint at " + client.endpoint().getHost() + " may not be back yet";
      throw StepFailure.unasked(new StepFailure(Kind.UNAVAILABLE, problem), TRIAL_PAUSE);
    }
    outage.trying = context.connection();
    outage.tryingSince = now;
  }

  /** Returns whether an outage has ended that was known. */
  private synchronized boolean passed(Client client, AuthContext context) {
    Outage outage = outages.get(client);
    if (outage == null) {
      return false;
    }
    boolean wasKnown = outage.isKnown();
    outage.answered(context.connection());
    if (outage.faulty.isEmpty()) {
      outages.remove(client);
    }
    return wasKnown;
  }

  /** Returns whether the outage is known from now on. */
  private synchronized boolean failed(Client client, AuthContext context, StepFailure failure) {
    return outages
        .computeIfAbsent(client, key -> new Outage(context.random()))
        .failed(context.connection(), failure, context.clock().millis());
  }

  private synchronized void abandoned(Client client, AuthContext context) {
    Outage outage = outages.get(client);
    if (outage != null && context.connection().equals(outage.trying)) {
      outage.trying = null;
    }
  }
}
