package dev.connectorsdk.examples.dryrun;

import dev.connectorsdk.api.Secret;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;

/**
 * Stands between the runtime and the network and lets nothing through. It keeps the first request,
 * as it would have been sent, and ends the call; requests for tokens it answers itself.
 */
public final class DryNetwork implements Interceptor {

  /** Stands for a token that was not asked for. */
  public static final Secret TOKEN = Secret.of("not-a-real-access-token");

  private final List<Pattern> tokenEndpoints;
  private volatile @Nullable Request request;

  /** Ends a call. No input or output exception, which would be taken for a reason to try again. */
  private static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Stopped() {
      super("a dry run sends nothing", null, false, false);
    }
  }

  /**
   * Returns a network that lets nothing through.
   *
   * @param tokenEndpoints templates of the URLs at which tokens are issued
   */
  public DryNetwork(List<String> tokenEndpoints) {
    this.tokenEndpoints = tokenEndpoints.stream().map(DryNetwork::pattern).toList();
  }

  private static Pattern pattern(String template) {
    String path = template.split("[?#]", 2)[0];
    return Pattern.compile(
        Arrays.stream(path.split("\\{[^{}]*}", -1))
            .map(Pattern::quote)
            .collect(Collectors.joining("[^/]*")));
  }

  @Override
  public Response intercept(Chain chain) {
    Request next = chain.request();
    String url = next.url().newBuilder().query(null).build().toString();
    if (tokenEndpoints.stream().anyMatch(endpoint -> endpoint.matcher(url).matches())) {
      return new Response.Builder()
          .request(next)
          .protocol(Protocol.HTTP_1_1)
          .code(200)
          .message("OK")
          .body(
              ResponseBody.create(
                  "{\"access_token\":\"%s\",\"token_type\":\"Bearer\",\"expires_in\":3600}"
                      .formatted(TOKEN.reveal()),
                  MediaType.get("application/json")))
          .build();
    }
    if (request == null) {
      request = next;
    }
    throw new Stopped();
  }

  /** Forgets what came before the call, such as the test of the connection. */
  public void begin() {
    request = null;
  }

  /** Returns the request that would have been sent, or {@code null} if there was none. */
  public @Nullable Request request() {
    return request;
  }
}
