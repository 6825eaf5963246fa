package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.TransportException;
import dev.connectorsdk.connection.ConnectionSpec;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.net.SocketFactory;
import okhttp3.Cache;
import okhttp3.Call;
import okhttp3.CertificatePinner;
import okhttp3.ConnectionPool;
import okhttp3.Cookie;
import okhttp3.CookieJar;
import okhttp3.Dispatcher;
import okhttp3.EventListener;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.TlsVersion;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.StringNode;

/** What a plugin or a host adds to a client that it unwrapped. */
@Tag("H8")
class UnwrappedAdditionsTest extends HostTest {

  private static final String SECRET = "s3cret-canary";

  @TempDir static Path temp;

  /** Whose client it is. */
  enum Whose {
    PLUGIN,
    HOST
  }

  /** What the plugin or the host does with its client. */
  interface Use {
    String with(OkHttpClient client) throws IOException;
  }

  private Use use = client -> "";

  @Override
  Connector connector() {
    return Tickets.builder(url())
        .additionalOrigin(otherOrigin())
        .action(
            Action.builder("use", Effect.WRITE, String.class, String.class)
                .run((in, call) -> use.with(call.http().unwrap(OkHttpClient.class))))
        .build();
  }

  private String otherOrigin() {
    return "http://127.0.0.1:" + service.port();
  }

