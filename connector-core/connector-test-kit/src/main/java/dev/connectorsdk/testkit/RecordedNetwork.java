package dev.connectorsdk.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A network that answers as a service has answered before, or, while it records, the service
 * itself. {@code this} guards all that changes.
 */
final class RecordedNetwork implements Interceptor {

  /** Records again if it is {@code true}. */
  static final String SWITCH = "connectorsdk.record";

  private final Path file;
  private final boolean records;
  private final Set<String> held;
  private final KnownSecrets secrets;
  private final List<RecordedExchange> exchanges = new ArrayList<>();
  private final Set<Integer> used = new TreeSet<>();
  private final List<String> unclean = new ArrayList<>();
  private @Nullable AssertionError unmatched;

  private RecordedNetwork(Path file, Set<String> held, boolean records) {
    this.file = file;
    this.held = Set.copyOf(held);
    this.secrets = new KnownSecrets(held);
    this.records = records;
  }

  /**
   * Opens a recording.
   *
   * @param held secrets that the runtime has from the start
   * @throws IllegalStateException if there is none and nothing is to be recorded
   */
  static RecordedNetwork of(Path file, Set<String> held) {
    return Boolean.getBoolean(SWITCH) ? recording(file, held) : replaying(file, held);
  }

  static RecordedNetwork recording(Path file, Set<String> held) {
    return new RecordedNetwork(file, held, true);
  }

  static RecordedNetwork replaying(Path file, Set<String> held) {
    RecordedNetwork network = new RecordedNetwork(file, held, false);
    network.read();
    return network;
  }

  private synchronized void read() {
    try {
      JsonNode all = JsonMapper.shared().readTree(Files.readString(file));
      all.path("exchanges").forEach(one -> exchanges.add(RecordedExchange.of(one)));
    } catch (IOException e) {
      throw new IllegalStateException(
          "There is no recording " + file + ". Record one with -D" + SWITCH + "=true", e);
    }
  }

  OkHttpClient client() {
    return new OkHttpClient.Builder().addInterceptor(this).build();
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    return records ? record(chain) : replay(chain.request());
  }

  private Response record(Chain chain) throws IOException {
    // Whatever is packed could not be looked at.
    Request request = chain.request().newBuilder().header("Accept-Encoding", "identity").build();
    byte[] sent = bytes(request.body());
    Response response = chain.proceed(request);
    byte[] got = response.body().bytes();
    keep(request, sent, response, got);
    return response
        .newBuilder()
        .body(ResponseBody.create(got, response.body().contentType()))
        .build();
  }

  private static byte[] bytes(@Nullable RequestBody body) throws IOException {
    if (body == null) {
      return new byte[0];
    }
    Buffer buffer = new Buffer();
    body.writeTo(buffer);
    return buffer.readByteArray();
  }

  private synchronized void keep(Request request, byte[] sent, Response response, byte[] got) {
    String requestBody = RecordedExchange.text(sent);
    boolean isClean = learn(request, requestBody);
    response
        .headers("Set-Cookie")
        .forEach(cookie -> secrets.header("cookie", cookie.split(";", 2)[0]));
    String responseBody = RecordedExchange.text(got);
    if (requestBody == null
        || responseBody == null
        || response.header("Content-Encoding") != null
        || !isClean
        || !secrets.body(String.valueOf(response.header("Content-Type")), responseBody)) {
      unclean.add(request.method() + " " + request.url().encodedPath());
      return;
    }
    Map<String, String> headers = new LinkedHashMap<>();
    for (String name : RecordedExchange.KEPT) {
      String value = response.header(name);
      if (value != null) {
        headers.put(name, value);
      }
    }
    exchanges.add(
        new RecordedExchange(
            request.method(),
            request.url().toString(),
            type(request),
            requestBody,
            response.code(),
            headers,
            responseBody));
  }

  private static String type(Request request) {
    RequestBody body = request.body();
    MediaType type = body == null ? null : body.contentType();
    String header = request.header("Content-Type");
    return header != null ? header : type == null ? "" : type.toString();
  }

