package dev.connectorsdk.internal.gateway.relay;

import dev.connectorsdk.internal.gateway.line.LineSettings;
import java.time.Clock;
import java.time.Duration;
import java.util.random.RandomGenerator;
import tools.jackson.databind.json.JsonMapper;

/**
 * How a relay keeps its lines.
 *
 * @param line what lines have in common
 * @param greeting how long a peer may take to say who it is
 * @param ping how long a line may take to answer when another process shows the same key
 * @param challenge how often whoever holds a line has to prove its key again
 * @param watch how often it is looked whether a member is still one
 * @param patience how long a request waits for a line where the last one has just ended, or this
 *     process has just begun; counted from then
 */
public record RelaySettings(
    LineSettings line,
    Duration greeting,
    Duration ping,
    Duration challenge,
    Duration watch,
    Duration patience,
    JsonMapper mapper,
    Clock clock,
    RandomGenerator random) {

  /** Returns settings with the usual times. */
  public static RelaySettings standard(
      LineSettings line, JsonMapper mapper, Clock clock, RandomGenerator random) {
    return new RelaySettings(
        line,
        Duration.ofSeconds(10),
        Duration.ofSeconds(2),
        Duration.ofMinutes(1),
        Duration.ofSeconds(2),
        Duration.ofSeconds(10),
        mapper,
        clock,
        random);
  }
}
