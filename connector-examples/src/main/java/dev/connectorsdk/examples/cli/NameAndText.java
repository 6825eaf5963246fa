package dev.connectorsdk.examples.cli;

/** What was given as {@code NAME=TEXT}. */
record NameAndText(String name, String text) {

  /**
   * Reads it.
   *
   * @param option its option, for the message
   * @param form how it is written, for the message
   * @throws UsageException if there is no name
   */
  static NameAndText of(String given, String option, String form) {
    int equals = given.indexOf('=');
    if (equals < 1) {
      throw new UsageException(option + " needs " + form);
    }
    return new NameAndText(given.substring(0, equals), given.substring(equals + 1));
  }
}
