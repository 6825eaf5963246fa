package dev.connectorsdk.examples.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that says where connections are kept. */
final class HomeOption {

  @Option(
      names = "--home",
      paramLabel = "FOLDER",
      description = "Where connections are kept; ~/.connectors if it is not given.")
  private @Nullable Path home;

  Path folder() {
    return Home.folder(home);
  }

  Home open() throws IOException {
    return Home.open(folder());
  }
}
