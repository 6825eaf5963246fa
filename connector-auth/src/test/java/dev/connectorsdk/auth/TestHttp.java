package dev.connectorsdk.auth;

import dev.connectorsdk.api.error.CallCancelledException;
import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.api.error.ServiceException;
import dev.connectorsdk.api.error.TransportException;
import dev.connectorsdk.api.http.ConnectorHttp;
import dev.connectorsdk.api.http.HttpCall;
import dev.connectorsdk.api.http.HttpResponse;
import dev.connectorsdk.api.http.Paging;
import dev.connectorsdk.api.http.Part;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** As much of the runtime's HTTP as a token request needs, over a real client. */
final class TestHttp implements ConnectorHttp {

  private static final int MOST_BYTES = 256 * 1024;

  private final OkHttpClient client =
      new OkHttpClient.Builder()
          .connectTimeout(Duration.ofSeconds(5))
          .callTimeout(Duration.ofSeconds(20))
          .followRedirects(false)
          .retryOnConnectionFailure(false)
          .build();

  @Override
  public URI baseUrl() {
    throw new UnsupportedOperationException("Strategies use whole URLs");
  }

  @Override
  public HttpCall call(String method, String pathTemplate, Object... arguments) {
    throw new UnsupportedOperationException();
  }

  @Override
  public HttpCall callEncoded(String method, String target) {
    return new TestCall(method, target);
  }

  @Override
  public <T> T unwrap(Class<T> type) {
    return type.cast(client);
  }

  private final class TestCall implements HttpCall {
    private final Request.Builder request = new Request.Builder();
    private final String method;
    private int[] accepted = {};

    TestCall(String method, String target) {
      this.method = method;
      request.url(target);
    }

    @Override
    public HttpCall header(String name, @Nullable String value) {
      if (value != null) {
        request.header(name, value);
      }
      return this;
    }

    @Override
    public HttpCall bytes(byte[] bytes, String contentType) {
      request.method(method, RequestBody.create(bytes, MediaType.get(contentType)));
      return this;
    }

    @Override
    public HttpCall accepting(int... statuses) {
      accepted = statuses;
      return this;
    }

    @Override
    public HttpResponse send() {
      Call call = client.newCall(request.build());
      String exchange = method + " " + call.request().url().host();
      if (Thread.currentThread().isInterrupted()) {
        throw new CallCancelledException(exchange);
      }
      try {
        Response response = enqueue(call).get();
        byte[] body = response.peekBody(MOST_BYTES + 1L).bytes();
        response.close();
        if (body.length > MOST_BYTES) {
          throw new ResponseException(exchange + ": the answer is larger than 256 KiB");
        }
        TestResponse answer = new TestResponse(response, body);
        boolean welcome =
            response.isSuccessful() || Arrays.stream(accepted).anyMatch(s -> s == response.code());
        if (!welcome) {
          throw new ServiceException(
              exchange,
              response.code(),
              answer.headers(),
              answer.text(),
              retryAfter(response.header("Retry-After")));
        }
        return answer;
      } catch (InterruptedException e) {
        call.cancel();
        Thread.currentThread().interrupt();
        throw new CallCancelledException(exchange);
      } catch (ExecutionException | IOException e) {
        throw new TransportException(
            exchange, TransportException.Kind.BROKEN_OFF, true, new IOException("broken off"));
      }
    }

    private static @Nullable Duration retryAfter(@Nullable String seconds) {
      return seconds == null ? null : Duration.ofSeconds(Long.parseLong(seconds));
    }

    private CompletableFuture<Response> enqueue(Call call) {
      CompletableFuture<Response> answer = new CompletableFuture<>();
      call.enqueue(
          new Callback() {
            @Override
            public void onFailure(Call failed, IOException e) {
              answer.completeExceptionally(e);
            }

            @Override
            public void onResponse(Call answered, Response response) {
              answer.complete(response);
            }
          });
      return answer;
    }

    @Override
    public HttpCall query(String name, @Nullable Object value) {
      throw new UnsupportedOperationException();
    }

    @Override
    public HttpCall json(Object value) {
      throw new UnsupportedOperationException();
    }

    @Override
    public HttpCall form(Map<String, ?> fields) {
      throw new UnsupportedOperationException();
    }

    @Override
    public HttpCall multipart(List<Part> parts) {
      throw new UnsupportedOperationException();
    }

    @Override
    public HttpCall text(String text, String contentType) {
      throw new UnsupportedOperationException();
    }

    @Override
    public HttpCall timeout(Duration timeout) {
      return this;
    }

    @Override
    public <T> Stream<T> pages(Paging paging, String itemsPointer, Class<T> items) {
      throw new UnsupportedOperationException();
    }
  }

  private static final class TestResponse implements HttpResponse {
    private final Response response;
    private final byte[] bytes;

    TestResponse(Response response, byte[] bytes) {
      this.response = response;
      this.bytes = bytes;
    }

    @Override
    public byte[] bytes() {
      return bytes;
    }

    @Override
    public int status() {
      return response.code();
    }

    @Override
    public @Nullable String header(String name) {
      return response.header(name);
    }

    @Override
    public Map<String, List<String>> headers() {
      return response.headers().toMultimap();
    }

    @Override
    public @Nullable String contentType() {
      String type = response.header("Content-Type");
      return type == null ? null : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }

    @Override
    public <T> T as(Class<T> type) {
      return JsonMapper.shared().readValue(bytes, type);
    }

    @Override
    public <T> List<T> asList(Class<T> elements) {
      throw new UnsupportedOperationException();
    }

    @Override
    public JsonNode json() {
      return JsonMapper.shared().readTree(bytes);
    }

    @Override
    public String text() {
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }
}
