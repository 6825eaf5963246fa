package dev.connectorsdk.examples.cli;

import dev.connectorsdk.examples.demo.ConsoleDemo;
import io.javalin.util.JavalinBindException;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

@Command(
    name = "console",
    description = {
      "Opens the web console on this machine, with the data of the demo.",
      "",
      "It prints a link for each person of the demo, which works once, and runs until",
      "Ctrl+C ends it. Other machines do not reach it, and nothing is kept."
    },
    footer = {"", "Example:", "  connectors console --port 8080"})
final class ConsoleCommand extends TerminalCommand {

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "0",
      description = "The port of 127.0.0.1. Default: any that is free.")
  private int port;

  ConsoleCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    FreePort.check("--port", port);
    CountDownLatch over = new CountDownLatch(1);
    Goodbye goodbye = Goodbye.beginning(over::countDown);
    try (ConsoleDemo demo = ConsoleDemo.start(port)) {
      hint("The console is at " + demo.address() + ". Ctrl+C ends it. Open it as");
      demo.links().forEach((name, link) -> say("  %-5s %s".formatted(name, link)));
      terminal().out().flush();
      over.await();
      return ExitCode.OK;
    } catch (JavalinBindException e) {
      throw new FailedException("port " + port + " is in use");
    } finally {
      goodbye.end();
    }
  }
}
