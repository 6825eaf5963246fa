package dev.connectorsdk.api.error;

import static dev.connectorsdk.api.error.AuthenticationException.Reason.GRANT_ENDED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.InvalidInputException.Fault;
import dev.connectorsdk.api.error.ResolutionException.Candidate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What an error says is read by people, so it is pinned; what it answers is asked by programs. */
class ErrorTextTest {

  private final Principal ada = Principal.user("ada");
  private final Caller caller = ada.in("prod").running(Flow.of("invoices", ada));
  private final ConnectionReference reference = ConnectionReference.embedded("office", "tickets");
  private final ConnectionId connection = ConnectionId.of("c-1");

  @Test
  void invalidInputNamesEveryFaultWithItsPath() {
    InvalidInputException e =
        new InvalidInputException(
            "action 'getForecast'",
            List.of(new Fault("/city", "is required"), new Fault("", "must be object")));

    assertThat(e)
        .hasMessage(
            "Invalid input for action 'getForecast': /city: is required; (input): must be object");
    assertThat(e.faults()).hasSize(2);
    assertThat(e.remedy()).isEqualTo("Correct the named values and call again.");
    assertThat(e.isRetryable()).isFalse();
  }

  @Test
  void somethingThatIsNotThereIsNamedWithWhatThereIs() {
    NotFoundException e = new NotFoundException("connector", "slack", "Registered: [echo].");

    assertThat(e).hasMessage("No connector 'slack'. Registered: [echo].");
    assertThat(e.kind()).isEqualTo("connector");
    assertThat(e.name()).isEqualTo("slack");
    assertThat(e.remedy())
        .isEqualTo(
            "Check the name, and that the connector was registered and belongs to the"
                + " caller.");
  }

  @Test
  void aMembershipThatCannotBeToldSaysWhoseAndWhetherToWait() {
    Principal staff = Principal.group("staff");

    assertThat(MembershipException.unanswered(staff, ada))
        .hasMessage("Whether user:ada belongs to group:staff cannot be told now.")
        .returns(true, MembershipException::isRetryable)
        .returns(false, MembershipException::userMustAct)
        .returns(
            "Try again when the host can tell who belongs to the group.",
            MembershipException::remedy);
    assertThat(MembershipException.unknown(staff, ada))
        .hasMessage(
            "Whether user:ada belongs to group:staff cannot be told: the runtime was given no"
                + " memberships.")
        .returns(false, MembershipException::isRetryable)
        .returns(true, MembershipException::userMustAct)
        .returns(
            "Give the runtime's builder the host's memberships, or name the members of the group.",
            MembershipException::remedy);
  }

  @Test
  void aDeliveryThatIsRefusedSaysHowToAnswerAndWhatToCheck() {
    DeliveryRefusedException e =
        new DeliveryRefusedException(
            DeliveryRefusedException.Reason.WRONG, "Delivery refused: the signature does not fit");

    assertThat(e).hasMessage("Delivery refused: the signature does not fit");
    assertThat(e.status()).isEqualTo(401);
    assertThat(e.isRetryable()).isFalse();
    assertThat(e.remedy())
        .isEqualTo(
            "If the service sent it, compare secret, registered URL and declared signature with"
                + " what the service says.");
    assertThat(new DeliveryRefusedException(DeliveryRefusedException.Reason.UNEXPECTED, "x"))
        .returns(404, DeliveryRefusedException::status);
    assertThat(new DeliveryRefusedException(DeliveryRefusedException.Reason.KEYS_UNAVAILABLE, "x"))
        .returns(503, DeliveryRefusedException::status)
        .returns(true, DeliveryRefusedException::isRetryable);
  }

  @Test
  void aCursorThatIsLostSaysWhoGoesOnAndHow() {
    CursorLostException e = new CursorLostException("The service answered 410 (Gone)");

    assertThat(e).hasMessage("The service answered 410 (Gone)");
    assertThat(e.isRetryable()).isFalse();
    assertThat(e.userMustAct()).isTrue();
    assertThat(e.remedy()).isEqualTo("Rewind the subscription to where it is to go on.");
  }

