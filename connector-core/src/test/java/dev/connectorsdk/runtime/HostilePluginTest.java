package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.ActionContext;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.auth.AuthStrategy;
import dev.connectorsdk.api.auth.CredentialVault;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.SecretCipher;
import dev.connectorsdk.connection.ConnectionSpec;
import java.io.ByteArrayOutputStream;
import java.io.ObjectOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** An action that looks for whatever is not its own, by all that a plugin can get hold of. */
class HostilePluginTest extends HostTest {

  private static final ConnectionSpec SIGN_IN = ConnectionSpec.of("tickets", "signIn");
  private static final String ADAS_TOKEN = "adas-access-token";

  /** What no plugin gets that works for Ada's first connection. */
  private static final Set<String> FORBIDDEN =
      Set.of("adas-refresh-token", "adas-other-key", "bobs-key", CLIENT.clientSecret().reveal());

  /** One way to look for it. */
  @FunctionalInterface
  private interface Way {
    Object go(ActionContext call) throws Exception;
  }

  private final Map<String, Way> ways = new LinkedHashMap<>();
  private final StringBuilder found = new StringBuilder();
  private Connection bobs;

  @Override
  Connector connector() {
    Action<Nothing, Nothing> search =
        Action.builder("search", Effect.WRITE, Nothing.class)
            .run((in, call) -> ways.forEach((name, way) -> go(name, way, call)));
    return Tickets.builder(url()).action(search).build();
  }

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    return builder.client("tickets", "signIn", CLIENT);
  }

  private void go(String name, Way way, ActionContext call) {
    found.append(name).append(": ");
    try {
      found.append(way.go(call));
    } catch (Exception | LinkageError refused) {
      StringWriter trace = new StringWriter();
      refused.printStackTrace(new PrintWriter(trace));
      found.append(trace);
    }
    found.append('\n');
  }

  @BeforeEach
  void theOnesToRob() {
    service.stubFor(any(anyUrl()).willReturn(okJson("{\"id\":\"1\",\"title\":\"T\"}")));
    service.stubFor(
        post("/token")
            .willReturn(
                okJson(
                    """
                    {"access_token":"%s","refresh_token":"adas-refresh-token","expires_in":3600}
                    """
                        .formatted(ADAS_TOKEN))));
    Connection adas = SignIns.signIn(runtime, ADA, SIGN_IN, "c");
    connect(ADA, "adas-other-key");
    bobs = connect(BOB, "bobs-key");
    runtime.references().bind(ADA, MINE, adas.id());
    service.resetRequests();
  }

  @Test
  @DisplayName(
      "H8: in twenty ways a plugin finds no refresh token and nothing of other connections")
  void aPluginSeesOnlyItsOwnConnection() {
    contexts();
    surroundings();
    inputs();
    assertThat(ways).hasSizeGreaterThanOrEqualTo(20);

    runtime.invoke(ADA, MINE, "search", Map.of());

    assertThat(ways.keySet()).allSatisfy(name -> assertThat(found).contains(name + ": "));
    assertThat(FORBIDDEN).allSatisfy(secret -> assertThat(found).doesNotContain(secret));
    for (LoggedRequest request : service.findAll(anyRequestedFor(anyUrl()))) {
      assertThat(FORBIDDEN)
          .allSatisfy(secret -> assertThat(request.toString()).doesNotContain(secret));
    }
  }

  private void contexts() {
    ways.put("the context", call -> new Walk().from(call));
    ways.put("the connection", call -> new Walk().from(call.connection()));
    ways.put("parameters", call -> call.connection().parameters());
    ways.put("the client", call -> new Walk().from(call.http()));
    ways.put("a request", call -> new Walk().from(call.http().get("/x")));
    ways.put("an answer", call -> new Walk().from(call.http().get("/x").send()));
    ways.put("the client below", call -> new Walk().from(client(call)));
    ways.put("the answer below", call -> new Walk().from(send(client(call), url() + "/x")));
    ways.put("other clients", call -> call.http().unwrap(ConnectorStore.class));
    ways.put("JSON", call -> new JsonMapper().writeValueAsString(call.connection()));
    ways.put("serialization", call -> serialized(call) + serialized(call.connection()));
    ways.put("texts", call -> call + "" + call.connection() + call.http() + call.http().get("/x"));
  }

  private void surroundings() {
    ways.put("services", call -> services());
    ways.put(
        "public fields", call -> fields(call) + fields(call.connection()) + fields(call.http()));
    ways.put("thread locals", call -> threadLocals());
    ways.put("system properties", call -> System.getProperties() + "" + System.getenv());
    ways.put("names of threads", call -> Thread.getAllStackTraces().keySet());
    ways.put("failures", call -> call.http().get("/x").header("X", "\n").send());
    ways.put("failures of hosts", call -> call.http().callEncoded("GET", "https://a.test/").send());
  }

  private void inputs() {
    ways.put("another's id in a path", call -> call.http().get("/{c}", bobs.id()).send().text());
    ways.put(
        "another's id in a header",
        call -> call.http().get("/x").header("X-Connection", bobs.id().value()).send().text());
    ways.put(
        "another's id in a query",
        call -> call.http().get("/x").query("connection", bobs.id()).send().text());
    ways.put("the token endpoint", call -> call.http().post("/token").send().status());
  }

  private static OkHttpClient client(ActionContext call) {
    return call.http().unwrap(OkHttpClient.class);
  }

  private static Response send(OkHttpClient client, String url) throws Exception {
    try (Response response = client.newCall(new Request.Builder().url(url).build()).execute()) {
      return response;
    }
  }

  private static String serialized(Object object) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new ObjectOutputStream(bytes).writeObject(object);
    return bytes.toString(java.nio.charset.StandardCharsets.ISO_8859_1);
  }

  private static String services() {
    Set<String> services = new TreeSet<>();
    ServiceLoader.load(ConnectorStore.class).forEach(s -> services.add(s.toString()));
    ServiceLoader.load(SecretCipher.class).forEach(s -> services.add(s.toString()));
    ServiceLoader.load(CredentialVault.class).forEach(s -> services.add(s.toString()));
    ServiceLoader.load(AuthStrategy.class).forEach(s -> services.add(s.toString()));
    assertThat(services).isEmpty();
    return "none";
  }

  private static String fields(Object object) throws Exception {
    StringBuilder fields = new StringBuilder();
    for (Field field : object.getClass().getFields()) {
      fields.append(field.get(object));
    }
    return fields.toString();
  }

  private static String threadLocals() throws Exception {
    Field locals = Thread.class.getDeclaredField("threadLocals");
    locals.setAccessible(true);
    return String.valueOf(locals.get(Thread.currentThread()));
  }

  /** Follows all that public types of the API and of OkHttp give away without being asked more. */
  private static final class Walk {

    private static final int DEPTH = 5;
    private static final Set<String> HARMFUL =
        Set.of("send", "clone", "getClass", "notify", "wait");

    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final StringBuilder texts = new StringBuilder();

    String from(Object start) {
      walk(start, DEPTH);
      return texts.toString().replace('\n', ' ');
    }

    private void walk(Object object, int depth) {
      if (object == null || depth == 0 || !seen.add(object)) {
        return;
      }
      texts.append(object).append(' ');
      if (object instanceof Iterable<?> many) {
        many.forEach(one -> walk(one, depth - 1));
      } else if (object instanceof Map<?, ?> map) {
        map.forEach((key, value) -> texts.append(key).append('=').append(value).append(' '));
      } else if (object instanceof Optional<?> maybe) {
        maybe.ifPresent(one -> walk(one, depth - 1));
      } else {
        publicTypes(
                object.getClass(), new TreeSet<>(java.util.Comparator.comparing(Class::getName)))
            .forEach(type -> call(type, object, depth));
      }
    }

    private static Set<Class<?>> publicTypes(Class<?> type, Set<Class<?>> found) {
      String name = type.getName();
      boolean ofTheApi = name.startsWith("dev.connectorsdk.api.") && !name.contains(".internal.");
      if (Modifier.isPublic(type.getModifiers()) && (ofTheApi || name.startsWith("okhttp3."))) {
        found.add(type);
      }
      for (Class<?> each : type.getInterfaces()) {
        publicTypes(each, found);
      }
      if (type.getSuperclass() != null) {
        publicTypes(type.getSuperclass(), found);
      }
      return found;
    }

    private void call(Class<?> type, Object object, int depth) {
      for (Method method : type.getMethods()) {
        if (method.getParameterCount() == 0
            && !Modifier.isStatic(method.getModifiers())
            && method.getReturnType() != void.class
            && !HARMFUL.contains(method.getName())) {
          try {
            walk(method.invoke(object), depth - 1);
          } catch (ReflectiveOperationException | RuntimeException refused) {
            texts.append(refused).append(' ').append(refused.getCause()).append(' ');
          }
        }
      }
    }
  }
}