  /** Returns whether secrets can be found in the body. */
  private boolean learn(Request request, @Nullable String body) {
    request.headers().forEach(header -> secrets.header(header.getFirst(), header.getSecond()));
    secrets.text(request.url().toString());
    return body != null && secrets.body(type(request), body);
  }

  private synchronized Response replay(Request request) throws IOException {
    String body = String.valueOf(RecordedExchange.text(bytes(request.body())));
    learn(request, body);
    Redaction redaction = secrets.redaction();
    String wanted =
        RecordedExchange.key(
            redaction, request.method(), request.url().toString(), type(request), body);
    int last = -1;
    for (int i = 0; i < exchanges.size(); i++) {
      if (key(redaction, exchanges.get(i)).equals(wanted)) {
        last = i;
        if (used.add(i)) {
          break;
        }
      }
    }
    if (last < 0) {
      unmatched = new AssertionError(nearest(redaction, wanted));
      throw unmatched;
    }
    RecordedExchange exchange = exchanges.get(last);
    Response.Builder response =
        new Response.Builder()
            .request(request)
            .protocol(Protocol.HTTP_1_1)
            .code(exchange.status())
            .message("recorded")
            .body(
                ResponseBody.create(
                    exchange.responseBody().getBytes(UTF_8),
                    MediaType.parse(exchange.headers().getOrDefault("Content-Type", ""))));
    exchange.headers().forEach(response::header);
    return response.build();
  }

  private static String key(Redaction redaction, RecordedExchange exchange) {
    return RecordedExchange.key(
        redaction,
        exchange.method(),
        exchange.url(),
        exchange.requestType(),
        exchange.requestBody());
  }

  /** Names the recorded request that begins like the wanted one for longest. */
  private String nearest(Redaction redaction, String wanted) {
    String nearest = "";
    int most = -1;
    for (RecordedExchange exchange : exchanges) {
      String key = key(redaction, exchange);
      int same = 0;
      while (same < Math.min(key.length(), wanted.length())
          && key.charAt(same) == wanted.charAt(same)) {
        same++;
      }
      if (same > most) {
        most = same;
        nearest = key;
      }
    }
    return "The recording "
        + file
        + " has no such request:\n"
        + wanted
        + "\nThe nearest one is\n"
        + nearest
        + "\nRecord again with -D"
        + SWITCH
        + "=true, if the connector is right";
  }

  /**
   * Ends the session: fails if a request was not in the recording, or writes what was recorded.
   *
   * @param hasSucceeded whether the test did; what one recorded that did not is not written
   * @throws AssertionError if something cannot be cleaned of secrets; then nothing is written
   */
  synchronized void end(boolean hasSucceeded) {
    if (unmatched != null) {
      throw unmatched;
    }
    if (!records || !hasSucceeded) {
      return;
    }
    Redaction redaction = secrets.redaction();
    if (!unclean.isEmpty()) {
      throw new AssertionError(
          "Nothing is recorded: secrets may be in what is neither JSON nor a form, and nobody sees"
              + " them: "
              + unclean.stream().map(redaction::text).toList());
    }
    if (held.stream().anyMatch(secret -> secret.length() < Redaction.SHORTEST)) {
      throw new AssertionError(
          "Nothing is recorded: a secret that is shorter than "
              + Redaction.SHORTEST
              + " characters cannot be told from other text");
    }
    ObjectNode all = JsonNodeFactory.instance.objectNode();
    var list = all.putArray("exchanges");
    exchanges.forEach(exchange -> list.add(exchange.toJson(redaction)));
    String text = JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(all);
    if (redaction.leaves(text)) {
      throw new AssertionError(
          "Nothing is recorded: a secret would be left, in a form that cannot be taken out");
    }
    try {
      Path folder = file.toAbsolutePath().getParent();
      Files.createDirectories(folder);
      Path beside = file.resolveSibling(file.getFileName() + ".part");
      Files.writeString(beside, text + "\n");
      Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new AssertionError("Nothing is recorded: " + file + " cannot be written", e);
    }
  }
}
