package dev.connectorsdk.spring;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.ConflictException;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.error.PermissionDeniedException;
import dev.connectorsdk.api.error.PolicyException;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.api.error.ServiceException;
import dev.connectorsdk.api.error.TransportException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.BiPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/**
 * What controllers answer when a call fails: a problem (RFC 9457) in words for users, which tells
 * nothing of the service and of other people's connections. The log has the exception.
 */
@RestControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
final class ConnectorProblems {

  private static final Logger log = LoggerFactory.getLogger(ConnectorProblems.class);

  private static final String LATER = "Please try again later.";
  private static final String RENEW =
      "Sign in at the service again, or enter your credentials again.";

  private final String signIn;
  private final BiPredicate<Caller, ConnectorId> isMadeBySignIn;
  private final BiPredicate<Caller, ConnectionId> isMendedBySignIn;

  /**
   * @param signIn the path below which a form begins a sign-in, context path included
   * @param isMadeBySignIn whether a caller makes a connection of a connector by a sign-in there
   * @param isMendedBySignIn whether a caller mends an own connection by a sign-in there
   */
  ConnectorProblems(
      String signIn,
      BiPredicate<Caller, ConnectorId> isMadeBySignIn,
      BiPredicate<Caller, ConnectionId> isMendedBySignIn) {
    this.signIn = signIn;
    this.isMadeBySignIn = isMadeBySignIn;
    this.isMendedBySignIn = isMendedBySignIn;
  }

  /**
   * Answers a failure.
   *
   * @param thrown by the controller, which may have it as a cause
   * @throws Exception the same, if it says for itself what is answered
   */
  @ExceptionHandler(ConnectorException.class)
  ResponseEntity<ProblemDetail> answer(Exception thrown, ConnectorException failure)
      throws Exception {
    if (thrown instanceof ErrorResponse
        || AnnotatedElementUtils.hasAnnotation(thrown.getClass(), ResponseStatus.class)) {
      throw thrown;
    }
    return answer(failure);
  }

  ResponseEntity<ProblemDetail> answer(ConnectorException failure) {
    ProblemDetail problem = problem(failure);
    if (problem.getStatus() >= HttpStatus.INTERNAL_SERVER_ERROR.value()) {
      log.warn("A call failed", failure);
    } else {
      log.info("A call was refused: {}", failure.getMessage());
    }
    var answer = ResponseEntity.status(problem.getStatus());
    failure
        .retryAfter()
        .map(ConnectorProblems::wholeSeconds)
        .ifPresent(s -> answer.header(HttpHeaders.RETRY_AFTER, Long.toString(s)));
    return answer.body(problem);
  }

  /** Returns as many seconds or a fraction more: who comes back earlier comes in vain. */
  private static long wholeSeconds(Duration duration) {
    return duration.plusNanos(999_999_999).toSeconds();
  }

  private ProblemDetail problem(ConnectorException failure) {
    if (failure instanceof InvalidInputException input) {
      var problem = of(HttpStatus.BAD_REQUEST, "Please correct what was entered.");
      problem.setProperty("faults", input.faults().stream().map(Object::toString).toList());
      return problem;
    }
    if (failure instanceof ResolutionException unresolved) {
      return problem(unresolved);
    }
    if (failure instanceof AuthenticationException unauthenticated) {
      return problem(unauthenticated);
    }
    if (failure instanceof PolicyException || failure instanceof PermissionDeniedException) {
      return of(HttpStatus.FORBIDDEN, "This is not allowed.");
    }
    if (failure instanceof NotFoundException) {
      return of(HttpStatus.NOT_FOUND, "This is not there.");
    }
    if (failure instanceof ConflictException) {
      return of(HttpStatus.CONFLICT, "Somebody else has changed this meanwhile.");
    }
    if (failure.isRetryable()) {
      return of(HttpStatus.SERVICE_UNAVAILABLE, LATER);
    }
    boolean isOfTheService =
        failure instanceof ServiceException
            || failure instanceof ResponseException
            || failure instanceof TransportException;
    return of(
        isOfTheService ? HttpStatus.BAD_GATEWAY : HttpStatus.INTERNAL_SERVER_ERROR,
        "Sorry, this did not work.");
  }

  private static ProblemDetail problem(AuthenticationException failure) {
    return switch (failure.reason()) {
      case TEMPORARY -> of(HttpStatus.SERVICE_UNAVAILABLE, LATER);
      case DISABLED, GATEWAY_NOT_SHARED, CONFIGURATION ->
          of(
              HttpStatus.CONFLICT,
              "This connection cannot be used now. Ask whoever looks after this application.");
      case CONSENT_PENDING, REJECTED, EXPIRED, GRANT_ENDED, INSUFFICIENT_SCOPE -> {
        ConnectionId own = failure.connection();
        yield own == null
            ? of(HttpStatus.CONFLICT, "Whoever owns the connection has to sign in again.")
            : naming(own, of(HttpStatus.CONFLICT, RENEW));
      }
    };
  }

  private ProblemDetail problem(ResolutionException failure) {
    String connector = failure.reference().connector().value();
    if (failure instanceof ResolutionException.ConnectionRequired) {
      return isMadeBySignIn.test(failure.caller(), failure.reference().connector())
          ? connecting(connector, "Sign in at '" + connector + "' first.")
          : of(HttpStatus.CONFLICT, "Make a connection to '" + connector + "' first.");
    }
    if (failure instanceof ResolutionException.Broken) {
      return broken(failure, connector);
    }
    if (failure instanceof ResolutionException.Ambiguous) {
      return of(HttpStatus.CONFLICT, "Choose one of your connections to '" + connector + "'.");
    }
    return failure instanceof ResolutionException.Unbound
            || failure instanceof ResolutionException.Deleted
        ? of(HttpStatus.CONFLICT, "No connection to '" + connector + "' was chosen for this.")
        : of(HttpStatus.FORBIDDEN, "This is not allowed.");
  }

  private ProblemDetail broken(ResolutionException failure, String connector) {
    List<ConnectionId> own =
        failure.trail().stream()
            .map(ResolutionException.Candidate::connection)
            .filter(Objects::nonNull)
            .toList();
    String there = "to '" + connector + "'";
    if (own.isEmpty()) {
      return of(HttpStatus.CONFLICT, "Whoever owns the connection " + there + " has to fix it.");
    }
    if (own.size() > 1) {
      return of(HttpStatus.CONFLICT, "One of your connections " + there + " has to be fixed.");
    }
    ConnectionId one = own.get(0);
    return naming(
        one,
        isMendedBySignIn.test(failure.caller(), one)
            ? connecting(connector, "Sign in at '" + connector + "' again.")
            : of(HttpStatus.CONFLICT, "Your connection " + there + " has to be fixed."));
  }

  private static ProblemDetail naming(ConnectionId connection, ProblemDetail problem) {
    problem.setProperty("connection", connection.value());
    return problem;
  }

  private ProblemDetail connecting(String connector, String detail) {
    var problem = of(HttpStatus.CONFLICT, detail);
    problem.setProperty("connect", signIn + "/" + connector);
    return problem;
  }

  private static ProblemDetail of(HttpStatus status, String detail) {
    return ProblemDetail.forStatusAndDetail(status, detail);
  }
}
