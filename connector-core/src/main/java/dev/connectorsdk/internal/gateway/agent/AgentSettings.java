package dev.connectorsdk.internal.gateway.agent;

import com.nimbusds.jose.jwk.ECKey;
import dev.connectorsdk.internal.gateway.line.LineSettings;
import java.time.Clock;
import java.util.random.RandomGenerator;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import tools.jackson.databind.json.JsonMapper;

/**
 * Who dials, and where.
 *
 * @param address of the host's endpoint for gateways, https, or http for wss and ws
 * @param client whose proxy and trust count, and nothing else
 * @param who this is
 */
public record AgentSettings(
    HttpUrl address,
    OkHttpClient client,
    Identity who,
    LineSettings line,
    JsonMapper mapper,
    Clock clock,
    RandomGenerator random) {

  /**
   * Who this is.
   *
   * @param gateway empty before it belongs to one
   * @param member empty before it is one
   * @param key what it proves that with: P-256, with its private part
   * @param version of the software
   * @param instance of this process alone
   */
  public record Identity(
      String gateway, String member, ECKey key, String version, String instance) {}
}
