package dev.connectorsdk.benchmark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.BufferedSink;
import okio.Okio;

/** A service without a network: takes every request as it would be sent and answers the same. */
final class CannedService implements Interceptor {

  static final String BASE_URL = "https://tickets.example.com/api/v2";
  static final String KEY_HEADER = "X-Api-Key";
  static final String KEY = "k-3f9a1c7e5d2b48609c1e";

  private static final MediaType JSON = MediaType.get("application/json");
  private static final byte[] TICKET =
      """
      {"id":"T-20481","title":"Printer on the third floor is on fire","status":"open",\
      "priority":2,"reporter":{"id":"u-117","name":"Ada Lovelace"},\
      "assignee":{"id":"u-42","name":"Grace Hopper"},"tags":["printer","fire","third-floor"],\
      "description":"It began to smoke around noon. The sprinklers did not start, and somebody \
      should have a look before the weekend.","createdAt":"2025-11-03T12:04:31Z",\
      "updatedAt":"2025-11-03T12:41:07Z","commentCount":14,"locked":false,\
      "url":"https://tickets.example.com/browse/T-20481"}
      """
          .strip()
          .getBytes(StandardCharsets.UTF_8);

  private CannedService() {}

  static byte[] ticket() {
    return TICKET.clone();
  }

  static OkHttpClient client() {
    return new OkHttpClient.Builder().addInterceptor(new CannedService()).build();
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    if (!KEY.equals(chain.request().header(KEY_HEADER))) {
      throw new IOException("Not authenticated");
    }
    RequestBody body = chain.request().body();
    if (body != null) {
      try (BufferedSink sink = Okio.buffer(Okio.blackhole())) {
        body.writeTo(sink);
      }
    }
    return new Response.Builder()
        .request(chain.request())
        .protocol(Protocol.HTTP_1_1)
        .code(200)
        .message("OK")
        .header("Content-Type", "application/json")
        .body(ResponseBody.create(TICKET, JSON))
        .build();
  }
}
