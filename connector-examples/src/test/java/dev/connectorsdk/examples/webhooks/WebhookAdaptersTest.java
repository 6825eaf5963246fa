package dev.connectorsdk.examples.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import com.sun.net.httpserver.HttpServer;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.examples.plugin.BoardsPlugin;
import dev.connectorsdk.examples.plugin.BoardsPlugin.Board;
import dev.connectorsdk.examples.plugin.BoardsPlugin.Card;
import dev.connectorsdk.examples.plugin.BoardsService;
import dev.connectorsdk.fixtures.LocalServer;
import dev.connectorsdk.http.AddressPolicy;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.trigger.SubscriptionSpec;
import io.javalin.Javalin;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.EnumSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.servlet.FilterHolder;
import org.eclipse.jetty.servlet.ServletContextHandler;
import org.eclipse.jetty.servlet.ServletHolder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.web.context.support.GenericWebApplicationContext;
import org.springframework.web.servlet.DispatcherServlet;
import tools.jackson.databind.JsonNode;

/** The same host, called through each kind of web server. */
@WireMockTest(httpPort = 0)
@Timeout(60)
@SuppressWarnings("try") // A server is there to be called, and to be stopped.
class WebhookAdaptersTest {

  private static final Caller ADA = Principal.user("ada").in("prod");
  private static final ConnectionReference BOARDS = ConnectionReference.embedded("team", "boards");
  private static final Flow FLOW = Flow.of("cards", ADA.principal()).using(BOARDS);

  private static final String FORM = "application/x-www-form-urlencoded";

  private static final Filter PASSING =
      (request, response, chain) -> chain.doFilter(request, response);

  private final BlockingQueue<Card> moved = new LinkedBlockingQueue<>();
  private final AtomicReference<Exception> failure = new AtomicReference<>();
  private int port;
  private ConnectorRuntime runtime;

  private enum Kind {
    JDK,
    JAVALIN,
    SERVLET,
    SPRING
  }

  private interface Running extends AutoCloseable {
    @Override
    void close();
  }

  @BeforeEach
  void subscribe(WireMockRuntimeInfo boards) throws IOException {
    BoardsService.start();
    port = LocalServer.freePort();
    runtime =
        ConnectorRuntime.builder()
            .provider(new BoardsPlugin())
            .addressPolicy(AddressPolicy.allowAll())
            .flows(FlowDirectory.of(FLOW))
            .handler("cards", Card.class, (card, event) -> moved.add(card))
            .publicAddress("http://localhost:" + port + "/hooks")
            .build();
    var spec = ConnectionSpec.of("boards", "apiKey").with("site", boards.getHttpBaseUrl());
    var connection =
        runtime.connections().create(ADA, spec.secret("api_key", Secret.of("k")).untested());
    runtime.references().bind(ADA, BOARDS, connection.id());
  }

  @AfterEach
  void stop() {
    runtime.close();
  }

  private Running start(Kind kind) throws Exception {
    return switch (kind) {
      case JDK -> jdk();
      case JAVALIN -> javalin();
      case SERVLET, SPRING -> behind(PASSING, kind);
    };
  }

  private Running jdk() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext("/hooks", new JdkWebhooks(runtime));
    server.start();
    return () -> server.stop(0);
  }

  private Running javalin() {
    return javalin(Javalin.create(config -> config.showJavalinBanner = false));
  }

  private Running javalin(Javalin app) {
    new JavalinWebhooks(runtime).addTo(app);
    app.start("127.0.0.1", port);
    return app::stop;
  }

  private Running behind(Filter filter, Kind kind) throws Exception {
    var handler = new ServletContextHandler();
    handler.addFilter(new FilterHolder(filter), "/*", EnumSet.of(DispatcherType.REQUEST));
    if (kind == Kind.SPRING) {
      handler.addServlet(new ServletHolder(spring()), "/");
    } else {
      handler.addServlet(new ServletHolder(new ServletWebhooks(runtime)), "/hooks/*");
    }
    var container = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    container.setHandler(handler);
    container.start();
    return () -> {
      try {
        container.stop();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    };
  }

  private DispatcherServlet spring() {
    var context = new GenericWebApplicationContext();
    context.getBeanFactory().registerSingleton("webhooks", new SpringWebhooks(runtime));
    return new DispatcherServlet(context);
  }

  /** Subscribes, and returns what the service was told. */
  private JsonNode registered() {
    var spec = SubscriptionSpec.of(BOARDS, BoardsPlugin.CARD_MOVED, new Board("b-1"), "cards");
    runtime.triggers().subscribe(ADA.running(FLOW), spec);
    return BoardsService.registered();
  }

  private static int send(JsonNode hook, String type, String body)
      throws IOException, InterruptedException {
    return BoardsService.deliver(hook, "msg-1", type, body);
  }

  @ParameterizedTest
  @EnumSource
  void deliveriesArrive(Kind kind) throws Exception {
    try (Running server = start(kind)) {
      JsonNode hook = registered();

      String body = "{\"id\":\"c-1\",\"column\":\"Done \u00e9\"}";
      assertThat(send(hook, "application/json", body)).isEqualTo(200);
      assertThat(send(hook, "application/json", body)).isEqualTo(200);
      assertThat(moved.poll(30, TimeUnit.SECONDS)).isEqualTo(new Card("c-1", "Done \u00e9"));
      assertThat(send(hook, "application/json", "{")).isEqualTo(400);
      assertThat(moved).isEmpty();
    }
  }

  /** The bytes of a form are signed, and are there as long as nobody asks for its fields. */
  @ParameterizedTest
  @EnumSource
  void aSignedFormArrives(Kind kind) throws Exception {
    try (Running server = start(kind)) {
      JsonNode hook = registered();

      String body = "{\"id\":\"c-1\",\"column\":\"a+b%20c\"}";
      assertThat(send(hook, FORM, body)).isEqualTo(200);
      assertThat(moved.poll(30, TimeUnit.SECONDS)).isEqualTo(new Card("c-1", "a+b%20c"));
    }
  }

  @Test
  void aHandlerOfJavalinThatReadsTheFormIsNamed() throws Exception {
    Javalin reading =
        Javalin.create(config -> config.showJavalinBanner = false)
            .before(ctx -> ctx.formParam("id"))
            .exception(
                ServletException.class,
                (e, ctx) -> {
                  failure.set(e);
                  ctx.status(500);
                });
    try (Running server = javalin(reading)) {
      JsonNode hook = registered();

      assertThat(BoardsService.deliverInChunks(hook, "msg-1", FORM, "id=c-1")).isEqualTo(500);
      assertThat(failure.get()).hasMessageContaining("The body of a webhook was read before");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SERVLET", "SPRING"})
  void aFilterThatReadsTheFormIsNamed(Kind kind) throws Exception {
    Filter reading =
        (request, response, chain) -> {
          request.getParameter("id");
          try {
            chain.doFilter(request, response);
          } catch (ServletException e) {
            failure.set(e);
            throw e;
          }
        };
    try (Running server = behind(reading, kind)) {
      JsonNode hook = registered();

      assertThat(send(hook, FORM, "id=c-1")).isEqualTo(500);
      assertThat(failure.getAndSet(null))
          .hasMessageContaining("The body of a webhook was read before");
      assertThat(BoardsService.deliverInChunks(hook, "msg-2", FORM, "id=c-1")).isEqualTo(500);
      assertThat(failure.get())
          .hasMessageContaining("The body of a webhook was read before")
          .hasMessageContaining("map filters that ask for parameters to other paths");
    }
  }
}
