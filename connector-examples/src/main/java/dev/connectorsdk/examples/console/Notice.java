package dev.connectorsdk.examples.console;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a page says has just been done. The address bar names one of these and never a text, so that
 * nobody makes a link to the console that says what they like.
 */
enum Notice {
  SAVED("Saved.");

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
