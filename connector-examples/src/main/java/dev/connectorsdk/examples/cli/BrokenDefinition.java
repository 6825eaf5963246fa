package dev.connectorsdk.examples.cli;

import dev.connectorsdk.api.error.DefinitionException;
import java.nio.file.Path;

/** Says where a definition is broken, with the path that leads there from here. */
final class BrokenDefinition {

  private BrokenDefinition() {}

  /** Returns the file in the folder, or the folder itself, with line and column if there are. */
  static String place(Path folder, DefinitionException problem) {
    return at(path(folder, problem), problem);
  }

  /** Returns a file with the line and column of a problem in it, if there are. */
  static String at(Path file, DefinitionException problem) {
    return problem.line() > 0 ? file + ":" + problem.line() + ":" + problem.column() : "" + file;
  }

  private static Path path(Path folder, DefinitionException problem) {
    Path name = folder.toAbsolutePath().normalize().getFileName();
    return problem.file().equals(String.valueOf(name)) ? folder : folder.resolve(problem.file());
  }

  /** Returns the message without the place. */
  static String what(DefinitionException problem) {
    String message = String.valueOf(problem.getMessage());
    int end = message.indexOf(": ");
    return end < 0 ? message : message.substring(end + 2);
  }

  /** Returns the same problem with the path in place of the bare name. */
  static DefinitionException located(Path folder, DefinitionException problem) {
    return new DefinitionException(
        path(folder, problem).toString(), problem.line(), problem.column(), what(problem));
  }
}
