package dev.connectorsdk.internal.registration;

import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.spi.DefinitionStore;
import dev.connectorsdk.api.spi.DefinitionStore.DefinitionKey;
import dev.connectorsdk.api.spi.DefinitionStore.DefinitionVersion;
import dev.connectorsdk.definition.Definition;
import dev.connectorsdk.definition.DefinitionText;
import dev.connectorsdk.definition.LoadOptions;
import dev.connectorsdk.internal.connection.Connectors;
import dev.connectorsdk.internal.connection.PresentConnectors;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connectors of a runtime's builder, and those whose definitions were stored at most the
 * freshness ago. One thread at a time reads them, so that what was read later is never replaced by
 * what was read before. Safe for several threads.
 */
public final class StoredDefinitions implements PresentConnectors {

  private static final Logger log = LoggerFactory.getLogger(StoredDefinitions.class);

  private static final long EXPIRED = Long.MIN_VALUE / 2;

  private final DefinitionStore store;
  private final Connectors fixed;
  private final Function<ConnectorId, LoadOptions> options;
  private final Clock clock;
  private final long freshMillis;
  private final List<Consumer<DefinitionKey>> listeners = new CopyOnWriteArrayList<>();
  private final ReentrantLock reading = new ReentrantLock();
  private volatile @Nullable Snapshot snapshot; // written under reading

  private record Snapshot(LoadedDefinitions definitions, long readAt) {}

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
    this.clock = clock;
    this.freshMillis = freshness.toMillis();
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
    return current().connectors();
  }

  @Override
  public String reach(Environment environment, ConnectorId connector, String authOption) {
    return fixed.find(environment, connector) == null
        ? current().reach(environment, connector, authOption)
        : "";
  }

  private LoadedDefinitions current() {
    Snapshot known = snapshot;
    return known != null && isFresh(known) ? known.definitions() : read(false);
  }

  /** Returns the definitions as they are stored now. */
  LoadedDefinitions reread() {
    return read(true);
  }

  /** Has the definitions read again before anybody asks them, because they were changed. */
  void expire() {
    reading.lock();
    try {
      Snapshot known = snapshot;
      snapshot = known == null ? null : new Snapshot(known.definitions(), EXPIRED);
    } finally {
      reading.unlock();
    }
  }

  private LoadedDefinitions read(boolean anyway) {
    reading.lock();
    try {
      Snapshot known = snapshot;
      if (known != null && !anyway && isFresh(known)) {
        return known.definitions();
      }
      long now = clock.millis();
      LoadedDefinitions before =
          known == null ? new LoadedDefinitions(fixed, List.of()) : known.definitions();
      List<DefinitionVersion> rows = store.listDefinitions();
      LoadedDefinitions present = before.isOf(rows) ? before : load(rows, before);
      snapshot = new Snapshot(present, now);
      // Whoever is told looks things up anew, and has to find what is there now.
      present.changesSince(before).forEach(key -> listeners.forEach(one -> one.accept(key)));
      return present;
    } finally {
      reading.unlock();
    }
  }

  /** The clock may have been set to before they were read. */
  private boolean isFresh(Snapshot known) {
    long age = clock.millis() - known.readAt();
    return age >= 0 && age < freshMillis;
  }

  private LoadedDefinitions load(List<DefinitionVersion> rows, LoadedDefinitions before) {
    List<Loaded> loaded = new ArrayList<>();
    for (DefinitionVersion row : rows) {
      Loaded known = before.find(row.key());
      if (known != null && known.row().equals(row)) {
        loaded.add(known);
      } else {
        store.findDefinition(row.key()).ifPresent(stored -> loaded.add(load(stored)));
      }
    }
    return new LoadedDefinitions(fixed, loaded);
  }

  /** One that cannot be used here is remembered, so that it is said why. */
  private Loaded load(DefinitionStore.StoredDefinition stored) {
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
   * A stored definition.
   *
   * @param definition {@code null} if it cannot be used
   * @param problem why; {@code null} if it can
   */
  record Loaded(DefinitionVersion row, @Nullable Definition definition, @Nullable String problem) {

    @Nullable Connector connector() {
      return definition == null ? null : definition.connector();
    }
  }
}
