package dev.connectorsdk.api;

import java.util.Locale;
import java.util.Objects;

/** The reference that {@link ConnectionReference}'s factories make. */
record NamedReference(String logicalName, ConnectorId connector, Source source)
    implements ConnectionReference {

  NamedReference {
    Names.require("Logical name of a reference", logicalName);
    Objects.requireNonNull(connector, "connector");
    Objects.requireNonNull(source, "source");
  }

  @Override
  public String toString() {
    return logicalName + " (" + source.name().toLowerCase(Locale.ROOT) + ", " + connector + ")";
  }
}
