package dev.connectorsdk.examples.console;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a page says has just been done. The address bar names one of these and never a text, so that
 * nobody makes a link to the console that says what they like.
 */
enum Notice {
  SAVED("Saved."),
  CONNECTION_MADE("The connection is made."),
  CONNECTION_CHANGED("The connection is changed."),
  CONNECTION_DELETED("The connection is deleted."),
  SIGNED_IN("You have signed in."),
  SIGNED_IN_WITH_LESS("You have signed in. Not everything that was asked for was granted."),
  SHARED("The right is granted."),
  TAKEN_BACK("The right is taken back."),
  CONNECTION_DISABLED("The connection is disabled. Its owner sees who did it, and why."),
  CONNECTION_ENABLED("The connection is enabled."),
  CONNECTION_HANDED_OVER(
      "The connection has a new owner, who has to sign in or enter credentials before it works."),
  CONNECTION_CHOSEN("The reference leads to the connection that you chose."),
  FLOW_SHARED("The run-only users use the connection of the flow."),
  FLOW_SHARED_NO_MORE("Each run-only user brings an own connection."),
  POLICY_SAVED("The policy is saved."),
  CANDIDATE_SAVED("The candidate is saved. It is judged and refuses nothing."),
  POLICY_DELETED("The policy is deleted."),
  POLICY_ADOPTED("The candidate has taken the place of the policy."),
  POLICY_ADOPTED_CANDIDATE_KEPT(
      "The policy says now what you were shown. Look whether its candidate is still there, and delete"
          + " it."),
  EVENT_REPLAYED("The event will be handled again."),
  EVENT_DROPPED("The event is dropped."),
  EVENT_GONE("There is no such event any more."),
  SUBSCRIPTION_PAUSED("The trigger is paused."),
  SUBSCRIPTION_RESUMED("The trigger goes on.");

  static final String PARAMETER = "done";

  private final String text;

  Notice(String text) {
    this.text = text;
  }

  String text() {
    return text;
  }

  String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Optional<Notice> of(String id) {
    return Stream.of(values()).filter(notice -> notice.id().equals(id)).findFirst();
  }
}
