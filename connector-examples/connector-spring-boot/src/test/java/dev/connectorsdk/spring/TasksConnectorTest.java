package dev.connectorsdk.spring;

import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.unauthorized;
import static dev.connectorsdk.spring.app.TasksConnector.ADD_TASK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.spring.app.TasksConnector;
import dev.connectorsdk.spring.app.TasksConnector.NewTask;
import dev.connectorsdk.spring.app.TasksConnector.Task;
import dev.connectorsdk.testkit.ConnectorTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The kit for tests of connectors under the JUnit 6 and the Jackson of Spring Boot. */
class TasksConnectorTest {

  @RegisterExtension
  final ConnectorTest tasks = ConnectorTest.of(TasksConnector.at("https://tasks.example"));

  @Test
  void addsATaskThoughTheTokenIsRefused() {
    tasks
        .service()
        .answerInTurn(
            post("/api/tasks"), unauthorized(), okJson("{\"id\":\"7\",\"title\":\"Milk\"}"));

    assertThat(tasks.invoke(ADD_TASK, new NewTask("Milk"))).isEqualTo(new Task("7", "Milk"));
    assertThat(tasks.service().tokensIssued()).isEqualTo(2);
  }
}
