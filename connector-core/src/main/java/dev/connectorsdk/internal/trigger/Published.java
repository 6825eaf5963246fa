package dev.connectorsdk.internal.trigger;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.webhook.KeySource;
import dev.connectorsdk.api.webhook.Signature;
import dev.connectorsdk.api.webhook.Signature.Algorithm;
import dev.connectorsdk.internal.connection.RuntimeServices;
import dev.connectorsdk.internal.http.Destinations;
import dev.connectorsdk.internal.http.Endpoint;
import dev.connectorsdk.internal.http.EndpointGate;
import dev.connectorsdk.internal.http.ServiceUrl;
import dev.connectorsdk.internal.http.Transport;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * Fetches what services publish, public keys most of all, by https and without credentials, and
 * keeps keys for a while. Whoever sends deliveries decides neither how often that happens nor for
 * how long. Safe for several threads.
 */
final class Published {

  private static final int MOST_KEPT = 100;
  private static final int MOST_IN_A_MINUTE = 60;

  private static final ConnectionId NAME = ConnectionId.of("published");
  private static final ConnectorId OWNER = ConnectorId.of("webhooks");

  private final Transport transport;
  private final Clock clock;
  private final Guard fetches;
  private final Cache<URI, KeptKeys> published = cache();
  private final Cache<Asked, KeptKeys> asked = cache();

  /**
   * @param guard counts what is fetched for each receiver
   */
  Published(RuntimeServices services, Guard guard) {
    this.transport = services.transport();
    this.clock = services.clock();
    this.fetches = guard;
  }

  private static <K> Cache<K, KeptKeys> cache() {
    return Caffeine.newBuilder().maximumSize(MOST_KEPT).executor(Runnable::run).build();
  }

  /**
   * Who gets deliveries, for which something is fetched.
   *
   * @param name none of whom uses up what others may fetch
   * @param endpoints what data policies say about where that may be
   */
  record Recipient(String name, EndpointGate endpoints) {}

  /**
   * Returns the keys for deliveries that are signed so. What is not where the signature says that
   * keys are is subject to the host's address policy.
   */
  KeySource declaredBy(Signature signature, Recipient recipient) {
    return (location, keyId) ->
        published
            .get(location, at -> new KeptKeys(clock))
            .get(keyId, () -> fetchKeys(signature, location, recipient));
  }

  /** Code may have a form of its own for keys. */
  private String fetchKeys(Signature signature, URI location, Recipient recipient)
      throws IOException {
    String text = fetch(location, !location.equals(signature.keySet()), recipient);
    return signature.algorithm() == Algorithm.CODE ? text : KeptKeys.requireKeys(text);
  }

  /** Which key is meant that the service gives to one connection. */
  private record Asked(String connection, @Nullable String keyId) {}

  /** Returns the keys that a service gives to a connection. */
  KeySource askedFor(String connection, Ask ask) {
    return (location, keyId) ->
        asked
            .get(new Asked(connection, keyId), at -> new KeptKeys(clock))
            .get(keyId, () -> asked(connection, keyId, ask));
  }

  /** How a service is asked for a key. */
  interface Ask {
    String key(String keyId) throws Exception;
  }

  private String asked(String connection, @Nullable String keyId, Ask ask) throws Exception {
    if (keyId == null) {
      throw new IOException("No key is named");
    }
    requireFew(connection);
    return KeptKeys.requireKeys(ask.key(keyId));
  }

  private void requireFew(String receiver) throws IOException {
    if (fetches.count("published " + receiver, 1) > MOST_IN_A_MINUTE) {
      throw new KeptKeys.TooMuchException();
    }
  }

  /** Asks for a URL that a service names. */
  void open(URI url, Recipient recipient) throws IOException {
    fetch(url, true, recipient);
  }

  private String fetch(URI location, boolean chosenByOthers, Recipient recipient)
      throws IOException {
    HttpUrl url = HttpUrl.get(location);
    if (url == null || !url.isHttps()) {
      throw new IOException("Only https URLs are asked for");
    }
    requireFew(recipient.name());
    HttpUrl origin = url.newBuilder().encodedPath("/").query(null).build();
    var endpoint =
        new Endpoint(
            NAME,
            OWNER,
            Destinations.of(new ServiceUrl(origin, chosenByOthers, !chosenByOthers), List.of()),
            null,
            transport.clients(NAME, null),
            null,
            recipient.endpoints());
    return transport
        .openForTokens(endpoint, KeptKeys.LONGEST_FETCH)
        .callEncoded("GET", url.toString())
        .send()
        .text();
  }
}