  private String run(Whose whose, Use use) {
    this.use = use;
    if (whose == Whose.PLUGIN) {
      Action<?, ?> action = runtime.connector(ADA, MINE.connector()).action("use").orElseThrow();
      return runtime.invoke(ADA, MINE, action.id(), StringNode.valueOf("")).asString();
    }
    try {
      return use.with(
          runtime.references().resolve(ADA, MINE).unwrap(OkHttpClient.class, "x", Effect.WRITE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String get(OkHttpClient client) throws IOException {
    Request request = new Request.Builder().url(url() + "/x").header("X-Own", "1").build();
    try (Response response = client.newCall(request).execute()) {
      seen.add(text(response));
      return response.body().string();
    }
  }

  private final List<String> seen = new CopyOnWriteArrayList<>();

  private static String text(Request request) {
    return request.method() + request.url() + request.headers().toMultimap();
  }

  private static String text(Response response) {
    StringBuilder text = new StringBuilder(response.headers().toMultimap() + "" + response);
    for (Response r = response; r != null; r = r.networkResponse()) {
      text.append(text(r.request()));
      if (r.priorResponse() != null) {
        text.append(text(r.priorResponse().request()));
      }
    }
    return text.toString();
  }

  private void connectWith(String option) {
    ConnectionSpec spec = ConnectionSpec.of("tickets", option);
    Secret secret = Secret.of(SECRET);
    runtime
        .connections()
        .create(
            ADA,
            option.equals("bearer")
                ? spec.secret("token", secret)
                : spec.secret("api_key", secret));
    service.stubFor(any(anyUrl()).willReturn(okJson("\"fine\"")));
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("E4: what a library authenticates with by itself stays at its origin")
  void whatALibraryAuthenticatesWithStaysAtItsOrigin(Whose whose) {
    connectWith("apiKey");
    service.stubFor(
        WireMock.get("/x").willReturn(aResponse().withStatus(302).withHeader("Location", "/same")));
    service.stubFor(
        WireMock.get("/same")
            .willReturn(
                aResponse().withStatus(302).withHeader("Location", otherOrigin() + "/other")));

    run(
        whose,
        client -> {
          Request request =
              new Request.Builder()
                  .url(url() + "/x")
                  .header("Authorization", "Bearer own")
                  .header("Cookie", "own=1")
                  .build();
          OkHttpClient following = client.newBuilder().followRedirects(true).build();
          try (Response response = following.newCall(request).execute()) {
            return response.body().string();
          }
        });

    service.verify(
        1, getRequestedFor(urlEqualTo("/same")).withHeader("Authorization", equalTo("Bearer own")));
    service.verify(
        1,
        getRequestedFor(urlEqualTo("/other"))
            .withoutHeader("Authorization")
            .withoutHeader("Cookie"));
  }

  private void nobodySawTheSecret() {
    assertThat(seen).isNotEmpty().noneMatch(text -> text.contains(SECRET));
  }

  private LoggedRequest arrived() {
    List<LoggedRequest> all = service.findAll(anyRequestedFor(urlPathEqualTo("/x")));
    assertThat(all).hasSize(1);
    return all.get(0);
  }

  static Stream<List<Object>> credentials() {
    return Stream.of(Whose.values())
        .flatMap(
            whose ->
                Stream.of("apiKey", "queryKey", "bearer").map(option -> List.of(whose, option)));
  }

  @ParameterizedTest
  @MethodSource("credentials")
  @DisplayName("H8: application interceptors get their turn, in order, and see no credential")
  void applicationInterceptorsSeeNoCredential(List<Object> credential) {
    connectWith((String) credential.get(1));
    List<String> order = new ArrayList<>();

    String answer =
        run(
            (Whose) credential.get(0),
            client -> {
              OkHttpClient.Builder changed = client.newBuilder();
              changed.interceptors().add(0, watching("first", order));
              changed.addInterceptor(watching("second", order));
              changed.addInterceptor(watching("third", order));
              return get(changed.build());
            });

    assertThat(answer).isEqualTo("\"fine\"");
    assertThat(order).containsExactly("first", "second", "third", "-third", "-second", "-first");
    nobodySawTheSecret();
    assertThat(arrived().getHeader("X-Seen-By")).isEqualTo("third");
    assertThat(arrived() + "").contains(SECRET);
  }

  private Interceptor watching(String name, List<String> order) {
    return chain -> {
      order.add(name);
      seen.add(text(chain.request()) + text(chain.call().request()));
      assertThat(chain.connection()).isNull();
      Response response =
          chain.proceed(chain.request().newBuilder().header("X-Seen-By", name).build());
      order.add("-" + name);
      seen.add(text(response));
      return response;
    };
  }

  @ParameterizedTest
  @MethodSource("credentials")
  @DisplayName("H8: event listeners hear of calls, and of no credential")
  void eventListenersSeeNoCredential(List<Object> credential) {
    connectWith((String) credential.get(1));
    List<String> events = new CopyOnWriteArrayList<>();

    run(
        (Whose) credential.get(0),
        client -> {
          get(client.newBuilder().eventListener(listening(events)).build());
          return get(client.newBuilder().eventListenerFactory(c -> listening(events)).build());
        });

    assertThat(events).containsExactly("start", "end", "start", "end");
    nobodySawTheSecret();
  }

  private EventListener listening(List<String> events) {
    return new EventListener() {
      @Override
      public void callStart(Call call) {
        events.add("start");
        seen.add(text(call.request()));
      }

      @Override
      public void requestHeadersEnd(Call call, Request request) {
        events.add("request");
        seen.add(text(request));
      }

      @Override
      public void responseHeadersEnd(Call call, Response response) {
        events.add("response");
        seen.add(text(response));
      }

      @Override
      public void connectStart(Call call, InetSocketAddress address, java.net.Proxy proxy) {
        events.add("connect");
      }

      @Override
      public void callEnd(Call call) {
        events.add("end");
        seen.add(text(call.request()));
      }
    };
  }

  /** Records that it was asked for anything. */
  @SuppressWarnings("unchecked")
  private static <T> T asking(Class<T> type, List<String> asked) {
    return (T)
        Proxy.newProxyInstance(
            UnwrappedAdditionsTest.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "equals" -> proxy == arguments[0];
                  case "hashCode" -> 1;
                  case "toString" -> "asking";
                  default -> {
                    asked.add(type.getSimpleName() + "." + method.getName());
                    yield null;
                  }
                });
  }

  private static final List<String> ASKED = new CopyOnWriteArrayList<>();

  private static final Map<String, UnaryOperator<OkHttpClient.Builder>> WITHOUT_A_PLACE =
      withoutAPlace();

  private static Map<String, UnaryOperator<OkHttpClient.Builder>> withoutAPlace() {
    Map<String, UnaryOperator<OkHttpClient.Builder>> all = new LinkedHashMap<>();
    all.put(
        "networkInterceptors",
        client ->
            client.addNetworkInterceptor(
                chain -> {
                  ASKED.add("network interceptor");
                  return chain.proceed(chain.request());
                }));
    all.put("cookieJar", client -> client.cookieJar(new Cookies()));
    all.put("cache", client -> client.cache(new Cache(new File(temp.toFile(), "c"), 1 << 20)));
    all.put("dns", client -> client.dns(asking(okhttp3.Dns.class, ASKED)));
    all.put(
        "proxy",
        client ->
            client.proxy(
                new java.net.Proxy(
                    java.net.Proxy.Type.HTTP, InetSocketAddress.createUnresolved("p.test", 1))));
    all.put("proxySelector", client -> client.proxySelector(new Proxies()));
    all.put(
        "proxyAuthenticator",
        client -> client.proxyAuthenticator(asking(okhttp3.Authenticator.class, ASKED)));
    all.put(
        "authenticator",
        client -> client.authenticator(asking(okhttp3.Authenticator.class, ASKED)));
    all.put("socketFactory", client -> client.socketFactory(new Sockets()));
    all.put(
        "sslSocketFactory",
        client -> {
          OkHttpClient other = new OkHttpClient();
          return client.sslSocketFactory(other.sslSocketFactory(), other.x509TrustManager());
        });
    all.put("hostnameVerifier", client -> client.hostnameVerifier((host, session) -> true));
    all.put(
        "certificatePinner",
        client ->
            client.certificatePinner(
                new CertificatePinner.Builder()
                    .add("a.test", "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")
                    .build()));
    all.put("connectionPool", client -> client.connectionPool(new ConnectionPool()));
    all.put("protocols", client -> client.protocols(List.of(Protocol.HTTP_1_1)));
    all.put(
        "connectionSpecs",
        client ->
            client.connectionSpecs(
                List.of(
                    new okhttp3.ConnectionSpec.Builder(okhttp3.ConnectionSpec.MODERN_TLS)
                        .tlsVersions(TlsVersion.TLS_1_3)
                        .build())));
    return all;
  }

  private static final class Cookies implements CookieJar {
    @Override
    public List<Cookie> loadForRequest(HttpUrl url) {
      ASKED.add("cookies");
      return List.of();
    }

    @Override
    public void saveFromResponse(HttpUrl url, List<Cookie> cookies) {
      ASKED.add("cookies");
    }
  }

  private static final class Sockets extends SocketFactory {
    @Override
    public Socket createSocket() {
      ASKED.add("sockets");
      return new Socket();
    }

    @Override
    public Socket createSocket(String host, int port) {
      return createSocket();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) {
      return createSocket();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
      return createSocket();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
      return createSocket();
    }
  }

  private static final class Proxies extends ProxySelector {
    @Override
    public List<java.net.Proxy> select(URI uri) {
      ASKED.add("proxies");
      return List.of();
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException e) {
      ASKED.add("proxies");
    }
  }

  static Stream<List<Object>> refused() {
    return Stream.of(Whose.values())
        .flatMap(whose -> WITHOUT_A_PLACE.keySet().stream().map(kind -> List.of(whose, kind)));
  }

  @ParameterizedTest
  @MethodSource("refused")
  @DisplayName("H8: what OkHttp leaves no place for is refused by its name, and asked for nothing")
  void whatHasNoPlaceIsRefusedByName(List<Object> refusal) {
    connectWith("apiKey");
    ASKED.clear();
    String kind = (String) refusal.get(1);
    Use changed = client -> get(WITHOUT_A_PLACE.get(kind).apply(client.newBuilder()).build());

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> run((Whose) refusal.get(0), changed))
        .withMessageStartingWith("Invalid input for an unwrapped client: " + kind + ": would have");
    assertThat(ASKED).isEmpty();
    service.verify(0, anyRequestedFor(anyUrl()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cookieJar",
        "cache",
        "dns",
        "proxy",
        "proxySelector",
        "proxyAuthenticator",
        "authenticator",
        "socketFactory",
        "sslSocketFactory",
        "hostnameVerifier",
        "certificatePinner",
        "connectionPool"
      })
  @DisplayName("H8: nor is it taken from a client that was made of one that was made of it")
  void norByAFurtherBuilder(String kind) {
    connectWith("apiKey");
    ASKED.clear();
    Use changed =
        client ->
            get(WITHOUT_A_PLACE.get(kind).apply(client.newBuilder().build().newBuilder()).build());

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> run(Whose.PLUGIN, changed))
        .withMessageContaining(kind + ": would have no effect");
    assertThat(ASKED).isEmpty();
    service.verify(0, anyRequestedFor(anyUrl()));
  }

  @Test
  @DisplayName("H8: nor if an interceptor puts it into the chain")
  void norByAnInterceptor() {
    connectWith("apiKey");
    ASKED.clear();
    Interceptor rerouting =
        chain -> chain.withDns(asking(okhttp3.Dns.class, ASKED)).proceed(chain.request());
    for (boolean first : List.of(true, false)) {
      Use changed =
          client -> {
            OkHttpClient.Builder builder = client.newBuilder();
            builder.interceptors().add(first ? 0 : 1, rerouting);
            return get(builder.build());
          };

      assertThatExceptionOfType(InvalidInputException.class)
          .isThrownBy(() -> run(Whose.PLUGIN, changed))
          .withMessageContaining("dns: would have no effect");
    }
    assertThat(ASKED).isEmpty();
    service.verify(0, anyRequestedFor(anyUrl()));
  }

  @ParameterizedTest
  @EnumSource(Whose.class)
  void aClientThatLostItsEndIsNotAuthenticated(Whose whose) {
    connectWith("apiKey");

    run(
        whose,
        client -> {
          OkHttpClient.Builder changed = client.newBuilder();
          changed.interceptors().clear();
          return get(changed.build());
        });

    assertThat(arrived().containsHeader("X-Api-Key")).isFalse();
  }

  @ParameterizedTest
  @EnumSource(Whose.class)
  void aClientShowsNothingOfTheHostsClient(Whose whose) {
    runtime.close();
    OkHttpClient hosts =
        new OkHttpClient.Builder()
            .addInterceptor(chain -> chain.proceed(chain.request()))
            .addNetworkInterceptor(chain -> chain.proceed(chain.request()))
            .proxyAuthenticator((route, response) -> null)
            .socketFactory(SocketFactory.getDefault())
            .dispatcher(new Dispatcher())
            .build();
    runtime = builder().httpClient(hosts).build();
    connectWith("apiKey");

    run(
        whose,
        client -> {
          assertThat(client.interceptors()).doesNotContainAnyElementsOf(hosts.interceptors());
          assertThat(client.networkInterceptors()).isEmpty();
          assertThat(client.proxyAuthenticator()).isNotSameAs(hosts.proxyAuthenticator());
          assertThat(client.dispatcher()).isNotSameAs(hosts.dispatcher());
          assertThat(client.connectionPool()).isNotSameAs(hosts.connectionPool());
          assertThat(client.sslSocketFactory()).isNotSameAs(hosts.sslSocketFactory());
          return get(client);
        });

    assertThat(arrived().getHeader("X-Api-Key")).isEqualTo(SECRET);
  }

  @Test
  void aShorterTimeOfTheClientCounts() {
    connectWith("apiKey");
    service.stubFor(any(anyUrl()).willReturn(aResponse().withFixedDelay(30_000)));

    assertThatExceptionOfType(TransportException.class)
        .isThrownBy(
            () ->
                run(
                    Whose.PLUGIN,
                    client -> get(client.newBuilder().readTimeout(Duration.ofMillis(50)).build())));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host=evil.test",
        "Upgrade=h2c",
        "Connection=X-Api-Key",
        "Proxy-Authorization=x",
        "X-Forwarded-Host=evil.test",
        "X-Original-URL=/admin",
        "X-HTTP-Method-Override=DELETE"
      })
  @Tag("E8")
  void aHeaderThatChangesWhereARequestGoesIsRefused(String header) {
    connectWith("apiKey");
    String[] parts = header.split("=", 2);

    for (Whose whose : Whose.values()) {
      assertThatExceptionOfType(InvalidInputException.class)
          .isThrownBy(
              () ->
                  run(
                      whose,
                      client ->
                          client
                              .newCall(
                                  new Request.Builder()
                                      .url(url() + "/x")
                                      .header(parts[0], parts[1])
                                      .build())
                              .execute()
                              .toString()))
          .withMessageContaining(parts[0]);
    }
    service.verify(0, anyRequestedFor(anyUrl()));
  }

  @Test
  @Tag("E8")
  void headersThatLibrariesSetAreNoHarm() {
    connectWith("apiKey");

    run(
        Whose.HOST,
        client -> {
          Request request =
              new Request.Builder()
                  .url(url() + "/x")
                  .header("Host", "LOCALHOST:" + service.port())
                  .header("Content-Length", "5")
                  .header("Transfer-Encoding", "chunked")
                  .header("Connection", "Keep-Alive")
                  .header("Authorization", "Bearer of-the-library")
                  .build();
          return client.newCall(request).execute().body().string();
        });

    assertThat(arrived().containsHeader("Content-Length")).isFalse();
    assertThat(arrived().containsHeader("Transfer-Encoding")).isFalse();
    service.verify(
        1,
        anyRequestedFor(urlPathEqualTo("/x"))
            .withHeader("Host", equalTo("localhost:" + service.port())));
  }

  @ParameterizedTest
  @ValueSource(strings = {"GE T", "GET /other HTTP/1.1", "TRACE", "connect"})
  @Tag("E8")
  void aMethodThatCannotBeSentIsRefused(String method) {
    connectWith("apiKey");

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(
            () ->
                run(
                    Whose.PLUGIN,
                    client ->
                        client
                            .newCall(
                                new Request.Builder()
                                    .url(url() + "/x")
                                    .method(method, null)
                                    .build())
                            .execute()
                            .toString()))
        .withMessageContaining("(method): ");
    service.verify(0, anyRequestedFor(anyUrl()));
  }

  @Test
  @Tag("E9")
  void aUserNameInAUrlIsRefused() {
    connectWith("apiKey");
    String url = url().replace("://", "://eve:pw@");

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(
            () ->
                run(
                    Whose.HOST,
                    client ->
                        client
                            .newCall(new Request.Builder().url(url).build())
                            .execute()
                            .toString()))
        .withMessageContaining("(URL): has a user name")
        .satisfies(e -> assertThat(e.getMessage().toLowerCase(Locale.ROOT)).doesNotContain("eve"));
  }
}
