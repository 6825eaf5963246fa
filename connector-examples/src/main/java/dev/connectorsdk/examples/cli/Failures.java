package dev.connectorsdk.examples.cli;

import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.ServiceException;
import dev.connectorsdk.examples.dryrun.Mask;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.CancellationException;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Tells what went wrong in one line, and with which code the program ends. */
final class Failures implements IParameterExceptionHandler, IExecutionExceptionHandler {

  private static final int MAX_BODY = 500;

  private final Terminal terminal;

  Failures(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public int handleParseException(ParameterException e, String[] arguments) {
    // The messages quote what was typed, which can be a secret.
    CommandLine line = e.getCommandLine();
    if (arguments.length == 0) {
      line.usage(line.getErr());
      return ExitCode.USAGE;
    }
    String message =
        e instanceof CommandLine.UnmatchedArgumentException unmatched
            ? unmatched(unmatched)
            : String.valueOf(e.getMessage());
    print(message);
    terminal.err().println("Try: " + help(line));
    return ExitCode.USAGE;
  }

  /** The command {@code help} knows those of the first level alone. */
  private static String help(CommandLine line) {
    CommandLine parent = line.getParent();
    if (parent == null) {
      return "connectors help";
    }
    return parent.getParent() == null
        ? "connectors help " + line.getCommandName()
        : line.getCommandSpec().qualifiedName() + " --help";
  }

  private static String unmatched(CommandLine.UnmatchedArgumentException e) {
    String first = e.getUnmatched().isEmpty() ? "" : e.getUnmatched().get(0);
    int value = first.indexOf('=');
    String shown = value < 0 ? first : first.substring(0, value + 1) + "...";
    if (e.isUnknownOption()) {
      return "unknown option: " + shown;
    }
    if (e.getCommandLine().getCommandSpec().name().equals("connectors")) {
      var similar =
          Similar.to(first, java.util.List.copyOf(e.getCommandLine().getSubcommands().keySet()), 3);
      return "unknown command: "
          + shown
          + (similar.isEmpty() ? "" : "; did you mean " + String.join(" or ", similar) + "?");
    }
    return "unexpected argument: " + shown;
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine line, ParseResult result) {
    TerminalCommand command =
        line.getCommand() instanceof TerminalCommand terminalCommand ? terminalCommand : null;
    Mask mask = command == null ? Mask.of() : command.mask();
    terminal.out().flush();
    print(mask.hide(message(e)));
    if (command != null && command.isVerbose()) {
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      terminal.err().print(mask.hide(trace.toString()));
    }
    return e instanceof UsageException || e instanceof InvalidInputException
        ? ExitCode.USAGE
        : ExitCode.SOFTWARE;
  }

  private void print(String message) {
    String line = "connectors: " + Terminal.oneLine(message);
    int width = terminal.isErrInteractive() ? terminal.width() : Integer.MAX_VALUE;
    Table.wrap(line, width).forEach(terminal.err()::println);
  }

  private static String message(Exception e) {
    if (e instanceof ServiceException answer) {
      String body = Terminal.oneLine(answer.body());
      String shown = body.length() > MAX_BODY ? body.substring(0, MAX_BODY) + "..." : body;
      return answer.getMessage() + (shown.isEmpty() ? "" : ": " + shown);
    }
    if (e instanceof ConnectorException known) {
      String remedy = known.remedy();
      String message = String.valueOf(known.getMessage());
      return message.endsWith(".") ? message + " " + remedy : message + ". " + remedy;
    }
    if (e instanceof UsageException || e instanceof FailedException) {
      return String.valueOf(e.getMessage());
    }
    if (e instanceof CancellationException) {
      return "cancelled";
    }
    return "an unexpected " + e.getClass().getName() + "; with --verbose you see where";
  }
}
