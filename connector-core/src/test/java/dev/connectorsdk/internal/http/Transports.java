package dev.connectorsdk.internal.http;

import dev.connectorsdk.http.AddressPolicy;
import dev.connectorsdk.http.HttpLimits;
import dev.connectorsdk.internal.audit.Auditor;
import dev.connectorsdk.internal.event.EventHub;
import dev.connectorsdk.internal.observation.Observations;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Transports of tests, without a runtime. */
public final class Transports {

  private Transports() {}

  /**
   * Returns one that goes anywhere, by the names and the trust of a client.
   *
   * @param client {@code null} for one of the transport's own
   */
  public static Transport of(@Nullable OkHttpClient client, Clock clock) {
    return of(client, clock, Observations.NONE);
  }

  /** Returns one that also says what it sends. */
  public static Transport of(
      @Nullable OkHttpClient client, Clock clock, Observations observations) {
    return new Transport(
        new HttpSettings(
            client,
            AddressPolicy.allowAll(),
            HttpLimits.standard(),
            HttpLimits.forTokens(),
            null,
            null),
        JsonMapper.shared(),
        clock,
        new SecureRandom(),
        pause -> TimeUnit.NANOSECONDS.sleep(pause.toNanos()),
        new EventHub(Auditor.none(clock), List.of()),
        observations);
  }
}
