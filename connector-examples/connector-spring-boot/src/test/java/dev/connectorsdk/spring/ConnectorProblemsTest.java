package dev.connectorsdk.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.ResolutionException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.http.ProblemDetail;

class ConnectorProblemsTest {

  private static final Caller BEN = Principal.user("ben").in("prod");
  private static final ConnectionReference TASKS = ConnectionReference.invoker("mine", "tasks");

  private final ConnectorProblems problems = new ConnectorProblems("/app/connect");

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
  void onlyTheOwnerOfABrokenConnectionIsSentToSignIn() {
    var own = new ResolutionException.Candidate(ConnectionId.of("c-1"), "is not connected");
    var other = new ResolutionException.Candidate(null, "is not connected");

    assertThat(broken(own).getProperties()).containsEntry("connect", "/app/connect/tasks");
    assertThat(broken(other).getProperties()).isNull();
    assertThat(broken(other).getDetail()).startsWith("Whoever owns the connection");
  }

  private ProblemDetail broken(ResolutionException.Candidate candidate) {
    return problem(
        new ResolutionException.Broken(TASKS, BEN, List.of(candidate), "Have it fixed."));
  }
}
