package dev.connectorsdk.examples.mcp;

import dev.connectorsdk.api.Principal;
import java.util.List;
import java.util.Optional;

/** Tools as they are served, by whatever protocol. Safe for use by several threads. */
public interface ToolSet extends AutoCloseable {

  /** Returns the tools, which stay the same as long as this object is. */
  List<Tool> all();

  /** Returns whether a tool may be listed now. */
  boolean isPermitted(String tool);

  /**
   * Calls a tool for somebody who has been authenticated. Blocks until there is an answer, for less
   * than a minute. Each failure is an answer.
   */
  ToolAnswer call(Principal caller, ToolClient client, ToolCall call);

  /** Returns what was kept of an answer to the same caller; empty if it is gone or never was. */
  Optional<KeptAnswer> read(Principal caller, String uri);

  @Override
  void close();
}
