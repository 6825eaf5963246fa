package dev.connectorsdk.examples.mcp;

import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.ConnectorException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * More actions than can be listed, which are loaded while an agent looks at the tools that search
 * them: begun when the tools are asked for, awaited by the first call.
 */
public final class LateTools implements ToolSet {

  /** Before a call that takes up to 50 s itself. Searches take none. */
  private static final int SECONDS_BEFORE_A_CALL = 5;

  private static final int SECONDS_BEFORE_A_SEARCH = 50;

  private final Supplier<Tools> loading;
  private final CompletableFuture<Tools> tools = new CompletableFuture<>();
  private boolean begun; // guarded by tools

  private LateTools(Supplier<Tools> loading) {
    this.loading = Objects.requireNonNull(loading, "loading");
  }

  /**
   * Returns tools that search actions.
   *
   * @param loading returns the set that has the actions; called once, on a thread of its own. What
   *     it throws is what calls answer, if it is a {@link ConnectorException}
   */
  public static LateTools of(Supplier<Tools> loading) {
    return new LateTools(loading);
  }

  private void begin() {
    synchronized (tools) {
      if (begun) {
        return;
      }
      begun = true;
    }
    Thread thread = new Thread(this::load, "tools-loading");
    thread.setDaemon(true);
    thread.start();
  }

  private void load() {
    try {
      Tools loaded = loading.get();
      if (!tools.complete(loaded)) {
        loaded.close(); // this is closed already
      }
    } catch (RuntimeException | Error e) { // or calls would wait for nothing
      tools.completeExceptionally(e);
    }
  }

  @Override
  public List<Tool> all() {
    return ActionSearch.tools();
  }

  @Override
  public boolean isPermitted(String tool) {
    begin();
    return true;
  }

  @Override
  public ToolAnswer call(Principal caller, ToolClient client, ToolCall call) {
    begin();
    try {
      int seconds =
          call.tool().equals(ActionSearch.CALL) ? SECONDS_BEFORE_A_CALL : SECONDS_BEFORE_A_SEARCH;
      return tools.get(seconds, TimeUnit.SECONDS).call(caller, client, call);
    } catch (ExecutionException e) {
      return ToolAnswer.error(
          e.getCause() instanceof RuntimeException failure
              ? FailureWords.of(failure)
              : "The actions could not be loaded.");
    } catch (TimeoutException e) {
      return ToolAnswer.error("The actions are still being loaded. Call again.");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ToolAnswer.error("The actions were not loaded: the server ends.");
    }
  }

  @Override
  public Optional<KeptAnswer> read(Principal caller, String uri) {
    return tools.isDone() && !tools.isCompletedExceptionally()
        ? tools.join().read(caller, uri)
        : Optional.empty();
  }

  /** Closes the set if it is loaded, or as soon as it is. */
  @Override
  public void close() {
    if (!tools.completeExceptionally(new IllegalStateException("The tools are closed"))
        && !tools.isCompletedExceptionally()) {
      tools.join().close();
    }
  }
}
