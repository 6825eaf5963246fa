package dev.connectorsdk.examples.console;

import dev.connectorsdk.api.Account;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.ConnectionStatus.Reason;
import dev.connectorsdk.api.ConnectionStatus.State;
import dev.connectorsdk.examples.console.Html.Tone;
import dev.connectorsdk.governance.DataPolicy.Group;
import dev.connectorsdk.governance.DataPolicy.Mode;
import dev.connectorsdk.reference.ReferenceReadiness;
import dev.connectorsdk.trigger.Subscription.Phase;
import j2html.tags.DomContent;
import org.jspecify.annotations.Nullable;

/** How the pages call what the runtime's enums name. */
final class Wording {

  private static final String REFERENCE = "Reference '";

  private Wording() {}

  static DomContent readiness(ReferenceReadiness.State state) {
    return switch (state) {
      case READY -> Html.badge(Tone.GOOD, "Ready");
      case UNBOUND -> Html.badge(Tone.BAD, "No connection chosen");
      case CONNECTION_REQUIRED -> Html.badge(Tone.WARN, "Own connection needed");
      case AMBIGUOUS -> Html.badge(Tone.WARN, "Has to choose");
      case BROKEN -> Html.badge(Tone.BAD, "Connection broken");
      case SUSPENDED -> Html.badge(Tone.BAD, "Suspended by a data policy");
      case DENIED -> Html.badge(Tone.BAD, "Not allowed");
    };
  }

  static DomContent phase(Phase phase) {
    return switch (phase) {
      case SUBSCRIBING -> Html.badge(Tone.QUIET, "Starting");
      case ACTIVE -> Html.badge(Tone.GOOD, "Active");
      case PAUSED -> Html.badge(Tone.WARN, "Paused");
      case WAITING -> Html.badge(Tone.WARN, "Waiting");
      case CURSOR_LOST -> Html.badge(Tone.BAD, "Position lost");
      case GUARDED -> Html.badge(Tone.BAD, "Too many events");
      case ENDING -> Html.badge(Tone.QUIET, "Ending");
      case ENDED -> Html.badge(Tone.QUIET, "Ended");
    };
  }

  static DomContent mode(Mode mode) {
    return switch (mode) {
      case ENFORCE -> Html.badge(Tone.GOOD, modeName(mode));
      case WARN -> Html.badge(Tone.WARN, modeName(mode));
      case AUDIT -> Html.badge(Tone.QUIET, modeName(mode));
    };
  }

  static String modeName(Mode mode) {
    return switch (mode) {
      case ENFORCE -> "Enforced";
      case WARN -> "Warns";
      case AUDIT -> "Observes";
    };
  }

  /** Returns how the platform's pages call a group. */
  static String group(Group group) {
    return switch (group) {
      case BUSINESS -> "Business";
      case NON_BUSINESS -> "Non-business";
      case BLOCKED -> "Blocked";
    };
  }

  /** Returns how the platform's pages call a group, and how its JSON does if that is different. */
  static String groupAndJson(Group group) {
    return switch (group) {
      case BUSINESS -> group(group) + " (JSON: Confidential)";
      case NON_BUSINESS -> group(group) + " (JSON: General)";
      case BLOCKED -> group(group);
    };
  }

  /**
   * Returns by what people know an account at a service.
   *
   * @param works whether the service has let the connection in
   */
  static String account(@Nullable Account account, boolean works) {
    return account != null
        ? account.label()
        : works ? "not told by the service" : "not known before it works";
  }

  /** Returns how a connection is that does not work, after the word that names it. */
  static String status(ConnectionStatus status) {
    Reason reason = status.reason();
    return reason != null
        ? status(reason)
        : status.state() == State.DISABLED ? "is disabled" : "does not work";
  }

  private static String status(Reason reason) {
    return switch (reason) {
      case CONSENT_PENDING -> "waits for its owner to sign in";
      case NOT_TESTED -> "is not tested yet";
      case CREDENTIALS_REJECTED -> "has credentials that the service refuses";
      case GRANT_ENDED -> "has a sign-in that has ended";
      case CREDENTIALS_EXPIRED -> "has credentials that have expired";
      case TEST_FAILED -> "has failed its test";
      case CONFIGURATION -> "does not work with the values that it has";
      case CREDENTIALS_UNREADABLE -> "has credentials that cannot be read";
      case NOT_UNDERSTOOD -> "was written by a later version and cannot be read";
      case DELETED -> "is deleted";
      case ADMINISTRATOR -> "is disabled by an administrator";
      case HANDED_OVER -> "waits for the credentials of its new owner";
      case CONNECTOR_MISSING -> "has a connector that is not here any more";
      case POLICY -> "is blocked by a data policy";
    };
  }

  /** Returns a text of the runtime that may begin with a reference, as the pages call those. */
  static String inWords(String text) {
    return text.startsWith(REFERENCE) ? "Connection r" + text.substring(1) : text;
  }
}
