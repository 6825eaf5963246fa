package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionQuery;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.SecretUnreadableException;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.api.spi.ConnectorStore.StoredCredential;
import dev.connectorsdk.internal.gateway.seal.SealedValue;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stored secrets of connections through gateways, on the way from one key of their gateway to
 * the next. Nothing here opens them. Safe for several threads.
 */
public final class SealedRows {

  private static final Logger log = LoggerFactory.getLogger(SealedRows.class);

  /** How many connections are looked at for one page. */
  private static final int LOOKED_AT = 500;

  /** How many characters of sealed values one page has, unless one connection has more. */
  private static final int PAGE = 100_000;

  private final ConnectorStore store;
  private final CredentialBox box;
  private final ConnectionChanges changes;
  private final Clock clock;

  SealedRows(ConnectorStore store, CredentialBox box, ConnectionChanges changes, Clock clock) {
    this.store = store;
    this.box = box;
    this.changes = changes;
    this.clock = clock;
  }

  /**
   * The sealed secrets of one connection.
   *
   * @param sealed at least one of them with another key than was asked for
   */
  public record Stale(ConnectionId connection, List<String> sealed) {}

  /**
   * Some of what is sealed with another key.
   *
   * @param next where the next page begins; empty if there is none
   */
  public record Page(List<Stale> connections, String next) {}

  /**
   * Returns connections with secrets that another key has sealed.
   *
   * @param from empty, or {@link Page#next}
   * @param keyId of the key that they ought to be sealed with
   * @throws IllegalArgumentException if {@code from} is anything else
   */
  public Page stale(Environment environment, String gateway, String keyId, String from) {
    List<Stale> found = new ArrayList<>();
    int characters = 0;
    ConnectionQuery all = ConnectionQuery.all().in(environment).limit(LOOKED_AT);
    List<StoredConnection> rows =
        store.listConnections(from.isEmpty() ? all : all.after(place(from)));
    for (StoredConnection row : rows) {
      List<String> sealed =
          gateway.equals(row.settings().gateway()) ? List.copyOf(sealed(row).values()) : List.of();
      if (sealed.stream().anyMatch(text -> !isUnder(keyId, text))) {
        found.add(new Stale(row.id(), sealed));
        characters += sealed.stream().mapToInt(String::length).sum();
      }
      if (characters > PAGE) {
        return new Page(found, text(row));
      }
    }
    return new Page(found, rows.isEmpty() ? "" : text(rows.get(rows.size() - 1)));
  }

  private static String text(StoredConnection last) {
    return last.revision().createdAt() + " " + last.id();
  }

  /** The order is that in which connections were made. */
  private static ConnectionQuery.Place place(String from) {
    int blank = from.indexOf(' ');
    try {
      return new ConnectionQuery.Place(
          Instant.parse(from.substring(0, Math.max(blank, 0))),
          Principal.user("anybody"),
          ConnectorId.of("any"),
          ConnectionId.of(from.substring(blank + 1)));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("'from' is no place in the list of connections");
    }
  }

  private static boolean isUnder(String keyId, String sealed) {
    try {
      return SealedValue.parse(sealed).keyId().equals(keyId);
    } catch (SecretUnreadableException e) {
      return true; // Of a later version, which no member of this one could seal again.
    }
  }

  private Map<String, String> sealed(StoredConnection row) {
    try {
      Map<String, String> texts = new LinkedHashMap<>();
      box.of(row, entered(row).orElse(null))
          .entered()
          .forEach((slot, secret) -> texts.put(slot, secret.reveal()));
      return texts;
    } catch (SecretUnreadableException e) {
      log.debug("Connection {}: what its owner entered is not readable", row.id());
      return Map.of();
    }
  }

  private Optional<StoredCredential> entered(StoredConnection row) {
    return store.findCredential(row.id(), ConnectionOpener.ENTERED);
  }

  /**
   * Puts values in the place of those that are stored, if they are the same ones under another key:
   * for the same use, of the same slot and version, and all of them.
   *
   * @param sealed one for each secret of the connection
   * @return whether they were; not if somebody has changed the connection meanwhile, or all of them
   *     are under this key already
   * @throws SecretUnreadableException if one is no sealed value
   */
  public boolean replace(
      String gateway, ConnectionId connection, String keyId, List<String> sealed) {
    StoredConnection row = store.findConnection(connection).orElse(null);
    if (row == null || !gateway.equals(row.settings().gateway())) {
      return false;
    }
    Map<String, String> before = sealed(row);
    if (before.values().stream().allMatch(text -> isUnder(keyId, text))) {
      return false;
    }
    Map<String, Secret> next = new LinkedHashMap<>();
    Map<String, String> byPurpose = byPurpose(sealed, keyId);
    before.forEach(
        (slot, text) -> {
          String same = byPurpose.get(SealedValue.parse(text).purpose().toString());
          if (same != null) {
            next.put(slot, Secret.of(same));
          }
        });
    return next.keySet().equals(before.keySet()) && !next.isEmpty() && isReplaced(row, next);
  }

  private static Map<String, String> byPurpose(List<String> sealed, String keyId) {
    Map<String, String> texts = new HashMap<>();
    for (String text : sealed) {
      SealedValue value = SealedValue.parse(text);
      if (value.keyId().equals(keyId)) {
        texts.put(value.purpose().toString(), text);
      }
    }
    return texts;
  }

  private boolean isReplaced(StoredConnection row, Map<String, Secret> secrets) {
    StoredCredential entered = entered(row).orElseThrow();
    StoredConnection next = row.next(clock.instant());
    StoredCredential credential =
        box.of(row, entered)
            .with(next)
            .seal(ConnectionOpener.ENTERED, entered.version() + 1, secrets);
    boolean replaced = store.updateConnection(next, row.version(), List.of(credential));
    if (replaced) {
      changes.outdated(row.id());
    }
    return replaced;
  }
}
