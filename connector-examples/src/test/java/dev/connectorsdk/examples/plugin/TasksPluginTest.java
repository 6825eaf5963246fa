package dev.connectorsdk.examples.plugin;

import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.status;
import static com.github.tomakehurst.wiremock.client.WireMock.unauthorized;
import static dev.connectorsdk.examples.plugin.TasksPlugin.ADD_TASK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.examples.plugin.TasksPlugin.NewTask;
import dev.connectorsdk.examples.plugin.TasksPlugin.Task;
import dev.connectorsdk.plugin.ConnectorLint;
import dev.connectorsdk.testkit.ConnectorTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TasksPluginTest {

  private static final String MILK = "{\"id\": \"7\", \"title\": \"Milk\"}";

  // tag::plugin-test[]
  @RegisterExtension final ConnectorTest tasks = ConnectorTest.of(new TasksPlugin());

  @Test
  void addsATaskDespiteAnExpiredTokenAndABusyService() {
    tasks.service().answerInTurn(post("/api/tasks"), unauthorized(), status(429), okJson(MILK));

    assertThat(tasks.invoke(ADD_TASK, new NewTask("Milk"))).isEqualTo(new Task("7", "Milk"));
    assertThat(tasks.service().tokensIssued()).isEqualTo(2);
  }

  // end::plugin-test[]

  // tag::lint[]
  @Test
  void isADecentConnector() {
    assertThat(ConnectorLint.check(new TasksPlugin().connectors().get(0))).isEmpty();
  }

  // end::lint[]
}
