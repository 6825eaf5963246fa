package dev.connectorsdk.definition;

import java.util.ArrayList;
import java.util.List;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;

/** A network that gives one answer to everything and remembers what was sent. */
final class RecordingNetwork {

  private final List<Request> sent = new ArrayList<>();
  private final OkHttpClient client;

  RecordingNetwork(String json) {
    client =
        new OkHttpClient.Builder()
            .addInterceptor(
                chain -> {
                  sent.add(chain.request());
                  return new Response.Builder()
                      .request(chain.request())
                      .protocol(Protocol.HTTP_1_1)
                      .code(200)
                      .message("OK")
                      .body(ResponseBody.create(json, MediaType.get("application/json")))
                      .build();
                })
            .build();
  }

  OkHttpClient client() {
    return client;
  }

  /** Returns what was sent since it was last cleared. */
  List<Request> sent() {
    return sent;
  }
}
