package dev.connectorsdk.internal.gateway.seal;

import dev.connectorsdk.api.error.SecretUnreadableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Seals again, with the gateway's present key, what was sealed with a former one: for the same use,
 * and only what this member would use. The host passes the values on, and opens none. What was done
 * before a sudden end stays done. One thread at a time does it.
 */
public final class Resealing {

  private static final Logger log = LoggerFactory.getLogger(Resealing.class);

  /** Asks for values that another key than the present one has sealed. */
  public static final String STALE = "stale";

  /** Hands the values of a connection back, sealed with the present key. */
  public static final String RESEALED = "resealed";

  /** Of a hundred connections or so each. */
  private static final int MOST_PAGES = 100_000;

  private final Membership membership;
  private final MemberKeys keys;
  private final SeenVersions seen;
  private final Membership.Host host;
  private int foundNothing; // guarded by this

  public Resealing(
      Membership membership, MemberKeys keys, SeenVersions seen, Membership.Host host) {
    this.membership = membership;
    this.keys = keys;
    this.seen = seen;
    this.host = host;
  }

  /**
   * What was done.
   *
   * @param sealed how many connections have secrets that were sealed again
   * @param left the ids of those whose secrets this member does not open, or would not use: these
   *     have to be entered again
   */
  public record Outcome(int sealed, Set<String> left) {

    public Outcome {
      left = Set.copyOf(left);
    }
  }

  /**
   * Goes through all connections of the gateway once. If it finds nothing that it could seal again,
   * twice in a row, the member forgets its former keys, for good: what processes of the host still
   * know of a connection is older than what is stored.
   *
   * @throws SecretUnreadableException if this member does not have the gateway's present key
   */
  public synchronized Outcome run() {
    SealingKey present = membership.present();
    Set<String> left = new TreeSet<>();
    int found = 0;
    int replaced = 0;
    String from = "";
    int pages = 0;
    do {
      if (++pages > MOST_PAGES) {
        throw new SecretUnreadableException(
            "The host shows more than " + MOST_PAGES + " pages of connections, without an end.");
      }
      JsonNode page = host.ask(STALE, arguments(present).put("from", from));
      for (JsonNode connection : page.path("connections")) {
        String id = RequiredText.of(connection, "connection");
        Optional<List<String>> sealed = sealedAgain(id, connection.path("sealed"), present);
        if (sealed.isEmpty()) {
          left.add(id);
        } else {
          found++;
          replaced += isTaken(id, sealed.get(), present) ? 1 : 0;
        }
      }
      from = page.path("next").asString("");
    } while (!from.isEmpty() && !Thread.currentThread().isInterrupted());
    foundNothing = found == 0 && from.isEmpty() ? foundNothing + 1 : 0;
    if (foundNothing > 1) {
      keys.forgetFormer(present);
    }
    return new Outcome(replaced, left);
  }

  /** It is not if somebody has entered another secret meanwhile. */
  private boolean isTaken(String connection, List<String> sealed, SealingKey present) {
    ObjectNode asked = arguments(present).put("connection", connection);
    sealed.forEach(asked.withArray("/sealed")::add);
    return host.ask(RESEALED, asked).path("replaced").asBoolean(false);
  }

  private Optional<List<String>> sealedAgain(
      String connection, JsonNode former, SealingKey present) {
    try {
      return Optional.of(sealed(connection, former, present));
    } catch (SecretUnreadableException e) {
      log.debug("Connection {} has a secret that is not sealed again", connection, e);
      return Optional.empty();
    }
  }

  private List<String> sealed(String connection, JsonNode former, SealingKey present) {
    List<String> all = new ArrayList<>();
    for (JsonNode text : former) {
      SealedValue value = SealedValue.parse(text.asString(""));
      SealedUse use = value.purpose();
      if (!use.of().connection().value().equals(connection) || !seen.isNewest(use)) {
        throw new SecretUnreadableException(
            "What the host shows for connection '"
                + connection
                + "' belongs to another one, or is older than what this member has seen.");
      }
      SealingKey key =
          keys.sealing(value.keyId())
              .orElseThrow(
                  () ->
                      new SecretUnreadableException(
                          "This member does not have the key " + value.keyId()));
      all.add(
          value.keyId().equals(present.fingerprint())
              ? value.toString()
              : SealedValue.seal(value.open(key), present, use).toString());
    }
    return all;
  }

  private static ObjectNode arguments(SealingKey present) {
    return JsonNodeFactory.instance.objectNode().put("fingerprint", present.fingerprint());
  }
}