  @Test
  void aReferenceThatIsNotBoundSaysForWhomAndWhere() {
    assertThat(new ResolutionException.Unbound(reference, caller))
        .hasMessage(
            "Reference 'office' for user:ada in prod running invoices: no connection is bound in"
                + " this environment.");
  }

  @Test
  void aReferenceThatIsAmbiguousListsTheCandidates() {
    ResolutionException e =
        new ResolutionException.Ambiguous(
            reference,
            ada.in("prod"),
            List.of(
                new Candidate(connection, "fits"), new Candidate(ConnectionId.of("d"), "fits")));

    assertThat(e)
        .hasMessage(
            "Reference 'office' for user:ada in prod: several connections fit and none was chosen."
                + " Considered: [c-1: fits, d: fits]");
    assertThat(e.trail()).hasSize(2);
    assertThat(e.userMustAct()).isTrue();
    assertThat(e.isRetryable()).isFalse();
  }

  @Test
  void anAuthenticationFailureNamesTheConnectionAndSaysWhetherToWait() {
    AuthenticationException gone =
        new AuthenticationException(
            connection, AuthenticationException.Reason.GRANT_ENDED, "the grant was revoked");
    AuthenticationException later =
        new AuthenticationException(
            connection, AuthenticationException.Reason.TEMPORARY, "no answer");

    assertThat(gone).hasMessage("Connection 'c-1': the grant was revoked");
    assertThat(gone.userMustAct()).isTrue();
    assertThat(gone.isRetryable()).isFalse();
    assertThat(later.userMustAct()).isFalse();
    assertThat(later.isRetryable()).isTrue();
  }

  @Test
  @Tag("I1")
  void aFailureOnSomebodyElsesConnectionNamesTheReferenceInstead() {
    AuthenticationException e =
        new AuthenticationException(
            reference,
            AuthenticationException.Reason.TEMPORARY,
            "no answer",
            Duration.ofSeconds(7));

    assertThat(e).hasMessage("Reference 'office': no answer");
    assertThat(e.connection()).isNull();
    assertThat(e.retryAfter()).contains(Duration.ofSeconds(7));
    assertThat(e.isRetryable()).isTrue();
    assertThat(
            new ResolutionException.Broken(
                reference, caller, List.of(new Candidate(null, "'Desk' is ERROR")), "Mend it."))
        .hasMessageEndingWith("the connection is not ready for use. Considered: ['Desk' is ERROR]");
  }

  @Test
  void aRefusalByTheServiceGivesTheStatusAndNotTheBody() {
    ServiceException e =
        new ServiceException("GET api.example.com", 429, Map.of(), "s3cret", Duration.ofSeconds(7));

    assertThat(e).hasMessage("GET api.example.com was answered with status 429");
    assertThat(e.isRetryable()).isTrue();
    assertThat(e.retryAfter()).contains(Duration.ofSeconds(7));
    assertThat(e.body()).isEqualTo("s3cret");
    assertThat(new ServiceException("GET a", 404, Map.of(), "", null).isRetryable()).isFalse();
  }

  @Test
  void aTransportFailureSaysWhetherTheOutcomeIsKnown() {
    TransportException unsent =
        new TransportException("GET a.example", TransportException.Kind.CONNECT, false, null);
    TransportException unknown =
        new TransportException("POST a.example", TransportException.Kind.TIMEOUT, true, null);

    assertThat(unsent).hasMessage("GET a.example: could not connect");
    assertThat(unsent.isRetryable()).isTrue();
    assertThat(unknown)
        .hasMessage("POST a.example: timed out; whether the service carried it out is unknown");
    assertThat(unknown.isRetryable()).isFalse();
    assertThat(unknown.remedy())
        .isEqualTo("Find out at the service whether it was done before doing it again.");
  }

