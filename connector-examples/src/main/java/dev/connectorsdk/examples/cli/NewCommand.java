package dev.connectorsdk.examples.cli;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import javax.lang.model.SourceVersion;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "new",
    description = {
      "Makes a Maven project of a plugin, with a connector that passes its tests.",
      "",
      "The folder gets the name of the connector, and must not be there yet."
    },
    footer = {
      "",
      "Examples:",
      "  connectors new acme-tickets",
      "  connectors new acme-tickets --package com.example.tickets --into plugins"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class NewCommand extends TerminalCommand {

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
  private static final Pattern PACKAGE = Pattern.compile("[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)+");

  @Parameters(
      paramLabel = "NAME",
      description = "The id of the connector, in lower case: acme-tickets.")
  private String name;

  @Option(
      names = "--package",
      paramLabel = "PACKAGE",
      description = "The package of its classes; connectors.NAME unless it is given.")
  private @Nullable String packageName;

  @Option(
      names = "--into",
      paramLabel = "DIR",
      defaultValue = ".",
      description = "Where the folder of the project goes; here unless it is given.")
  private Path into;

  @Option(
      names = "--sdk-version",
      paramLabel = "VERSION",
      description = "The version of the library to build with; that of this program.")
  private @Nullable String version;

  NewCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() throws IOException {
    if (!NAME.matcher(name).matches()) {
      throw new UsageException(
          "NAME must be lower-case words of letters and digits, joined by hyphens, such as"
              + " acme-tickets");
    }
    Path folder = into.resolve(name);
    try {
      new PluginProject(name, packageName(), version()).writeTo(folder);
    } catch (FileAlreadyExistsException e) {
      throw new FailedException(
          folder + " is there already; nothing was written. Take another name, or move it away");
    }
    say(folder.toString());
    hint("Next: cd " + folder + " && mvn verify");
    return ExitCode.OK;
  }

  private String packageName() {
    String chosen = packageName == null ? "connectors." + identifier() : packageName;
    if (!PACKAGE.matcher(chosen).matches()) {
      throw new UsageException(
          "--package must be lower-case names joined by dots, such as com.example.tickets");
    }
    if (!SourceVersion.isName(chosen)) {
      throw new UsageException(
          "--package must have no keywords of Java in it; " + chosen + " has one");
    }
    return chosen;
  }

  /** Returns the name without hyphens, and with an underscore at its end if Java has taken it. */
  private String identifier() {
    String joined = name.replace("-", "");
    return SourceVersion.isName(joined) ? joined : joined + "_";
  }

  private String version() {
    String chosen =
        version == null ? NewCommand.class.getPackage().getImplementationVersion() : version;
    if (chosen == null) {
      throw new UsageException("this program has no version of its own: give --sdk-version");
    }
    return chosen;
  }
}
