package dev.connectorsdk.examples.cli;

import dev.connectorsdk.api.Environment;
import picocli.CommandLine.Option;

/** The option that says in which environment something is done. */
final class EnvironmentOption {

  @Option(
      names = "--environment",
      defaultValue = "default",
      description = "Where that is done. Default: ${DEFAULT-VALUE}")
  private String name = "default";

  /**
   * Returns the environment.
   *
   * @throws UsageException if there is none of this name
   */
  Environment environment() {
    try {
      return Environment.of(name);
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }
}
