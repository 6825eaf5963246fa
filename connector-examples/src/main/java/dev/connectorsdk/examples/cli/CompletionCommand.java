package dev.connectorsdk.examples.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "completion",
    description = "Prints a script by which bash and zsh complete commands and options.",
    footer = {
      "",
      "Examples:",
      "  source <(connectors completion)",
      "  connectors completion > ~/.local/share/bash-completion/completions/connectors"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the field
final class CompletionCommand extends TerminalCommand {

  @Spec private CommandSpec spec;

  CompletionCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    terminal().out().print(AutoComplete.bash("connectors", spec.root().commandLine()));
    return ExitCode.OK;
  }
}
