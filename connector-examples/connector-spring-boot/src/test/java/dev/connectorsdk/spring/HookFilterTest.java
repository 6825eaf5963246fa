package dev.connectorsdk.spring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.WebhookTrigger;
import dev.connectorsdk.api.WebhookTrigger.Received;
import dev.connectorsdk.api.WebhookTrigger.Registration;
import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.api.webhook.Signatures;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.trigger.SubscriptionSpec;
import jakarta.servlet.Filter;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Deliveries reach the runtime as they were sent, whatever else an application has. */
class HookFilterTest {

  private static final AtomicReference<WebhookTrigger.Callback> REGISTERED =
      new AtomicReference<>();
  private static final Flow FLOW = Flow.of("watch", Principal.user("ada"));
  private static final ConnectionReference FORMS = ConnectionReference.embedded("forms", "forms");

  private static final WebhookTrigger<Nothing, String> POSTED =
      WebhookTrigger.builder("posted", Nothing.class, String.class)
          .signature(Signatures.gitHub())
          .subscribe(
              (nothing, callback, call) -> {
                REGISTERED.set(callback);
                return Registration.of("h1");
              })
          .unsubscribe((hook, call) -> {})
          .receive(delivery -> Received.of("posted"));

  private ConfigurableApplicationContext app;

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class Host {

    @Bean
    Connector forms() {
      return Connector.builder("forms", "https://forms.example")
          .auth(AuthOption.apiKeyHeader("X-Api-Key"))
          .trigger(POSTED)
          .build();
    }

    @Bean
    FlowDirectory flows() {
      return FlowDirectory.of(FLOW);
    }

    @Bean
    RuntimeCustomizer handlers() {
      return builder -> builder.handler("watch", String.class, (text, event) -> {});
    }

    @Bean
    Stopping stopping() {
      return new Stopping();
    }

    /** What reads each form, as filters of applications do. */
    @Bean
    FilterRegistrationBean<Filter> reader() {
      return new FilterRegistrationBean<>(
          (request, response, chain) -> {
            request.getParameter("a");
            chain.doFilter(request, response);
          });
    }
  }

  /** What is stopped after the polls and webhooks, and before the web server. */
  static final class Stopping implements SmartLifecycle {

    private Callable<?> meanwhile = () -> true;
    private boolean running;

    @Override
    public int getPhase() {
      return ConnectorLifecycle.DRAIN - 1;
    }

    @Override
    public void start() {
      running = true;
    }

    @Override
    public void stop() {
      running = false;
      try {
        meanwhile.call();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public boolean isRunning() {
      return running;
    }
  }

  private void start(String excluded) throws Exception {
    int port = Application.freePort();
    app =
        new SpringApplicationBuilder(Host.class)
            .properties("spring.main.banner-mode=off")
            .run(
                "--server.port=" + port,
                "--server.address=127.0.0.1",
                "--spring.datasource.url=jdbc:h2:mem:" + port,
                "--spring.flyway.enabled=false",
                "--spring.autoconfigure.exclude=" + excluded,
                "--connectors.public-url=http://127.0.0.1:" + port,
                "--connectors.keys.current=k1",
                "--connectors.keys.values.k1=" + Application.KEY);
  }

  @AfterEach
  void stop() {
    app.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aFormIsCheckedAsItWasSent(boolean withSecurity) throws Exception {
    start(withSecurity ? "" : Application.SECURITY);
    WebhookTrigger.Callback callback = subscribed();
    String form = "a=%20b+c&A=~&a=%c3%a9&empty=&a";

    assertThat(deliver(callback, form, signature(callback.secret(), form))).isEqualTo(200);
    assertThat(deliver(callback, form, signature(callback.secret(), "a=+b+c"))).isEqualTo(401);
  }

  @Test
  void whileTheApplicationStopsServicesAreAskedToSendLater() throws Exception {
    start("");
    WebhookTrigger.Callback callback = subscribed();
    String signature = signature(callback.secret(), "a=1");
    List<HttpResponse<String>> answers = new ArrayList<>();
    app.getBean(Stopping.class).meanwhile = () -> answers.add(send(callback, "a=1", signature));

    app.close();

    assertThat(answers).hasSize(1);
    assertThat(answers.get(0).statusCode()).isEqualTo(503);
    assertThat(answers.get(0).headers().firstValue("Retry-After")).contains("10");
  }

  private WebhookTrigger.Callback subscribed() {
    REGISTERED.set(null);
    ConnectorRuntime runtime = app.getBean(ConnectorRuntime.class);
    var ada = FLOW.owner().in("prod").running(FLOW);
    var spec = ConnectionSpec.of("forms", "apiKey").secret("api_key", Secret.of("k")).untested();
    var connection = runtime.connections().create(ada, spec);
    runtime.references().bind(ada, FORMS, connection.id());
    runtime.triggers().subscribe(ada, SubscriptionSpec.of(FORMS, POSTED, Nothing.NOTHING, "watch"));
    await().atMost(Duration.ofSeconds(30)).until(() -> REGISTERED.get() != null);
    return REGISTERED.get();
  }

  private static int deliver(WebhookTrigger.Callback callback, String form, String signature)
      throws Exception {
    return send(callback, form, signature).statusCode();
  }

  private static HttpResponse<String> send(
      WebhookTrigger.Callback callback, String form, String signature) throws Exception {
    Browser service = new Browser("");
    HttpRequest.Builder delivery = service.form(callback.url().toString(), form);
    return service.send(delivery.header("X-Hub-Signature-256", signature));
  }

  private static String signature(Secret secret, String body) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret.reveal().getBytes(UTF_8), "HmacSHA256"));
    return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body.getBytes(UTF_8)));
  }
}
