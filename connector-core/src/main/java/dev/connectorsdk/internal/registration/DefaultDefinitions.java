package dev.connectorsdk.internal.registration;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.error.ConflictException;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.error.StoreException;
import dev.connectorsdk.api.event.ConnectorEvent.DefinitionChanged;
import dev.connectorsdk.api.spi.DefinitionStore;
import dev.connectorsdk.api.spi.DefinitionStore.DefinitionKey;
import dev.connectorsdk.api.spi.DefinitionStore.StoredDefinition;
import dev.connectorsdk.definition.Definition;
import dev.connectorsdk.definition.DefinitionPreview;
import dev.connectorsdk.definition.DefinitionPreview.Moved;
import dev.connectorsdk.definition.DefinitionText;
import dev.connectorsdk.definition.Definitions;
import dev.connectorsdk.internal.event.EventHub;
import dev.connectorsdk.internal.registration.StoredDefinitions.Loaded;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What administrators do with stored definitions. Safe for several threads. */
public final class DefaultDefinitions implements Definitions {

  private static final Logger log = LoggerFactory.getLogger(DefaultDefinitions.class);

  private static final String DELETED = "";

  private final DefinitionStore store;
  private final StoredDefinitions stored;
  private final EventHub events;
  private final Clock clock;

  /** For the runtime. */
  public DefaultDefinitions(
      DefinitionStore store, StoredDefinitions stored, EventHub events, Clock clock) {
    this.store = store;
    this.stored = stored;
    this.events = events;
    this.clock = clock;
  }

  @Override
  public DefinitionPreview preview(
      Administrator administrator, DefinitionText text, long replaced) {
    DefinitionKey key = key(administrator, text.connector());
    LoadedDefinitions present = stored.reread();
    Loaded former = present.find(key);
    requireVersion(key, former, replaced);
    Definition definition = stored.load(text);
    present.requireFree(stored.fixed(), key, definition.connector());
    return new DefinitionPreview(
        text,
        replaced,
        definition.report(),
        former == null ? List.of() : moved(former, definition));
  }

  private static List<Moved> moved(Loaded former, Definition definition) {
    Definition known = former.definition();
    Map<String, String> before = known == null ? Map.of() : known.report().reach();
    Map<String, String> after = definition.report().reach();
    TreeSet<String> options = new TreeSet<>(before.keySet());
    options.addAll(after.keySet());
    List<Moved> moved = new ArrayList<>();
    for (String option : options) {
      Moved one =
          new Moved(option, before.getOrDefault(option, ""), after.getOrDefault(option, ""));
      if (!one.before().equals(one.after())) {
        moved.add(one);
      }
    }
    return moved;
  }

  @Override
  public Saved save(Administrator administrator, DefinitionPreview preview) {
    events.requireRoom();
    DefinitionText text = preview.text();
    DefinitionKey key = key(administrator, text.connector());
    if (!preview(administrator, text, preview.replaced()).equals(preview)) {
      throw conflict(key);
    }
    long version = replace(key, preview.replaced(), DefinitionJson.write(text));
    changed(administrator, key, version);
    return new Saved(key.environment(), key.connector(), version, null);
  }

  @Override
  public void remove(Administrator administrator, ConnectorId connector, long version) {
    DefinitionKey key = key(administrator, connector);
    if (stored.reread().find(key) == null) {
      throw new NotFoundException(
          "definition", connector.value(), "It was never saved, or was removed.");
    }
    events.requireRoom();
    replace(key, version, DELETED);
    changed(administrator, key, 0);
  }

  /**
   * Stores what comes after the version that somebody has seen; 0 if there was none to be seen.
   *
   * @return the new version
   */
  private long replace(DefinitionKey key, long seen, String content) {
    LoadedDefinitions present = stored.reread();
    requireVersion(key, present.find(key), seen);
    long before = present.version(key);
    var next = new StoredDefinition(key, before + 1, content);
    if (!store.writeDefinition(next, before)) {
      throw conflict(key);
    }
    return next.version();
  }

  private static void requireVersion(DefinitionKey key, @Nullable Loaded present, long seen) {
    long version = present == null ? 0 : present.row().version();
    if (version != seen) {
      throw ConflictException.ofVersion("The definition " + key, version, seen);
    }
  }

  /** What is done is done, even if it cannot be read again now. */
  private void changed(Administrator administrator, DefinitionKey key, long version) {
    if (!events.isQuiet()) {
      events.publish(
          new DefinitionChanged(
              clock.instant(),
              administrator.principal(),
              key.environment(),
              key.connector(),
              version));
    }
    try {
      stored.reread();
    } catch (StoreException e) {
      log.warn("The definitions cannot be read again yet: {}", e.getMessage());
    }
  }

  @Override
  public List<Saved> list(Administrator administrator, @Nullable Saved after, int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("A page has 1 definition or more, not " + limit);
    }
    Environment only = administrator.environment().orElse(null);
    DefinitionKey last =
        after == null ? null : new DefinitionKey(after.environment(), after.connector());
    LoadedDefinitions present = stored.reread();
    return present.all().stream()
        .filter(one -> only == null || only.equals(one.row().key().environment()))
        .filter(one -> last == null || one.row().key().compareTo(last) > 0)
        .limit(limit)
        .map(one -> saved(one, present.problem(one)))
        .toList();
  }

  private static Saved saved(Loaded one, @Nullable String problem) {
    DefinitionKey key = one.row().key();
    return new Saved(key.environment(), key.connector(), one.row().version(), problem);
  }

  @Override
  public Optional<DefinitionText> find(Administrator administrator, ConnectorId connector) {
    return store
        .findDefinition(key(administrator, connector))
        .filter(row -> !row.isDeleted())
        .map(row -> DefinitionJson.read(connector, row.content()));
  }

  private static DefinitionKey key(Administrator administrator, ConnectorId connector) {
    return new DefinitionKey(administrator.environment().orElse(null), connector);
  }

  private static ConflictException conflict(DefinitionKey key) {
    return new ConflictException("The definition " + key);
  }
}
