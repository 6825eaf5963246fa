package dev.connectorsdk.spring;

import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.unauthorized;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static dev.connectorsdk.spring.app.TasksConnector.ADD_TASK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.spring.app.TasksConnector.NewTask;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How often credentials are renewed, and how often not, can be seen of an application. */
class RenewalMetricsTest {

  private static final Caller ADA = Principal.user("ada").in("prod");
  private static final ConnectionReference TASKS = ConnectionReference.invoker("my-tasks", "tasks");

  @Test
  void tokensAndFailedRenewalsAreCountedByConnector() throws Exception {
    try (TasksSite site = new TasksSite();
        Application app = Application.start(site)) {
      signIn(app.browser().loggedInAs("ada"));
      ConnectorRuntime runtime = app.bean(ConnectorRuntime.class);
      runtime.invoke(ADA, TASKS, ADD_TASK, new NewTask("Eggs"));
      assertThat(counted(app, "renewed")).as("the token of the sign-in is no renewal").isZero();

      refuse(site, "a1");
      renew(site, okJson("{\"access_token\":\"a2\",\"token_type\":\"Bearer\"}"));
      runtime.invoke(ADA, TASKS, ADD_TASK, new NewTask("Milk"));

      assertThat(counted(app, "renewed")).isEqualTo(1);
      assertThat(counted(app, "failed")).isZero();

      refuse(site, "a2");
      renew(site, jsonResponse("{\"error\":\"invalid_grant\"}", 400));
      assertThatExceptionOfType(ConnectorException.class)
          .isThrownBy(() -> runtime.invoke(ADA, TASKS, ADD_TASK, new NewTask("Bread")));

      assertThat(counted(app, "renewed")).isEqualTo(1);
      assertThat(counted(app, "failed")).isEqualTo(1);
    }
  }

  private static void signIn(Browser ada) throws Exception {
    String link =
        ada.post("/connect/tasks", Map.of("_csrf", ada.csrf()))
            .headers()
            .firstValue("Location")
            .orElseThrow();
    ada.get("/callback/tasks?code=c1&" + link.replaceAll(".*(state=[^&]+).*", "$1"));
  }

  private static void refuse(TasksSite site, String token) {
    site.server()
        .stubFor(
            post(urlPathEqualTo("/api/tasks"))
                .withHeader("Authorization", equalTo("Bearer " + token))
                .willReturn(unauthorized()));
  }

  private static void renew(TasksSite site, ResponseDefinitionBuilder answer) {
    site.server()
        .stubFor(
            post(urlPathEqualTo("/token"))
                .withRequestBody(containing("grant_type=refresh_token"))
                .willReturn(answer));
  }

  private static double counted(Application app, String outcome) {
    return app
        .bean(MeterRegistry.class)
        .find("connector.renewal")
        .tags("connector", "tasks", "outcome", outcome)
        .counters()
        .stream()
        .mapToDouble(counter -> counter.count())
        .sum();
  }
}
