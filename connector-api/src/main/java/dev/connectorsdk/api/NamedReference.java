package dev.connectorsdk.api;

import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The reference that {@link ConnectionReference}'s factories make. */
final class NamedReference implements ConnectionReference {

  private static final int LONGEST_DESCRIPTION = 2_000;

  private final String logicalName;
  private final ConnectorId connector;
  private final Source source;
  private final @Nullable Principal owner;
  private final String displayName;
  private final String description;

  NamedReference(String logicalName, ConnectorId connector, Source source) {
    this(logicalName, connector, source, null, logicalName, "");
    Names.require("Logical name of a reference", logicalName);
  }

  private NamedReference(
      String logicalName,
      ConnectorId connector,
      Source source,
      @Nullable Principal owner,
      String displayName,
      String description) {
    this.logicalName = logicalName;
    this.connector = Objects.requireNonNull(connector, "connector");
    this.source = source;
    this.owner = owner;
    this.displayName = displayName;
    this.description = description;
  }

  @Override
  public String logicalName() {
    return logicalName;
  }

  @Override
  public ConnectorId connector() {
    return connector;
  }

  @Override
  public Source source() {
    return source;
  }

  @Override
  public @Nullable Principal owner() {
    return owner;
  }

  @Override
  public String displayName() {
    return displayName;
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public ConnectionReference ownedBy(Principal owner) {
    if (source == Source.INVOKER) {
      throw new IllegalArgumentException(
          "Reference '" + logicalName + "' has no owner: each caller brings a connection for it");
    }
    if (!owner.mayOwn()) {
      throw new IllegalArgumentException(
          "Reference '" + logicalName + "' cannot belong to " + owner + ": name one principal");
    }
    return new NamedReference(logicalName, connector, source, owner, displayName, description);
  }

  @Override
  public ConnectionReference named(String displayName) {
    if (displayName.isBlank() || displayName.length() > Names.MAX_LENGTH) {
      throw new IllegalArgumentException(
          "Display name of reference '"
              + logicalName
              + "' must not be blank or longer than 200 characters");
    }
    return new NamedReference(logicalName, connector, source, owner, displayName, description);
  }

  @Override
  public ConnectionReference described(String description) {
    if (description.length() > LONGEST_DESCRIPTION) {
      throw new IllegalArgumentException(
          "Description of reference '" + logicalName + "' is longer than 2,000 characters");
    }
    return new NamedReference(logicalName, connector, source, owner, displayName, description);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof NamedReference that
        && logicalName.equals(that.logicalName)
        && connector.equals(that.connector)
        && source == that.source
        && Objects.equals(owner, that.owner);
  }

  @Override
  public int hashCode() {
    return Objects.hash(logicalName, connector, source, owner);
  }

  @Override
  public String toString() {
    return logicalName
        + (owner == null ? "" : " of " + owner)
        + " ("
        + source.name().toLowerCase(Locale.ROOT)
        + ", "
        + connector
        + ")";
  }
}
