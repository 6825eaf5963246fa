package dev.connectorsdk.examples.mcp;

import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities.Elicitation;
import io.modelcontextprotocol.spec.McpSchema.ElicitFormRequest;
import io.modelcontextprotocol.spec.McpSchema.ElicitRequest;
import io.modelcontextprotocol.spec.McpSchema.ElicitResult;
import io.modelcontextprotocol.spec.McpSchema.ElicitUrlRequest;
import io.modelcontextprotocol.spec.McpSchema.ProgressNotification;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The client of one session, during one call. A client that fails has said nothing: no failure of
 * it ends a call.
 */
final class SessionClient implements ToolClient {

  private final McpSyncServerExchange exchange;
  private final @Nullable Object progressToken;

  SessionClient(McpSyncServerExchange exchange, @Nullable Object progressToken) {
    this.exchange = exchange;
    this.progressToken = progressToken;
  }

  private @Nullable Elicitation elicitation() {
    ClientCapabilities capabilities = exchange.getClientCapabilities();
    return capabilities == null ? null : capabilities.elicitation();
  }

  /** A client that declares neither mode has the one that was there first. */
  @Override
  public boolean asksPeople() {
    Elicitation elicitation = elicitation();
    return elicitation != null && (elicitation.form() != null || elicitation.url() == null);
  }

  @Override
  public Reply ask(String question, Duration atMost) {
    return reply(
        new ElicitFormRequest(question, Map.of("type", "object", "properties", Map.of()), null),
        atMost);
  }

  @Override
  public boolean opensLinks() {
    Elicitation elicitation = elicitation();
    return elicitation != null && elicitation.url() != null;
  }

  @Override
  public Reply open(String reason, URI link, Duration atMost) {
    return reply(
        new ElicitUrlRequest(reason, link.toString(), UUID.randomUUID().toString(), null), atMost);
  }

  /** The session waits for each answer as long as for all others, so this is another thread's. */
  private Reply reply(ElicitRequest request, Duration atMost) {
    FutureTask<Reply> asking = new FutureTask<>(() -> reply(request));
    Thread thread = new Thread(asking, "tool-question");
    thread.setDaemon(true);
    thread.start();
    try {
      return asking.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      return Reply.NONE;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Reply.NONE;
    } finally {
      asking.cancel(true);
    }
  }

  private Reply reply(ElicitRequest request) {
    try {
      ElicitResult result = exchange.createElicitation(request);
      return switch (result.action()) {
        case ACCEPT -> Reply.YES;
        case DECLINE -> Reply.NO;
        case CANCEL -> Reply.NONE;
      };
    } catch (RuntimeException e) {
      return Reply.NONE;
    }
  }

  /** Clients complain about progress that they did not ask for. */
  @Override
  public boolean hearsProgress() {
    return progressToken != null;
  }

  @Override
  public void progress(int step) {
    Object token = progressToken;
    if (token == null) {
      return;
    }
    try {
      exchange.progressNotification(
          ProgressNotification.builder(token, step)
              .message("The service has not answered yet")
              .build());
    } catch (RuntimeException e) {
      // It hears of the next one, or of the answer.
      return;
    }
  }
}
