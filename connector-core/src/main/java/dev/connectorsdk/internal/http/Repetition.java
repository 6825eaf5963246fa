package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.error.TransportException;
import dev.connectorsdk.api.event.ConnectorEvent.RequestRepeated;
import dev.connectorsdk.internal.event.EventHub;
import java.time.Duration;
import java.time.Instant;
import okhttp3.Headers;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place that decides whether a request is sent again. Belongs to one request.
 *
 * <p>A refused credential leads to one renewal and one repetition, whatever the effect, since a 401
 * means that nothing was done. Otherwise a request that may have been carried out is repeated only
 * if doing it twice is harmless.
 */
final class Repetition {

  private static final Logger log = LoggerFactory.getLogger(Repetition.class);

  private static final long FIRST_PAUSE_MILLIS = 500;
  private static final long LONGEST_PAUSE_MILLIS = 20_000;

  private final BoundHttp http;
  private final Draft draft;
  private final long attemptMillis;
  private final @Nullable Incoming incoming;
  private final boolean repeatable;
  private final CredentialRenewal renewal;
  private int attempt = 1;

  /**
   * @param attemptMillis the most time that one attempt may take
   * @param incoming as for {@link Exchange}
   */
  Repetition(BoundHttp http, Draft draft, long attemptMillis, @Nullable Incoming incoming) {
    this.http = http;
    this.draft = draft;
    this.attemptMillis = attemptMillis;
    this.incoming = incoming;
    this.repeatable = http.budget().repeatable(draft.method());
    this.renewal = new CredentialRenewal(http);
  }

  /** Sends the request until an answer counts or nothing more can help, and returns the last. */
  BufferedResponse run() {
    while (true) {
      Exchange exchange = new Exchange(http, draft, attemptMillis, incoming);
      BufferedResponse response;
      try {
        response = exchange.run();
      } catch (TransportException e) {
        if (!repeatsAfter(e)) {
          throw e;
        }
        continue;
      }
      if (!isRepeated(exchange, response)) {
        return response;
      }
    }
  }

  /**
   * Sends the request for whoever counts attempts by itself: once, and once more if that helps
   * after the renewal of a credential.
   */
  BufferedResponse once() {
    while (true) {
      Exchange exchange = new Exchange(http, draft, attemptMillis, incoming);
      BufferedResponse response = exchange.run();
      if (!helpsWithAnotherCredential(exchange, response)) {
        if (response.isSuccess()) {
          http.succeeded();
        }
        return response;
      }
    }
  }

  /** Waits for the next attempt after a failure, if there is to be one. */
  boolean repeatsAfter(TransportException e) {
    return mayRepeat(e) && pause(null, e.kind().name());
  }

  /**
   * Waits for the next attempt whatever became of the last one, if there is to be one.
   *
   * @param wish how long the service asks to wait, or {@code null} if it does not say
   */
  boolean pausesAfter(String reason, @Nullable Duration wish) {
    return pause(wish, reason);
  }

  /** Counts attempts anew, since something has come of the last one. */
  void beginAgain() {
    attempt = 1;
  }

  /** Returns what sends the same request with further headers. */
  Repetition with(Headers further) {
    return new Repetition(http, draft.with(further), attemptMillis, incoming);
  }

  Request request() {
    return draft.request();
  }

  private boolean isRepeated(Exchange exchange, BufferedResponse response) {
    if (helpsWithAnotherCredential(exchange, response)) {
      return true;
    }
    if (response.isSuccess()) {
      http.succeeded();
      return false;
    }
    Duration wish = response.retryAfter();
    return mayRepeat(response.status(), wish) && pause(wish, "" + response.status());
  }

  private boolean helpsWithAnotherCredential(Exchange exchange, BufferedResponse response) {
    return renewal.helpsAfter(exchange.credential(), response)
        && OneShotBody.canBeSentAgain(draft.body());
  }

  private boolean mayRepeat(TransportException e) {
    return switch (e.kind()) {
      case TLS, BUSY, PAUSED -> false;
      case CONNECT, GATEWAY, TIMEOUT, BROKEN_OFF -> repeatable || !e.isOutcomeUnknown();
    };
  }

  private boolean mayRepeat(int status, @Nullable Duration wish) {
    return switch (status) {
      case 429 -> true;
      case 401 -> false;
      case 503 -> repeatable || wish != null;
      case 408, 500, 502, 504 -> repeatable;
      // Refusals before anything is done, such as 403 at GitHub's secondary limit.
      case 403, 413, 423, 425 -> wish != null;
      default -> repeatable && status >= 400 && status < 500 && wish != null;
    };
  }

  /** Waits before the next attempt. Returns {@code false} if there is to be none. */
  private boolean pause(@Nullable Duration wish, String reason) {
    if (attempt >= http.limits().maxAttempts() || !OneShotBody.canBeSentAgain(draft.body())) {
      return false;
    }
    Duration pause = wish == null ? backOff() : wish;
    if (pause.compareTo(http.limits().maxRetryAfter()) > 0
        || pause.toMillis() >= http.budget().remainingMillis()
        || !http.mayRepeat(draft.url())) {
      return false;
    }
    announce(pause, reason);
    http.transport().sleep(pause, http.label(draft.request()));
    attempt++;
    return true;
  }

  private Duration backOff() {
    long most = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(attempt - 1, 16));
    return Duration.ofMillis(http.transport().random().nextLong(most + 1));
  }

  private void announce(Duration pause, String reason) {
    log.debug(
        "{}: attempt {} ended with {}, next in {} ms",
        http.label(draft.request()),
        attempt,
        reason,
        pause.toMillis());
    EventHub events = http.transport().events();
    if (!events.isQuiet()) {
      Instant now = http.transport().clock().instant();
      Endpoint endpoint = http.endpoint();
      events.publish(
          new RequestRepeated(
              now, endpoint.connection(), endpoint.connector(), attempt, pause, reason));
    }
  }
}
