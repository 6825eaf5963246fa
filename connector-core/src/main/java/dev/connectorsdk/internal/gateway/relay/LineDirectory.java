package dev.connectorsdk.internal.gateway.relay;

import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Who may hold lines, and what is known of the lines that are held. Its methods may ask a database.
 * Called by several threads at once, never by one that reads a socket.
 */
public interface LineDirectory {

  /** Returns which process of the host this is. */
  String node();

  /** Returns the processes of the host that take lines, this one included. */
  Set<String> nodes();

  /** Returns a member of a gateway; empty if there is none, or not any more. */
  Optional<LineMember> member(String gateway, String member);

  /** Returns whether a gateway has members that may carry requests, connected or not. */
  boolean hasMembers(String gateway);

  /**
   * Answers what a peer asks.
   *
   * @throws dev.connectorsdk.api.error.ConnectorException if it is refused; the peer gets its words
   * @throws IllegalArgumentException if the question is none; the peer gets its words
   */
  JsonNode control(Peer peer, String method, JsonNode arguments);

  /** What becomes of a line that is alive. */
  enum Standing {
    /** It goes on. */
    GOES_ON,
    /** Another process shows the same key: the peer has to give a sign of life. */
    CLAIMED,
    /** Another process has the key by now, for nobody answered for this line: it ends. */
    REPLACED
  }

  /**
   * Lets a process of a member use its key, or says who does. May wait for some seconds until other
   * processes of the host have answered.
   *
   * @param facts of the line that is to be opened
   * @return where the process of the member is that goes on in its place; empty if there is none
   * @throws dev.connectorsdk.api.error.ConnectorException if that is not known yet; the peer may
   *     dial again
   */
  Optional<String> holder(LineMember member, LineFacts facts);

  /**
   * A process was refused at once, for another one uses the same key.
   *
   * @param address where it came from
   */
  void copied(LineMember member, String address);

  /** A member's line was opened at this process. */
  void opened(LineMember member, LineFacts facts);

  /** A line that was opened is still alive. Told every few seconds. */
  Standing seen(LineMember member, LineFacts facts);

  /** The peer of a line that another process {@linkplain Standing#CLAIMED claims} is alive. */
  void alive(LineMember member, LineFacts facts);

  /** A line that was opened has ended. May be told twice, and once before it is opened. */
  void closed(LineMember member, LineFacts facts, String why);

  /** Looks after members that have no line. Called every few seconds. */
  void look();

  /**
   * Ends what is under way for whoever may not use a gateway any more. Called every few seconds.
   */
  void endUnpermitted();
}
