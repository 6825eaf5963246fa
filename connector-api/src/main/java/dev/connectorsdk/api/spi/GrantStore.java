package dev.connectorsdk.api.spi;

import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Grant;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Keeps rights on connections and references. The contract of {@link ConnectorStore} holds here
 * too.
 */
public interface GrantStore {

  /**
   * What rights are granted on: a connection, or an embedded reference.
   *
   * @param environment in which it is
   * @param owner whose reference it is, or {@code null} for a connection
   * @param name the logical name of the reference, or the id of the connection
   */
  record GrantSubject(Environment environment, @Nullable Principal owner, String name) {

    public GrantSubject {
      Objects.requireNonNull(environment, "environment");
      if (owner != null) {
        Storable.requireText("Owner", owner.id());
      }
      Storable.requireKey("Name", name, 200);
    }

    /** Returns what rights on a connection are granted on. */
    public static GrantSubject of(StoredConnection row) {
      return new GrantSubject(row.environment(), null, row.id().value());
    }
  }

  /**
   * A grant as it is stored. One with a right that this version does not know is read as one of
   * {@link Grant.Right#NONE}.
   */
  record StoredGrant(GrantSubject on, Grant grant) {

    public StoredGrant {
      Objects.requireNonNull(on, "on");
      Storable.requireText("Grantee", grant.grantee().id());
      Storable.requireText("Grantor", grant.grantor().id());
      if (grant.until() != null) {
        Instant until = Storable.instant(grant.until());
        grant = new Grant(grant.grantee(), grant.right(), grant.grantor(), until);
      }
    }
  }

  /** Returns all grants on a connection or a reference, also those that have ended, in no order. */
  List<StoredGrant> listGrants(GrantSubject on);

  /** Returns all grants in an environment, also those that have ended, in no order. */
  List<StoredGrant> listGrants(Environment environment);

  /**
   * Returns a page of the grants on connections in an environment that one principal was granted,
   * also those that have ended, in the order of the ids of the connections as the store compares
   * them. None at all say that there are no more. Unless a store says otherwise it goes through
   * {@link #listGrants(Environment)}; one of many grants finds them by their grantee.
   *
   * @param grantee by name: a group does not stand for its members here
   * @param after only those on connections whose id is greater; the empty text for the first page
   * @param limit at most so many
   */
  default List<StoredGrant> listConnectionGrants(
      Environment environment, Principal grantee, String after, int limit) {
    return listGrants(environment).stream()
        .filter(grant -> grant.on().owner() == null && grant.grant().grantee().equals(grantee))
        .filter(grant -> grant.on().name().compareTo(after) > 0)
        .sorted(Comparator.comparing(grant -> grant.on().name()))
        .limit(limit)
        .toList();
  }

  /**
   * Returns the {@linkplain Principal#isGroup groups} that were granted something on a connection
   * in an environment, each once, in no order; not those that were granted something on references
   * alone. Unless a store says otherwise it goes through {@link #listGrants(Environment)}.
   */
  default List<Principal> listConnectionGroups(Environment environment) {
    return listGrants(environment).stream()
        .filter(grant -> grant.on().owner() == null)
        .map(grant -> grant.grant().grantee())
        .filter(Principal::isGroup)
        .distinct()
        .toList();
  }

  /**
   * Replaces what is granted on a connection or a reference.
   *
   * @param before all grants on it, as {@link #listGrants(GrantSubject)} has returned them
   * @param after all that are to be on it, at most one for each grantee
   * @return {@code false}, and nothing is changed, if others are stored than {@code before}
   */
  boolean replaceGrants(
      GrantSubject on, Collection<StoredGrant> before, Collection<StoredGrant> after);
}
