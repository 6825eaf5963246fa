package dev.connectorsdk.examples.host;

import static dev.connectorsdk.examples.host.Deployment.TEAM;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.reference.Resolution;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.io.IOException;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** How a host calls a service for which the connector has no action. */
final class OtherMeans {

  private OtherMeans() {}

  // tag::other-means[]
  static String report(ConnectorRuntime runtime, Caller caller) throws IOException {
    Resolution desk = runtime.references().resolve(caller, TEAM);
    OkHttpClient client = desk.unwrap(OkHttpClient.class, "desk-report", Effect.READ);
    Request request = new Request.Builder().url(desk.baseUrl() + "/report").build();
    try (Response response = client.newCall(request).execute()) {
      return response.body().string();
    }
  }
  // end::other-means[]
}
