package dev.connectorsdk.spring;

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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/**
 * What controllers answer when a call fails: a problem (RFC 9457) in words for users, which tells
 * nothing of the service and of other people's connections. The log has the exception.
 */
@RestControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
final class ConnectorProblems {

  private static final Logger log = LoggerFactory.getLogger(ConnectorProblems.class);

  private final String signIn;

  /**
   * @param signIn the path below which a form begins a sign-in, context path included
   */
  ConnectorProblems(String signIn) {
    this.signIn = signIn;
  }

  @ExceptionHandler
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
        .map(Duration::toSeconds)
        .ifPresent(s -> answer.header(HttpHeaders.RETRY_AFTER, Long.toString(s)));
    return answer.body(problem);
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
    if (failure instanceof AuthenticationException) {
      return of(HttpStatus.CONFLICT, "Sign in at the service again.");
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
      return of(HttpStatus.SERVICE_UNAVAILABLE, "Please try again later.");
    }
    boolean isOfTheService =
        failure instanceof ServiceException
            || failure instanceof ResponseException
            || failure instanceof TransportException;
    return of(
        isOfTheService ? HttpStatus.BAD_GATEWAY : HttpStatus.INTERNAL_SERVER_ERROR,
        "Sorry, this did not work.");
  }

  private ProblemDetail problem(ResolutionException failure) {
    String connector = failure.reference().connector().value();
    if (failure instanceof ResolutionException.ConnectionRequired) {
      return connecting(connector, "Sign in at '" + connector + "' first.");
    }
    if (failure instanceof ResolutionException.Broken) {
      boolean isOwn = failure.trail().stream().anyMatch(one -> one.connection() != null);
      return isOwn
          ? connecting(connector, "Your connection to '" + connector + "' has to be fixed.")
          : of(
              HttpStatus.CONFLICT,
              "Whoever owns the connection to '" + connector + "' has to fix it.");
    }
    if (failure instanceof ResolutionException.Ambiguous) {
      return of(HttpStatus.CONFLICT, "Choose one of your connections to '" + connector + "'.");
    }
    return failure instanceof ResolutionException.Unbound
            || failure instanceof ResolutionException.Deleted
        ? of(HttpStatus.CONFLICT, "No connection to '" + connector + "' was chosen for this.")
        : of(HttpStatus.FORBIDDEN, "This is not allowed.");
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
