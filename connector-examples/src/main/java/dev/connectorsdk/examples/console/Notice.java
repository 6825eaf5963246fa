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
  TAKEN_BACK("The right is taken back.");

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
