package dev.connectorsdk.auth;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.AuthenticationException.Reason;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.ConsentException;
import dev.connectorsdk.api.error.HostNotAllowedException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A token step led to no tokens. Stays inside this package: whoever runs the step decides what
 * becomes of the connection, and what its caller gets.
 */
final class StepFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** What follows from it. */
  enum Kind {
    /** These very tokens lead to no others any more; somebody has to sign in. */
    GRANT_ENDED,
    /** The service does not accept the client, whichever connection it asks for. */
    CLIENT_REFUSED,
    /** The request or the answer cannot be right, however often it is sent. */
    MISCONFIGURED,
    /** The issuer has an endpoint elsewhere than somebody has confirmed. */
    MOVED,
    /** The service has had too many requests and did not look at this one. */
    RATE_LIMITED,
    /** The service is not there for now, and surely has spent nothing. */
    UNAVAILABLE,
    /** The service may have spent what was sent: its answer was lost or cannot be read. */
    OUTCOME_UNKNOWN,
    /** Nothing was sent, because another process may have sent the same meanwhile. */
    SUPERSEDED
  }

  /** How long nobody looks again whether there is an endpoint. */
  static final Duration WHILE_NOWHERE = Duration.ofSeconds(5);

  private final Kind kind;
  private final transient @Nullable Duration retryAfter;
  private final @Nullable String code;
  private final boolean unasked;
  private transient @Nullable Secret refreshToken;

  /**
   * @param message the end of a sentence, without any secret and without the connection
   */
  StepFailure(Kind kind, String message) {
    this(kind, message, null, null);
  }

  /**
   * @param retryAfter how long the service asks to be left alone, or {@code null}
   * @param cause what led to it, or {@code null}; its message must hold no secret either
   */
  StepFailure(Kind kind, String message, @Nullable Duration retryAfter, @Nullable Throwable cause) {
    this(kind, message, retryAfter, cause, null, false);
  }

  private StepFailure(
      Kind kind,
      String message,
      @Nullable Duration retryAfter,
      @Nullable Throwable cause,
      @Nullable String code,
      boolean unasked) {
    super(message, cause);
    this.kind = Objects.requireNonNull(kind, "kind");
    this.retryAfter = retryAfter;
    this.code = code;
    this.unasked = unasked;
  }

  /** Returns the failure that a service gave a code for; RFC 6749 section 5.2. */
  static StepFailure refused(Kind kind, String message, String code) {
    return new StepFailure(kind, message, null, null, code, false);
  }

  /**
   * Returns that an address is not one that is allowed. Tells nothing of it; what a name leads to
   * can change.
   *
   * @param what the beginning of a sentence about who was to be asked
   */
  static StepFailure notAllowed(String what, HostNotAllowedException e) {
    return new StepFailure(
        Kind.MISCONFIGURED,
        what + " was not asked: its address is not one that is allowed",
        WHILE_NOWHERE,
        e);
  }

  /**
   * Returns that nobody was asked, because of what others met or do.
   *
   * @param wait how long nobody is
   */
  static StepFailure unasked(StepFailure met, Duration wait) {
    Kind kind = met.kind == Kind.OUTCOME_UNKNOWN ? Kind.UNAVAILABLE : met.kind;
    return new StepFailure(kind, met.problem(), wait, met.getCause(), met.code, true);
  }

  /** Adds the refresh token of an answer that could not be used otherwise. */
  StepFailure bringing(@Nullable Secret token) {
    refreshToken = token;
    return this;
  }

  /** Returns the refresh token that an answer brought nevertheless, or {@code null}. */
  @Nullable Secret refreshToken() {
    return refreshToken;
  }

  /** Returns whether nobody was asked, because of what others met or do. */
  boolean isUnasked() {
    return unasked;
  }

  /** Returns the code that the service gave, or {@code null} if it gave none. */
  @Nullable String code() {
    return code;
  }

  Kind kind() {
    return kind;
  }

  /** Returns the end of a sentence, which says what happened. */
  String problem() {
    return Objects.requireNonNullElse(getMessage(), "");
  }

  /** Returns how long the service asks to be left alone, if it said so. */
  Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  /** Returns whether the same request may succeed later without anybody changing anything. */
  boolean mayPass() {
    return switch (kind) {
      case RATE_LIMITED, UNAVAILABLE, OUTCOME_UNKNOWN -> true;
      case GRANT_ENDED, CLIENT_REFUSED, MISCONFIGURED, MOVED, SUPERSEDED -> false;
    };
  }

  /** Returns whether an endpoint has looked at the request and found fault with just this one. */
  boolean isOfRequest() {
    return code != null && kind == Kind.UNAVAILABLE && !ErrorCodes.isOfMoment(code);
  }

  /** Returns what somebody gets who wanted to sign in. */
  ConnectorException forSignIn(ConnectionId connection) {
    return kind == Kind.MOVED
        ? new ConsentException(
            ConsentException.Reason.ENDPOINTS_CHANGED, "The sign-in stops here: " + problem())
        : forCaller(connection);
  }

  /** Returns what a caller gets who needed these tokens. */
  AuthenticationException forCaller(ConnectionId connection) {
    return forCaller(connection, retryAfter);
  }

  /**
   * Returns what a caller gets who needed these tokens.
   *
   * @param millis how long it is pointless to try again
   */
  AuthenticationException forCaller(ConnectionId connection, long millis) {
    boolean mayHelp = mayPass() || retryAfter != null;
    return forCaller(connection, mayHelp ? Duration.ofMillis(millis) : null);
  }

  /**
   * Returns what a caller gets whose grant has ended for good.
   *
   * @param version of the vault, when it held that grant
   */
  AuthenticationException ended(ConnectionId connection, long version) {
    return AuthenticationException.grantEnded(connection, version, problem(), getCause());
  }

  private AuthenticationException forCaller(ConnectionId connection, @Nullable Duration wait) {
    Reason reason =
        switch (kind) {
          case GRANT_ENDED -> Reason.GRANT_ENDED;
          case CLIENT_REFUSED, MISCONFIGURED, MOVED -> Reason.CONFIGURATION;
          case RATE_LIMITED, UNAVAILABLE, OUTCOME_UNKNOWN, SUPERSEDED -> Reason.TEMPORARY;
        };
    return new AuthenticationException(connection, reason, problem(), wait, getCause());
  }
}
