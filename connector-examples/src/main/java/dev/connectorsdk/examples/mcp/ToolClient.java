package dev.connectorsdk.examples.mcp;

import java.net.URI;
import java.time.Duration;

/** What the program of the agent can do for a tool during a call. */
public interface ToolClient {

  /** What a person has said to a question. */
  enum Reply {
    YES,
    NO,
    /** Nobody has said anything in time. */
    NONE
  }

  /** Returns whether a person can be asked. */
  boolean asksPeople();

  /**
   * Asks a person, and waits for the reply.
   *
   * @param atMost how long; the program may give up earlier
   */
  Reply ask(String question, Duration atMost);

  /** Returns whether links can be opened for a person, unseen by the agent. */
  boolean opensLinks();

  /**
   * Has the person open a link. It says nothing about what the person does there.
   *
   * @param atMost how long to wait until it is open; the program may give up earlier
   */
  Reply open(String reason, URI link, Duration atMost);

  /** Returns whether it wants to hear of progress. */
  boolean hearsProgress();

  /**
   * Tells it that the call goes on.
   *
   * @param step how often it was told so, this time included
   */
  void progress(int step);

  /** Returns one that can do nothing. */
  static ToolClient plain() {
    return PlainClient.INSTANCE;
  }
}
