package dev.connectorsdk.api.spi;

import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Grant;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import java.time.Instant;
import java.util.Collection;
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

  /** Which of the grants on something it is: there is one for each grantee. */
  record GrantKey(GrantSubject on, Principal grantee) {

    public GrantKey {
      Objects.requireNonNull(on, "on");
      Storable.requireText("Grantee", grantee.id());
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

    /** Returns the key, which is unique. */
    public GrantKey key() {
      return new GrantKey(on, grant.grantee());
    }
  }

  /** Returns all grants on a connection or a reference, also those that have ended, in no order. */
  List<StoredGrant> listGrants(GrantSubject on);

  /** Returns all grants in an environment, also those that have ended, in no order. */
  List<StoredGrant> listGrants(Environment environment);

  /**
   * Removes grants, whether they are there or not, and then stores others, whatever was there: all
   * or none.
   */
  void writeGrants(Collection<StoredGrant> grants, Collection<GrantKey> removed);
}
