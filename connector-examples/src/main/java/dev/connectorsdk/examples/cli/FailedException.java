package dev.connectorsdk.examples.cli;

/** What was asked for did not work, and this says why. Leads to exit code 1. */
final class FailedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  FailedException(String message) {
    super(message);
  }
}
