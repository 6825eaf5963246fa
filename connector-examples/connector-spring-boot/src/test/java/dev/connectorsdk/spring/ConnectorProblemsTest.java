package dev.connectorsdk.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.AuthenticationException.Reason;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.ResolutionException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

class ConnectorProblemsTest {

  private static final Caller BEN = Principal.user("ben").in("prod");
  private static final ConnectionReference TASKS = ConnectionReference.invoker("mine", "tasks");

  private static final ConnectionId OWN = ConnectionId.of("c-1");

  private final ConnectorProblems problems =
      new ConnectorProblems(
          "/app/connect",
          (caller, connector) -> caller.equals(BEN) && connector.value().equals("tasks"),
          (caller, id) -> caller.equals(BEN) && id.equals(OWN));

  private ProblemDetail problem(ConnectorException failure) {
    ProblemDetail problem = problems.answer(failure).getBody();
    assertThat(problem).isNotNull();
    return problem;
  }

  @Test
  void whoHasNoConnectionIsToldWhereToSignIn() {
    ProblemDetail problem = problem(new ResolutionException.ConnectionRequired(TASKS, BEN));

    assertThat(problem.getStatus()).isEqualTo(409);
    assertThat(problem.getDetail()).isEqualTo("Sign in at 'tasks' first.");
    assertThat(problem.getProperties()).containsEntry("connect", "/app/connect/tasks");
  }

  @Test
  void whoseConnectionNoSignInMakesIsToldToMakeOne() {
    ConnectionReference keys = ConnectionReference.invoker("mine", "keys");

    ProblemDetail problem = problem(new ResolutionException.ConnectionRequired(keys, BEN));

    assertThat(problem.getStatus()).isEqualTo(409);
    assertThat(problem.getDetail()).isEqualTo("Make a connection to 'keys' first.");
    assertThat(problem.getProperties()).isNull();
  }

  @Test
  void whatWasEnteredWronglyIsNamed() {
    ProblemDetail problem =
        problem(new InvalidInputException("The input", "/title", "must not be empty"));

    assertThat(problem.getStatus()).isEqualTo(400);
    assertThat(problem.getProperties())
        .hasEntrySatisfying(
            "faults",
            faults -> assertThat(faults.toString()).contains("/title: must not be empty"));
  }

  @Test
  void whatSomebodyMayNotDoIsForbiddenAndNothingElseIsSaid() {
    ProblemDetail problem = problem(new ResolutionException.Foreign(TASKS, BEN, List.of()));

    assertThat(problem.getStatus()).isEqualTo(403);
    assertThat(problem.getDetail()).isEqualTo("This is not allowed.");
  }

  @Test
  void onlyTheOwnerOfABrokenConnectionIsSentToSignInForThatOne() {
    var own = new ResolutionException.Candidate(OWN, "is not connected");
    var other = new ResolutionException.Candidate(null, "is not connected");

    assertThat(broken(own).getProperties())
        .containsEntry("connect", "/app/connect/tasks")
        .containsEntry("connection", "c-1");
    assertThat(broken(other).getProperties()).isNull();
    assertThat(broken(other).getDetail()).startsWith("Whoever owns the connection");
  }

  @Test
  void whatASignInDoesNotMendOffersNone() {
    var disabled = new ResolutionException.Candidate(ConnectionId.of("c-2"), "is disabled");
    var own = new ResolutionException.Candidate(OWN, "is not connected");

    assertThat(broken(disabled).getProperties())
        .containsEntry("connection", "c-2")
        .doesNotContainKey("connect");
    assertThat(broken(disabled, own).getProperties()).isNull();
    assertThat(broken(disabled, own).getDetail()).startsWith("One of your connections");
  }

  private ProblemDetail broken(ResolutionException.Candidate... candidates) {
    return problem(
        new ResolutionException.Broken(TASKS, BEN, List.of(candidates), "Have it fixed."));
  }

  @Test
  void aTokenThatCannotBeFetchedNowIsNoReasonToSignInAgain() {
    var failure =
        new AuthenticationException(
            OWN, Reason.TEMPORARY, "No token.", Duration.ofMillis(1500), null);

    assertThat(problem(failure).getStatus()).isEqualTo(503);
    assertThat(problems.answer(failure).getHeaders().getFirst("Retry-After")).isEqualTo("2");
  }

  @ParameterizedTest
  @EnumSource(names = {"DISABLED", "GATEWAY_NOT_SHARED", "CONFIGURATION"})
  void whatOnlyAnAdministratorMendsIsNotForTheUser(Reason reason) {
    ProblemDetail problem = problem(new AuthenticationException(OWN, reason, "No."));

    assertThat(problem.getStatus()).isEqualTo(409);
    assertThat(problem.getDetail()).startsWith("This connection cannot be used now. Ask whoever");
    assertThat(problem.getProperties()).isNull();
  }

  @Test
  void onlyTheOwnerOfACredentialThatHasEndedIsToldToSignIn() {
    ProblemDetail own = problem(new AuthenticationException(OWN, Reason.GRANT_ENDED, "No."));
    ProblemDetail other =
        problem(new AuthenticationException(TASKS, Reason.GRANT_ENDED, "No.", null));

    assertThat(own.getDetail())
        .isEqualTo("Sign in at the service again, or enter your credentials again.");
    assertThat(own.getProperties()).containsEntry("connection", "c-1");
    assertThat(other.getStatus()).isEqualTo(409);
    assertThat(other.getDetail()).isEqualTo("Whoever owns the connection has to sign in again.");
    assertThat(other.getProperties()).isNull();
  }

  @ResponseStatus(HttpStatus.GONE)
  private static final class GoneException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    GoneException(Throwable cause) {
      super(cause);
    }
  }

  @RestController
  static class Pages {

    private static final ConnectorException FAILURE =
        new AuthenticationException(OWN, Reason.GRANT_ENDED, "No.");

    @GetMapping("/own-answer")
    void ownAnswer() {
      throw new ResponseStatusException(HttpStatus.NOT_FOUND, "Not here.", FAILURE);
    }

    @GetMapping("/own-status")
    void ownStatus() {
      throw new GoneException(FAILURE);
    }

    @GetMapping("/wrapped")
    void wrapped() {
      throw new IllegalStateException(FAILURE);
    }
  }

  @Test
  void whatAControllerAnswersForItselfStays() throws Exception {
    MockMvc pages =
        MockMvcBuilders.standaloneSetup(new Pages()).setControllerAdvice(problems).build();

    assertThat(status(pages, "/own-answer")).isEqualTo(404);
    assertThat(status(pages, "/own-status")).isEqualTo(410);
    assertThat(status(pages, "/wrapped")).isEqualTo(409);
  }

  private static int status(MockMvc pages, String path) throws Exception {
    return pages.perform(get(path)).andReturn().getResponse().getStatus();
  }
}
