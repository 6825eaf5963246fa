package dev.connectorsdk.examples.console;

import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.ConnectionStatus.Reason;
import dev.connectorsdk.api.ConnectionStatus.State;
import dev.connectorsdk.examples.console.Html.Tone;
import j2html.tags.DomContent;

/** How a connection stands, in the words of the pages, and what mends it. */
final class Standing {

  /** What its owner does to mend a connection. */
  enum Mend {
    NOTHING,
    CREDENTIALS,
    VALUES,
    TEST,
    ELSEWHERE
  }

  private final ConnectionStatus status;

  Standing(ConnectionStatus status) {
    this.status = status;
  }

  DomContent badge() {
    return status.reason() == Reason.POLICY
        ? Html.badge(Tone.WARN, "Blocked by a data policy")
        : badge(status.state());
  }

  static DomContent badge(State state) {
    return switch (state) {
      case CONNECTED -> Html.badge(Tone.GOOD, "Connected");
      case UNAUTHENTICATED -> Html.badge(Tone.WARN, "Cannot sign in");
      case ERROR -> Html.badge(Tone.BAD, "Not working");
      case DISABLED -> Html.badge(Tone.BAD, "Disabled");
    };
  }

  /** Returns what is wrong, in one sentence; empty if nothing is. */
  String problem() {
    String message = status.message();
    return message == null ? "" : message;
  }

  Mend mend() {
    Reason reason = status.reason();
    if (reason == null) {
      return Mend.NOTHING;
    }
    if (reason.needsCredentials()) {
      return Mend.CREDENTIALS;
    }
    return switch (reason) {
      case NOT_TESTED -> Mend.TEST;
      case TEST_FAILED, CONFIGURATION -> Mend.VALUES;
      default -> Mend.ELSEWHERE;
    };
  }

  /**
   * Returns what to do, in one sentence.
   *
   * @param signsIn whether its credentials come from a sign-in
   */
  String remedy(boolean signsIn) {
    return switch (mend()) {
      case NOTHING -> "";
      case CREDENTIALS ->
          signsIn
              ? "Sign in. Everything that uses this connection then works again."
              : "Enter the credentials again. What uses this connection then works again.";
      case TEST -> "Test it: then it is known whether it works.";
      case VALUES ->
          "Look at its values and correct them. If they are right, test it again; if that does not"
              + " help, ask an administrator.";
      case ELSEWHERE -> elsewhere();
    };
  }

  private String elsewhere() {
    Reason reason = status.reason();
    if (reason == Reason.ADMINISTRATOR) {
      return "Only an administrator enables it again. You may delete it.";
    } else if (reason == Reason.POLICY) {
      return "A data policy blocks its connector. Ask an administrator.";
    } else if (reason == Reason.CONNECTOR_MISSING) {
      return "Its connector is not here any more. Ask an administrator, or delete it.";
    }
    return "Ask an administrator, or delete it.";
  }
}
