package dev.connectorsdk.examples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program {@code connectors}; the package says what it does. */
@Command(
    name = "connectors",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    usageHelpWidth = 80,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Looks at connector definitions, calls their operations and keeps connections.",
      "",
      "DIR is a folder with apiDefinition.swagger.json and apiProperties.json."
    },
    commandListHeading = "%nCommands:%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:It worked.",
      "1:It failed: the service refused, a definition is broken, a connection does not work.",
      "2:The command line or an input does not fit; nothing was sent."
    },
    footer = {
      "",
      "Examples:",
      "  connectors inspect connectors/",
      "  connectors operations connectors/rooms",
      "  connectors call connectors/rooms FindRooms --param floor=2 --dry-run",
      "  connectors help call"
    })
public final class Connectors {

  private Connectors() {}

  /** Runs a command and exits with its code. */
  public static void main(String... arguments) {
    boolean verbose =
        Arrays.stream(arguments).anyMatch(a -> a.equals("-v") || a.equals("--verbose"));
    System.setProperty("connectors.log", verbose ? "DEBUG" : "OFF");
    Terminal terminal = Terminal.ofProcess();
    int code = run(terminal, arguments);
    terminal.out().flush();
    System.exit(terminal.out().checkError() && code == 0 ? 1 : code);
  }

  /**
   * Runs a command with the streams of this process.
   *
   * @return the exit code
   */
  public static int run(String... arguments) {
    return run(Terminal.ofProcess(), arguments);
  }

  static int run(Terminal terminal, String... arguments) {
    return commandLine(terminal).execute(arguments);
  }

  static CommandLine commandLine(Terminal terminal) {
    CommandLine line = new CommandLine(new Connectors());
    line.addSubcommand("inspect", new InspectCommand(terminal));
    line.addSubcommand("operations", new OperationsCommand(terminal));
    line.addSubcommand("describe", new DescribeCommand(terminal));
    line.addSubcommand("docs", new DocsCommand(terminal));
    line.addSubcommand("call", new CallCommand(terminal));
    line.addSubcommand("choices", new ChoicesCommand(terminal));
    line.addSubcommand("listen", new ListenCommand(terminal));
    line.addSubcommand("poll", new PollCommand(terminal));
    line.addSubcommand("sample", new SampleCommand(terminal));
    line.addSubcommand("connect", new ConnectCommand(terminal));
    CommandLine connections = new CommandLine(new ConnectionsCommand(terminal));
    connections.addSubcommand("delete", new ConnectionsCommand.Delete(terminal));
    connections.addSubcommand("usage", new ConnectionsCommand.Usage(terminal));
    line.addSubcommand("connections", connections);
    line.addSubcommand("mcp", new McpCommand(terminal));
    CommandLine policy = new CommandLine(new PolicyCommand(terminal));
    policy.addSubcommand("check", new PolicyCommand.Check(terminal));
    policy.addSubcommand("explain", new PolicyCommand.Explain(terminal));
    policy.addSubcommand("what-if", new PolicyCommand.WhatIf(terminal));
    line.addSubcommand("policy", policy);
    CommandLine share = new CommandLine(new ShareCommand(terminal));
    share.addSubcommand("preview", new ShareCommand.Preview(terminal));
    line.addSubcommand("share", share);
    CommandLine gateway = new CommandLine(new GatewayCommand(terminal));
    gateway.addSubcommand("register", new GatewayCommand.Register(terminal));
    gateway.addSubcommand("run", new GatewayCommand.Run(terminal));
    gateway.addSubcommand("show", new GatewayCommand.Show(terminal));
    gateway.addSubcommand("status", new GatewayCommand.Status(terminal));
    gateway.addSubcommand("let-in", new GatewayCommand.LetIn(terminal));
    gateway.addSubcommand("rekey", new GatewayCommand.Rekey(terminal));
    gateway.addSubcommand("recover", new GatewayCommand.Recover(terminal));
    gateway.addSubcommand("recovery-verify", new GatewayCommand.RecoveryVerify(terminal));
    gateway.addSubcommand("recovery-renew", new GatewayCommand.RecoveryRenew(terminal));
    line.addSubcommand("gateway", gateway);
    line.addSubcommand("audit", new AuditCommand(terminal));
    line.addSubcommand("test", new TestCommand(terminal));
    line.addSubcommand("console", new ConsoleCommand(terminal));
    line.addSubcommand("new", new NewCommand(terminal));
    line.addSubcommand("completion", new CompletionCommand(terminal));
    line.addSubcommand("help", new HelpCommand());
    line.setOut(new PrintWriter(terminal.out(), true, UTF_8));
    line.setErr(new PrintWriter(terminal.err(), true, UTF_8));
    line.setColorScheme(
        Help.defaultColorScheme(terminal.hasColours() ? Help.Ansi.ON : Help.Ansi.OFF));
    line.setExpandAtFiles(false);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionStrategy(Connectors::runUnderstood);
    line.setParameterExceptionHandler(new Failures(terminal));
    line.setExecutionExceptionHandler(new Failures(terminal));
    return line;
  }

  /** Runs what was asked for. Where somebody asks for help, the parser lets any argument pass. */
  private static int runUnderstood(ParseResult asked) {
    for (CommandLine line : asked.asCommandLineList()) {
      List<String> unmatched = line.getUnmatchedArguments();
      if (!unmatched.isEmpty()) {
        throw new UnmatchedArgumentException(line, unmatched);
      }
    }
    return new CommandLine.RunLast().execute(asked);
  }
}
