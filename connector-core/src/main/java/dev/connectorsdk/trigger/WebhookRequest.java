package dev.connectorsdk.trigger;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request at a callback URL, as the host's web server has received it: before anything has read
 * the body, unpacked it, or parsed the form in it.
 *
 * @param method the HTTP method
 * @param path the path as it was sent, undecoded; what a proxy in front has taken away from its
 *     beginning does not matter
 * @param query the query as it was sent, undecoded, or {@code null} if there was none
 * @param headers by name, in any case, each with its values in order
 * @param body the bytes as received; read up to the limit, and not closed. Whoever makes it sees to
 *     it that reading fails if nothing comes for a while
 */
public record WebhookRequest(
    String method,
    String path,
    @Nullable String query,
    Map<String, List<String>> headers,
    InputStream body) {

  public WebhookRequest {
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(body, "body");
    Map<String, List<String>> byName = new HashMap<>();
    headers.forEach(
        (name, values) ->
            byName
                .computeIfAbsent(name.toLowerCase(Locale.ROOT), none -> new ArrayList<>())
                .addAll(values));
    byName.replaceAll((name, values) -> List.copyOf(values));
    headers = Map.copyOf(byName);
  }

  /** Returns the method alone: the rest may hold signatures and tokens, the path among them. */
  @Override
  public String toString() {
    return "WebhookRequest[" + method + "]";
  }
}
