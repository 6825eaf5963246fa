package dev.connectorsdk.auth;

import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.api.auth.CredentialVault.Lease;
import dev.connectorsdk.auth.StepFailure.Kind;
import dev.connectorsdk.auth.TokenStep.Progress;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a token step again where that can help, under one lease.
 *
 * <p>If an answer was lost, the service may have spent the refresh token. The same one is sent once
 * more soon: a service that allows for lost answers then gives the tokens again, and with any other
 * nothing is lost that was not lost already. Before each attempt the lease has to be confirmed: a
 * repetition of what another process has renewed meanwhile would end the grant.
 */
final class PatientStep {

  private static final Logger log = LoggerFactory.getLogger(PatientStep.class);

  private static final int MOST_ATTEMPTS = 3;

  /** No attempt begins later than this after the first one. */
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration PAUSE_IF_UNAVAILABLE = Duration.ofSeconds(2);
  private static final Duration PAUSE_IF_LOST = Duration.ofSeconds(5);

  private final AuthContext context;
  private final TokenStep step;

  PatientStep(AuthContext context, TokenStep step) {
    this.context = context;
    this.step = step;
  }

  /**
   * Gets the next tokens.
   *
   * @param lease gets a mark if in the end it is not known whether {@code current} was spent
   * @param progress as for {@link TokenStep#next}; further attempts go on from what was rotated
   * @throws StepFailure as the last attempt failed. Of kind {@code GRANT_ENDED} after a lost
   *     answer, this one's or an earlier one's, it says so.
   */
  TokenSet next(@Nullable TokenSet current, Lease lease, Progress progress) {
    Attempts attempts = new Attempts(current, lease.isInherited(), progress);
    try {
      return attempts.untilAnswered();
    } finally {
      if (attempts.unclear) {
        lease.leaveMark();
      }
    }
  }

  /** How far it has come. */
  private final class Attempts implements Progress {

    private final long began = context.clock().millis();
    private final Progress progress;
    private @Nullable TokenSet latest;

    /** Whether an answer was lost, so that the service may have spent the refresh token. */
    private boolean lost;

    /** Whether that may be so if nothing more is heard. */
    private boolean unclear;

    private int made;

    Attempts(@Nullable TokenSet current, boolean lost, Progress progress) {
      this.latest = current;
      this.lost = lost;
      this.unclear = lost;
      this.progress = progress;
    }

    @Override
    public void sending() {
      progress.sending();
      unclear = true;
    }

    @Override
    public void rotated(TokenSet tokens) {
      latest = tokens;
      progress.rotated(tokens);
    }

    TokenSet untilAnswered() {
      while (true) {
        TokenSet before = latest;
        try {
          TokenSet next = step.next(before, this);
          unclear = false;
          return next;
        } catch (StepFailure e) {
          failed(e, before);
        }
      }
    }

    /** Waits for the next attempt, or throws if there is to be none. */
    private void failed(StepFailure e, @Nullable TokenSet before) {
      if (e.kind() == Kind.GRANT_ENDED) {
        unclear = false;
        throw ended(e, lost);
      }
      // Whatever happened after a new refresh token had come, that one is not spent.
      lost = Objects.equals(latest, before) && (lost || e.kind() == Kind.OUTCOME_UNKNOWN);
      unclear = lost;
      waitAfter(e);
    }

    private void waitAfter(StepFailure e) {
      made++;
      Duration spent = Duration.ofMillis(context.clock().millis() - began);
      Duration pause = pause(e, made, spent);
      if (pause == null) {
        throw e;
      }
      log.debug(
          "Connection {}: attempt {} to get a token failed, next in {} ms",
          context.connection(),
          made,
          pause.toMillis());
      Pauses.sleep(context, pause);
    }
  }

  /** Returns how long to wait before the next attempt, or {@code null} if there is to be none. */
  private @Nullable Duration pause(StepFailure failure, int attempt, Duration spent) {
    if (!failure.mayPass() || failure.isOfRequest() || attempt == MOST_ATTEMPTS) {
      return null;
    }
    Duration pause = FIRST_PAUSE;
    if (attempt > 1) {
      pause = failure.kind() == Kind.OUTCOME_UNKNOWN ? PAUSE_IF_LOST : PAUSE_IF_UNAVAILABLE;
    }
    Duration wish = failure.retryAfter().orElse(Duration.ZERO);
    if (wish.compareTo(PAUSE_IF_LOST) > 0) {
      return null;
    }
    pause = wish.compareTo(pause) > 0 ? wish : pause;
    return spent.plus(pause).compareTo(LONGEST) < 0 ? pause : null;
  }

  private static StepFailure ended(StepFailure refusal, boolean lost) {
    String problem =
        lost
            ? "the refresh outcome was lost, and the service does not take the same refresh token"
                + " again, so there will be no token until somebody signs in"
            : "the service has ended the grant, so there will be no token until somebody signs in";
    return new StepFailure(Kind.GRANT_ENDED, problem, null, refusal.getCause());
  }
}