  @Test
  void aDefinitionThatIsWrongNamesTheLine() {
    assertThat(new DefinitionException("api.json", 3, 14, "a comma is missing"))
        .hasMessage("api.json:3:14: a comma is missing");
    assertThat(new DefinitionException("folder", 0, 0, "there is no api.json"))
        .hasMessage("folder: there is no api.json");
  }

  @Test
  void theOthersSayWhatHappened() {
    assertThat(new HostNotAllowedException("https://evil.example", "it is not the service's"))
        .hasMessage("No request to https://evil.example: it is not the service's");
    assertThat(new ConflictException("Connection 'c-1'"))
        .hasMessage("Connection 'c-1' was changed by somebody else at the same time");
    assertThat(ConflictException.ofVersion("The definition 'x'", 3, 2))
        .hasMessage("The definition 'x' has version 3, and the change was meant for version 2");
    assertThat(ConflictException.ofVersion("The definition 'x'", 3, 0))
        .hasMessage("The definition 'x' is there already, in version 3");
    assertThat(ConflictException.ofVersion("The definition 'x'", 0, 2))
        .hasMessage("The definition 'x' is not there, so there is no version 2 of it");
    assertThat(new CallCancelledException("Action 'x'")).hasMessage("Action 'x' was cancelled");
    assertThat(new OperationUnsupportedException("x", "it needs a script"))
        .hasMessage("Operation 'x' cannot run: it needs a script");
  }

  @Test
  void eachSaysInASentenceWhatToDoAboutIt() {
    List<ConnectorException> all = new ArrayList<>();
    all.add(new ActionFailedException("x"));
    all.add(new CallCancelledException("x"));
    all.add(new ConflictException("x"));
    all.add(new DefinitionException("x", 0, 0, "y"));
    all.add(new HostNotAllowedException("x", "y"));
    all.add(new InvalidInputException("x", List.of()));
    all.add(new NotFoundException("x", "y", "z"));
    all.add(new OperationUnsupportedException("x", "y"));
    all.add(new ResponseException("x"));
    all.add(new SecretUnreadableException("x"));
    all.add(new StoreException("x", true, null));
    all.add(new StoreException("x", false, null));
    for (AuthenticationException.Reason reason : AuthenticationException.Reason.values()) {
      all.add(new AuthenticationException(connection, reason, "x"));
    }
    for (ConsentException.Reason reason : ConsentException.Reason.values()) {
      all.add(new ConsentException(reason, "x"));
    }
    for (int status : List.of(400, 401, 403, 408, 429, 500)) {
      all.add(new ServiceException("x", status, Map.of(), "", null));
    }
    for (TransportException.Kind kind : TransportException.Kind.values()) {
      all.add(new TransportException("x", kind, false, null));
      all.add(new TransportException("x", kind, true, null));
    }
    all.add(new ResolutionException.Unbound(reference, caller));
    all.add(new ResolutionException.ConnectionRequired(reference, caller));
    all.add(new ResolutionException.Ambiguous(reference, caller, List.of()));
    all.add(new ResolutionException.Foreign(reference, caller, List.of()));
    all.add(new ResolutionException.Deleted(reference, caller, List.of()));
    all.add(new ResolutionException.Broken(reference, caller, List.of(), "Mend it."));
    all.add(new ResolutionException.Withdrawn(reference, caller));
    all.add(new ResolutionException.Denied(reference, caller, "x.", "Do y."));

    assertThat(all).allSatisfy(e -> assertThat(e.remedy()).matches("[A-Z][^\n]+[.]"));
    assertThat(new AuthenticationException(connection, GRANT_ENDED, "x").remedy())
        .isEqualTo("Let the owner of the connection sign in again or enter new credentials.");
    assertThat(new StoreException("x", true, null).remedy())
        .isEqualTo("Try again when the store can be reached again.");
    assertThat(new ServiceException("x", 403, Map.of(), "", null).remedy())
        .isEqualTo("Check that the account behind the connection may do this.");
  }
}
