package dev.connectorsdk.api.spi;

import java.util.List;

/**
 * Keeps data policies. As in a {@link ConnectorStore}, every write says which version it replaces,
 * and what is read equals what was written.
 *
 * <p>Whoever cannot read policies does not know what they forbid. A store that fails throws {@link
 * dev.connectorsdk.api.error.StoreException}; it never leaves one out.
 */
public interface PolicyStore {

  /**
   * A policy as it is stored. One that was deleted stays, without a text, so that whoever has read
   * it before does not take a later one of the same name for it.
   *
   * @param name 1 to 200 characters, unique
   * @param version 1 for a new policy, and one more with each change
   * @param json the policy as text, up to 1,000,000 characters; empty if it was deleted
   */
  record StoredPolicy(String name, long version, String json) {

    public StoredPolicy {
      Storable.requireKey("Name of a data policy", name, 200);
      Storable.requireText("A data policy", json);
    }

    /** Returns whether there is no such policy any more. */
    public boolean isDeleted() {
      return json.isEmpty();
    }
  }

  /** Returns all policies, deleted ones too, ordered by name as {@link String#compareTo} does. */
  List<StoredPolicy> listPolicies();

  /**
   * Stores a policy.
   *
   * @param next with the version {@code expectedVersion + 1}
   * @param expectedVersion of the policy that it replaces; 0 for a new one
   * @return {@code false}, and nothing is stored, if the stored version is another
   * @throws IllegalArgumentException if the version of {@code next} is another
   */
  boolean writePolicy(StoredPolicy next, long expectedVersion);

  /**
   * For stores: checks that a policy has the version after the one that it replaces.
   *
   * @throws IllegalArgumentException if it has another
   */
  static void requireNext(StoredPolicy next, long expectedVersion) {
    if (next.version() != expectedVersion + 1) {
      throw new IllegalArgumentException(
          "Version " + next.version() + " does not follow version " + expectedVersion);
    }
  }
}
