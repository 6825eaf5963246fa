package dev.connectorsdk.examples.cli;

/** The command line is wrong: the person has to write another one. Leads to exit code 2. */
final class UsageException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}
