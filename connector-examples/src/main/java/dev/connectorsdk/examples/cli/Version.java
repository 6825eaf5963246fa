package dev.connectorsdk.examples.cli;

import picocli.CommandLine.IVersionProvider;

/** Tells the version that stands in the manifest of the jar. */
final class Version implements IVersionProvider {

  @Override
  public String[] getVersion() {
    String version = Version.class.getPackage().getImplementationVersion();
    return new String[] {"connectors " + (version == null ? "(not packaged)" : version)};
  }
}
