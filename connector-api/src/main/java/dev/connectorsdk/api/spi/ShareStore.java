package dev.connectorsdk.api.spi;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.spi.BindingStore.BindingKey;
import dev.connectorsdk.api.spi.BindingStore.ReferenceKey;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what run-only users of flows get under embedded references. The contract of {@link
 * ConnectorStore} holds here too.
 */
public interface ShareStore {

  /**
   * What the run-only users of one flow get under an embedded reference.
   *
   * @param in which reference in which flow
   * @param terms what they get
   * @param by who has said so
   */
  record StoredShare(BindingKey in, Terms terms, Principal by) {

    public StoredShare {
      Objects.requireNonNull(in.flow(), "flow");
      Objects.requireNonNull(terms, "terms");
      Storable.requireText("By", by.id());
    }

    /**
     * On which terms run-only users use the flow's connection.
     *
     * @param use whether they use it at all; otherwise each brings an own one
     * @param connection which connection alone they use, or {@code null} if whichever there is
     * @param operations the ids of what alone they may call; empty if all
     * @param until the moment from which they no longer use it, or {@code null} if there is none
     */
    public record Terms(
        boolean use,
        @Nullable ConnectionId connection,
        Set<String> operations,
        @Nullable Instant until) {

      public Terms {
        operations = Set.copyOf(operations);
        operations.forEach(operation -> Storable.requireKey("Operation", operation, 200));
        if (until != null) {
          until = Storable.instant(until);
        }
      }
    }
  }

  /** Returns what run-only users get under a reference, in all flows, in no order. */
  List<StoredShare> listShares(ReferenceKey reference);

  /** Stores what run-only users get, whatever was there for the same flow. */
  void writeShare(StoredShare share);

  /**
   * Removes what is said about run-only users.
   *
   * @return {@code false} if nothing was
   */
  boolean deleteShare(BindingKey in);
}
