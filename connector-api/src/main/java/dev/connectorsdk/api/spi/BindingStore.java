package dev.connectorsdk.api.spi;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Principal;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the connections that references stand for. The contract of {@link ConnectorStore} holds
 * here too.
 */
public interface BindingStore {

  /**
   * A reference of one principal in one environment.
   *
   * @param environment where
   * @param principal of an embedded reference its owner, of an invoker reference the caller who
   *     chooses a connection for it
   * @param logicalName of the reference, 1 to 200 characters
   * @param source which of the two kinds it is
   */
  record ReferenceKey(
      Environment environment,
      Principal principal,
      String logicalName,
      ConnectionReference.Source source) {

    public ReferenceKey {
      Objects.requireNonNull(environment, "environment");
      Storable.requireText("Principal", principal.id());
      Storable.requireKey("Logical name", logicalName, 200);
      Objects.requireNonNull(source, "source");
    }
  }

  /**
   * What a binding is for.
   *
   * @param reference which reference is bound
   * @param flowOwner whose flows alone it holds in, or {@code null} if it holds everywhere
   * @param flow the id of the one of these flows that it holds in, 1 to 200 characters, or {@code
   *     null} if it holds in all of them
   */
  record BindingKey(ReferenceKey reference, @Nullable Principal flowOwner, @Nullable String flow)
      implements Comparable<BindingKey> {

    private static final Comparator<BindingKey> ORDER =
        Comparator.comparing((BindingKey key) -> key.reference.environment().name())
            .thenComparing(key -> key.reference.logicalName())
            .thenComparing(key -> key.reference.principal().toString())
            .thenComparing(key -> key.reference.source())
            .thenComparing(key -> key.flowOwner == null ? "" : key.flowOwner.toString())
            .thenComparing(key -> key.flow == null ? "" : key.flow);

    public BindingKey {
      Objects.requireNonNull(reference, "reference");
      if (flowOwner != null) {
        Storable.requireText("Owner of the flow", flowOwner.id());
      }
      if (flow != null) {
        Storable.requireKey("Flow", flow, 200);
        Objects.requireNonNull(flowOwner, "flowOwner");
      }
    }

    /** Returns the key of a binding that holds everywhere. */
    public static BindingKey everywhere(ReferenceKey reference) {
      return new BindingKey(reference, null, null);
    }

    /**
     * Compares by environment, logical name, text of the principal, source, text of the flow's
     * owner and flow; what is {@code null} comes first.
     */
    @Override
    public int compareTo(BindingKey other) {
      return ORDER.compare(this, other);
    }
  }

  /** The connection that a reference stands for. */
  record StoredBinding(BindingKey key, ConnectorId connector, ConnectionId connection) {

    public StoredBinding {
      Objects.requireNonNull(key, "key");
      Objects.requireNonNull(connector, "connector");
      Objects.requireNonNull(connection, "connection");
    }
  }

  /** Returns all bindings of a reference, in no order. */
  List<StoredBinding> findBindings(ReferenceKey reference);

  /** Returns all bindings in an environment, ordered by {@link BindingKey#compareTo}. */
  List<StoredBinding> listBindings(Environment environment);

  /**
   * Returns all bindings in an environment that lead to a connection, ordered as {@link
   * #listBindings(Environment)} does. Unless a store says otherwise it goes through that list; one
   * of many connections finds them by their connection.
   */
  default List<StoredBinding> listBindings(Environment environment, ConnectionId connection) {
    return listBindings(environment).stream()
        .filter(binding -> binding.connection().equals(connection))
        .toList();
  }

  /** Stores a binding, whatever was there. */
  default void writeBinding(StoredBinding binding) {
    writeBindings(List.of(binding), List.of());
  }

  /**
   * Removes bindings, whether they are there or not, and then stores others, whatever was there:
   * all or none.
   */
  void writeBindings(Collection<StoredBinding> bindings, Collection<BindingKey> removed);

  /**
   * Removes a binding.
   *
   * @return {@code false} if there was none
   */
  boolean deleteBinding(BindingKey key);

  /**
   * Returns the same bindings, for what a caller may do in a transaction that is open on its
   * thread: writes join that, if the host has said how, and take effect with its commit. See {@link
   * ConnectorStore#whenCommitted}.
   */
  default BindingStore joining() {
    return this;
  }
}
