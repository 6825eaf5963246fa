package dev.connectorsdk.examples.mcp;

import java.net.URI;
import java.time.Duration;

/** A client that can do nothing for a tool. */
enum PlainClient implements ToolClient {
  INSTANCE;

  @Override
  public boolean asksPeople() {
    return false;
  }

  @Override
  public Reply ask(String question, Duration atMost) {
    return Reply.NONE;
  }

  @Override
  public boolean opensLinks() {
    return false;
  }

  @Override
  public Reply open(String reason, URI link, Duration atMost) {
    return Reply.NONE;
  }

  @Override
  public boolean hearsProgress() {
    return false;
  }

  @Override
  public void progress(int step) {}
}
