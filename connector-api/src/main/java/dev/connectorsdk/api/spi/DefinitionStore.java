package dev.connectorsdk.api.spi;

import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.internal.Sha256;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps connectors that are data, so that they can be registered while a runtime runs. The contract
 * of {@link ConnectorStore} holds here too, but for the length of a definition.
 *
 * <p>Every runtime on the store lists all of it each few seconds, and reads what has changed: the
 * list has to be cheap, whatever the length of the definitions.
 */
public interface DefinitionStore {

  /**
   * Which definition it is.
   *
   * @param environment in which it is a custom connector; {@code null} for a public one
   * @param connector the id of the connector
   */
  record DefinitionKey(@Nullable Environment environment, ConnectorId connector)
      implements Comparable<DefinitionKey> {

    private static final Comparator<DefinitionKey> ORDER =
        Comparator.comparing((DefinitionKey key) -> key.connector.value())
            .thenComparing(key -> key.environment == null ? "" : key.environment.name());

    public DefinitionKey {
      Objects.requireNonNull(connector, "connector");
    }

    /** Compares by connector, then by environment; a public one comes first. */
    @Override
    public int compareTo(DefinitionKey other) {
      return ORDER.compare(this, other);
    }

    /** Returns the connector and where it is, for messages. */
    @Override
    public String toString() {
      return "'" + connector + "'" + (environment == null ? "" : " of '" + environment + "'");
    }
  }

  /**
   * A version of a definition, without its content.
   *
   * @param version 1 for a new definition, and one more with each change
   * @param digest of the content, as {@link StoredDefinition#head} has it, by which another content
   *     is noticed when a backup has brought a version back; 1 to 100 characters
   */
  record DefinitionVersion(DefinitionKey key, long version, String digest) {

    private static final String OF_NOTHING = Sha256.hex("");

    public DefinitionVersion {
      Objects.requireNonNull(key, "key");
      Storable.requireKey("Digest", digest, 100);
    }

    /** Returns whether there is no such definition any more. */
    public boolean isDeleted() {
      return digest.equals(OF_NOTHING);
    }
  }

  /**
   * A definition as it is stored. One that was deleted stays, without a content, so that whoever
   * has read it before does not take a later one of the same key for it.
   *
   * @param version 1 for a new definition, and one more with each change
   * @param content what a runtime reads it from, at most 32,000,000 characters; empty if it was
   *     deleted
   */
  record StoredDefinition(DefinitionKey key, long version, String content) {

    private static final int LONGEST_CONTENT = 32_000_000;

    public StoredDefinition {
      Objects.requireNonNull(key, "key");
      Storable.requireText("A definition", content, LONGEST_CONTENT);
    }

    /** Returns this version without its content. */
    public DefinitionVersion head() {
      return new DefinitionVersion(key, version, Sha256.hex(content));
    }

    /** Returns whether there is no such definition any more. */
    public boolean isDeleted() {
      return content.isEmpty();
    }
  }

  /** Returns all definitions, deleted ones too, ordered by {@link DefinitionKey#compareTo}. */
  List<DefinitionVersion> listDefinitions();

  /** Returns a definition, or what has stayed of one that was deleted. */
  Optional<StoredDefinition> findDefinition(DefinitionKey key);

  /**
   * Stores a definition, or that it was deleted.
   *
   * @param next with the version {@code expectedVersion + 1}
   * @param expectedVersion of the definition that it replaces; 0 for a new one
   * @return {@code false}, and nothing is stored, if the stored version is another
   * @throws IllegalArgumentException if the version of {@code next} is another
   */
  boolean writeDefinition(StoredDefinition next, long expectedVersion);
}
