package dev.connectorsdk.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.spring.app.TasksConnector;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Where nobody asks for a CSRF token, a sign-in begins by a form of the application alone. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SignInWithoutSecurityTest {

  private ConfigurableApplicationContext app;
  private String url;

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class Host {

    @Bean
    Connector tasks() {
      return TasksConnector.at("https://tasks.example");
    }

    @Bean
    CallerResolver callers() {
      return request ->
          request.getHeader("X-Nobody") == null
              ? Optional.of(Principal.user("ada").in("prod"))
              : Optional.empty();
    }

    @RestController
    static class Me {

      @GetMapping("/me")
      String me(Caller caller) {
        return caller.principal().id() + " in " + caller.environment();
      }
    }
  }

  @BeforeAll
  void start() throws Exception {
    int port = Application.freePort();
    url = "http://127.0.0.1:" + port;
    app =
        new SpringApplicationBuilder(Host.class)
            .properties("spring.main.banner-mode=off")
            .run(
                "--server.port=" + port,
                "--server.address=127.0.0.1",
                "--spring.datasource.url=jdbc:h2:mem:" + port,
                "--spring.flyway.enabled=false",
                "--spring.autoconfigure.exclude=" + Application.SECURITY,
                "--connectors.public-url=" + url,
                "--connectors.keys.current=k1",
                "--connectors.keys.values.k1=" + Application.KEY,
                "--connectors.clients[0].connector=tasks",
                "--connectors.clients[0].id=app",
                "--connectors.clients[0].secret=app-secret");
  }

  @AfterAll
  void stop() {
    app.close();
  }

  @ParameterizedTest(name = "Sec-Fetch-Site {0}, Origin {1}: {2}")
  @CsvSource(
      nullValues = "absent",
      value = {
        "same-origin, absent, 303",
        "same-site, absent, 403",
        "cross-site, absent, 403",
        "none, absent, 403",
        "cross-site, own, 403",
        "absent, own, 303",
        "absent, https://other.example, 403",
        "absent, null, 403",
        "absent, absent, 403"
      })
  void onlyAFormOfTheApplicationBeginsASignIn(String site, String origin, int status)
      throws Exception {
    Browser browser = new Browser(url);
    HttpRequest.Builder form = browser.form("/connect/tasks", "returnTo=/in");
    if (site != null) {
      form.header("Sec-Fetch-Site", site);
    }
    if (origin != null) {
      form.header("Origin", origin.equals("own") ? url : origin);
    }

    HttpResponse<String> answer = browser.send(form);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Location").isPresent()).isEqualTo(status == 303);
  }

  @Test
  void aControllerIsGivenWhoeverWouldSignIn() throws Exception {
    Browser browser = new Browser(url);

    assertThat(browser.get("/me").body()).isEqualTo("ada in prod");
    HttpResponse<String> refused =
        browser.send(HttpRequest.newBuilder(URI.create(url + "/me")).header("X-Nobody", "yes"));
    assertThat(refused.statusCode()).isEqualTo(401);
  }
}
