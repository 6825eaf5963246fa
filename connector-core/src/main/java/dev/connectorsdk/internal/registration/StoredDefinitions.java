package dev.connectorsdk.internal.registration;

import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.spi.DefinitionStore;
import dev.connectorsdk.api.spi.DefinitionStore.DefinitionKey;
import dev.connectorsdk.api.spi.DefinitionStore.DefinitionVersion;
import dev.connectorsdk.definition.Definition;
import dev.connectorsdk.definition.DefinitionText;
import dev.connectorsdk.definition.LoadOptions;
import dev.connectorsdk.internal.cache.FreshValue;
import dev.connectorsdk.internal.cache.Moment;
import dev.connectorsdk.internal.connection.Connectors;
import dev.connectorsdk.internal.connection.PresentConnectors;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connectors of a runtime's builder, and those whose definitions were stored at most the
 * freshness ago. Safe for several threads.
 */
public final class StoredDefinitions implements PresentConnectors {

  private static final Logger log = LoggerFactory.getLogger(StoredDefinitions.class);

  private final DefinitionStore store;
  private final Connectors fixed;
  private final Function<ConnectorId, LoadOptions> options;
  private final FreshValue<LoadedDefinitions> known;
  private final List<Consumer<DefinitionKey>> listeners = new CopyOnWriteArrayList<>();

  /**
   * @param fixed those that nothing stored replaces
   * @param options with which a stored definition is loaded
   */
  public StoredDefinitions(
      DefinitionStore store,
      Connectors fixed,
      Function<ConnectorId, LoadOptions> options,
      Clock clock,
      Duration freshness) {
    this.store = store;
    this.fixed = fixed;
    this.options = options;
    var none = new LoadedDefinitions(fixed, List.of());
    this.known =
        new FreshValue<>(
            clock,
            freshness,
            before -> read(before == null ? none : before),
            (before, present) -> tell(before == null ? none : before, present));
  }

  /** Adds who is told that a stored connector is there, another one or gone. */
  public void onChange(Consumer<DefinitionKey> listener) {
    listeners.add(listener);
  }

  @Override
  public Connectors fixed() {
    return fixed;
  }

  @Override
  public Connectors all() {
    return known.get().connectors();
  }

  @Override
  public Connectors all(Moment at) {
    return known.get(at).connectors();
  }

  /** Returns the definitions as they are stored now. */
  LoadedDefinitions reread() {
    return known.reread();
  }

  private LoadedDefinitions read(LoadedDefinitions before) {
    List<DefinitionVersion> rows = store.listDefinitions();
    return before.isOf(rows) ? before : load(rows, before);
  }

  /** Whoever is told looks things up anew, and finds what is there now. */
  private void tell(LoadedDefinitions before, LoadedDefinitions present) {
    present.changesSince(before).forEach(key -> listeners.forEach(one -> one.accept(key)));
  }

  private LoadedDefinitions load(List<DefinitionVersion> rows, LoadedDefinitions before) {
    List<Loaded> loaded = new ArrayList<>();
    for (DefinitionVersion row : rows) {
      Loaded known = before.find(row.key());
      if (row.isDeleted()) {
        loaded.add(Loaded.deleted(row));
      } else if (known != null && known.row().equals(row)) {
        loaded.add(known);
      } else {
        store.findDefinition(row.key()).ifPresent(stored -> loaded.add(load(stored)));
      }
    }
    return new LoadedDefinitions(fixed, loaded);
  }

  /** One that cannot be used here is remembered, so that it is said why. */
  private Loaded load(DefinitionStore.StoredDefinition stored) {
    if (stored.isDeleted()) {
      return Loaded.deleted(stored.head());
    }
    try {
      Definition definition = load(DefinitionJson.read(stored.key().connector(), stored.content()));
      return new Loaded(stored.head(), definition, null);
    } catch (RuntimeException | StackOverflowError e) {
      String problem = Objects.requireNonNullElse(e.getMessage(), e.getClass().getName());
      log.warn("The stored definition {} cannot be used: {}", stored.key(), problem);
      return new Loaded(stored.head(), null, problem);
    }
  }

  /**
   * Loads a definition that need not be stored.
   *
   * @throws dev.connectorsdk.api.error.DefinitionException if it cannot be used
   */
  Definition load(DefinitionText text) {
    return Definition.load(text, options.apply(text.connector()));
  }

  /**
   * A stored definition, or what has stayed of one that was deleted.
   *
   * @param definition {@code null} if it was deleted or cannot be used
   * @param problem why it cannot be used; {@code null} if it can, or was deleted
   */
  record Loaded(DefinitionVersion row, @Nullable Definition definition, @Nullable String problem) {

    static Loaded deleted(DefinitionVersion row) {
      return new Loaded(row, null, null);
    }

    @Nullable Connector connector() {
      return definition == null ? null : definition.connector();
    }
  }
}
