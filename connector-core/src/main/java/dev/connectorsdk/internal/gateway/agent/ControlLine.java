package dev.connectorsdk.internal.gateway.agent;

import dev.connectorsdk.internal.gateway.line.LineStream;
import dev.connectorsdk.internal.gateway.line.Purpose;
import dev.connectorsdk.internal.gateway.line.Reset;
import dev.connectorsdk.internal.gateway.line.Reset.Reason;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.JsonNode;

/** A line that carries no requests: this side asks, and the host answers. */
public final class ControlLine implements AutoCloseable {

  private static final Duration ANSWER = Duration.ofSeconds(30);

  private final Dialling dialling;
  private final AgentLine line;

  private ControlLine(Dialling dialling, AgentLine line) {
    this.dialling = dialling;
    this.line = line;
  }

  /**
   * Opens a line.
   *
   * @param purpose to ask as the member of the settings, or to become one
   * @throws LineRefused if the host does not want it
   * @throws IOException if it failed; the message says what answered
   */
  public static ControlLine dial(AgentSettings settings, Purpose purpose)
      throws IOException, InterruptedException {
    Dialling dialling = new Dialling(settings);
    try {
      AgentLine line = dialling.dial(purpose, ControlLine::turnAway, Set.of(), Dialling.GREETING);
      return new ControlLine(dialling, line);
    } catch (IOException | InterruptedException e) {
      dialling.close();
      throw e;
    }
  }

  private static void turnAway(LineStream stream) {
    stream.end(new Reset(Reason.DRAINING, false, "this line carries no requests"));
  }

  /**
   * Asks the host, and waits for its answer.
   *
   * @throws Refused if the host says no
   * @throws IOException if no answer came
   */
  public JsonNode ask(String method, JsonNode arguments) throws IOException, InterruptedException {
    JsonNode answer;
    try {
      answer = line.ask(method, arguments).get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IOException("The line was cut before the host answered", e.getCause());
    } catch (TimeoutException e) {
      throw new IOException("The host did not answer within " + ANSWER.toSeconds() + " s");
    }
    if (answer.has("result")) {
      return answer.path("result");
    }
    if (answer.has("refused")) {
      throw new Refused(answer.path("refused").asString(""));
    }
    throw new IOException(answer.path("failed").asString("The host answered with nothing"));
  }

  @Override
  public void close() {
    line.close();
    dialling.close();
  }

  /** The host says no to a question. */
  public static final class Refused extends IOException {

    private static final long serialVersionUID = 1L;

    Refused(String words) {
      super(words);
    }
  }
}
