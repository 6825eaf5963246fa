package dev.connectorsdk.examples.plugin;

import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.status;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static com.github.tomakehurst.wiremock.client.WireMock.unauthorized;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.verify;
import static dev.connectorsdk.examples.plugin.TasksPlugin.ADD_TASK;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.examples.plugin.TasksPlugin.NewTask;
import dev.connectorsdk.examples.plugin.TasksPlugin.Task;
import dev.connectorsdk.http.AddressPolicy;
import dev.connectorsdk.plugin.ConnectorLint;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

@WireMockTest
class TasksPluginTest {

  private static final Caller ADA = Principal.user("ada").in("test");
  private static final ConnectionReference TASKS = ConnectionReference.invoker("tasks", "tasks");
  private static final String TOKEN = "{\"access_token\": \"t\", \"token_type\": \"Bearer\"}";
  private static final String MILK = "{\"id\": \"7\", \"title\": \"Milk\"}";

  // tag::plugin-test[]
  @Test
  void addsATaskDespiteAnExpiredTokenAndABusyService(WireMockRuntimeInfo service) {
    stubFor(post("/token").willReturn(okJson(TOKEN)));
    inTurn(() -> post("/api/tasks"), unauthorized(), status(429), okJson(MILK));
    var builder = ConnectorRuntime.builder().provider(new TasksPlugin()).sleeper(pause -> {});
    builder.addressPolicy(AddressPolicy.allowAll());
    try (ConnectorRuntime runtime = builder.build()) {
      var app = ConnectionSpec.of("tasks", "oauth2").with("site", service.getHttpBaseUrl());
      var spec = app.with("client_id", "app").secret("client_secret", Secret.of("s")).untested();
      runtime.connections().create(ADA, spec);
      Task added = runtime.invoke(ADA, TASKS, ADD_TASK, new NewTask("Milk"));
      assertThat(added).isEqualTo(new Task("7", "Milk"));
    }
    verify(2, postRequestedFor(urlEqualTo("/token")));
  }

  // end::plugin-test[]

  // tag::in-turn[]
  /** Has WireMock give one answer after the other. */
  static void inTurn(Supplier<MappingBuilder> request, ResponseDefinitionBuilder... answers) {
    String state = Scenario.STARTED;
    for (int i = 0; i < answers.length; i++) {
      String next = "after " + (i + 1);
      stubFor(
          request
              .get()
              .inScenario("in turn")
              .whenScenarioStateIs(state)
              .willReturn(answers[i])
              .willSetStateTo(next));
      state = next;
    }
  }

  // end::in-turn[]

  // tag::lint[]
  @Test
  void isADecentConnector() {
    assertThat(ConnectorLint.check(new TasksPlugin().connectors().get(0))).isEmpty();
  }

  // end::lint[]
}
