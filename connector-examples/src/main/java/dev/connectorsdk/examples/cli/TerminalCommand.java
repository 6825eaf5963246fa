package dev.connectorsdk.examples.cli;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.examples.dryrun.Mask;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What all commands have in common. */
@Command(
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    abbreviateSynopsis = true,
    usageHelpWidth = 80)
abstract class TerminalCommand implements Callable<Integer> {

  @Option(
      names = {"-v", "--verbose"},
      description = "Show the log, and after a failure the stack trace.")
  private boolean verbose;

  private final Terminal terminal;
  private final List<Secret> secrets = new ArrayList<>();
  private Mask mask = Mask.of();

  TerminalCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  Terminal terminal() {
    return terminal;
  }

  boolean isVerbose() {
    return verbose;
  }

  /** Returns what hides the secrets that this command has to do with. */
  Mask mask() {
    return mask;
  }

  /** Hides these, too, in whatever the command says. */
  void hide(Collection<Secret> more) {
    secrets.addAll(more);
    mask = Mask.of(secrets);
  }

  /** Hides these and no others. */
  void hideOnly(Collection<Secret> these) {
    secrets.clear();
    hide(these);
  }

  void say(String line) {
    terminal.out().println(line);
  }

  /** Tells the person something that is no result. */
  void hint(String line) {
    terminal.err().println(mask.hide(Terminal.oneLine(line)));
  }
}
