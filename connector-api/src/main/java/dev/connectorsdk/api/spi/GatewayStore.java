package dev.connectorsdk.api.spi;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Keeps gateways to inside networks, and which process of the host holds which of their lines. The
 * contract of {@link ConnectorStore} holds here too. No key that opens anything is among it.
 */
public interface GatewayStore {

  /**
   * A gateway as it is stored.
   *
   * @param id 1 to 100 characters, unique
   * @param version 1 for a new gateway, and one more with each change
   * @param json its members, rights and public keys as text
   */
  record StoredGateway(String id, long version, String json) {

    public StoredGateway {
      Storable.requireKey("Id of a gateway", id, 100);
      Storable.requireText("A gateway", Objects.requireNonNull(json, "json"));
    }
  }

  /**
   * A process of the host that members of gateways hold lines to.
   *
   * @param id 1 to 100 characters, made anew at each start
   * @param json which lines it holds, as text
   */
  record StoredNode(String id, String json) {

    public StoredNode {
      Storable.requireKey("Id of a node", id, 100);
      Storable.requireText("A node", Objects.requireNonNull(json, "json"));
    }
  }

  /**
   * What is known of a member of a gateway at all processes of the host.
   *
   * @param gateway id of the gateway, 1 to 100 characters
   * @param member id of the member, 1 to 100 characters, unique in the gateway
   * @param version 1 at first, and one more with each change
   * @param json which process of the member holds lines, as text
   */
  record StoredPresence(String gateway, String member, long version, String json) {

    public StoredPresence {
      Storable.requireKey("Id of a gateway", gateway, 100);
      Storable.requireKey("Id of a member", member, 100);
      Storable.requireText("A presence", Objects.requireNonNull(json, "json"));
    }
  }

  /** Returns all gateways, ordered by id as {@link String#compareTo} does. */
  List<StoredGateway> listGateways();

  /**
   * Stores a gateway.
   *
   * @param next with the version {@code expectedVersion + 1}
   * @param expectedVersion of the gateway that it replaces; 0 for a new one
   * @return {@code false}, and nothing is stored, if the stored version is another
   * @throws IllegalArgumentException if the version of {@code next} is another
   */
  boolean writeGateway(StoredGateway next, long expectedVersion);

  /**
   * Removes a gateway.
   *
   * @return {@code false} if there was none
   */
  boolean deleteGateway(String id);

  /**
   * Stores what a process has to say, which it has said now, by the clock of the store.
   *
   * @param node in place of what it said before
   */
  void writeNode(StoredNode node);

  /**
   * Returns the processes that have said something lately, ordered by id.
   *
   * @param within how long ago at most, by the clock of the store
   */
  List<StoredNode> listNodes(Duration within);

  /**
   * Forgets the processes that have said nothing for some time.
   *
   * @param longerThan how long ago it was, by the clock of the store
   */
  void forgetNodes(Duration longerThan);

  /** Forgets a process. Does nothing if it is not known. */
  void deleteNode(String id);

  /** Returns what is known of a member. */
  Optional<StoredPresence> findPresence(String gateway, String member);

  /** Returns what is known of all members, in no order. */
  List<StoredPresence> listPresences();

  /**
   * Stores what is known of a member.
   *
   * @param next with the version {@code expectedVersion + 1}
   * @param expectedVersion of what it replaces; 0 if nothing was known
   * @return {@code false}, and nothing is stored, if the stored version is another
   * @throws IllegalArgumentException if the version of {@code next} is another
   */
  boolean writePresence(StoredPresence next, long expectedVersion);

  /** Forgets a member. Does nothing if it is not known. */
  void deletePresence(String gateway, String member);
}
