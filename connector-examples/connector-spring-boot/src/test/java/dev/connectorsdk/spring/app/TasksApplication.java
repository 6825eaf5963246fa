package dev.connectorsdk.spring.app;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.spring.HandlerRegistration;
import dev.connectorsdk.spring.RuntimeCustomizer;
import dev.connectorsdk.spring.app.TasksConnector.NewTask;
import dev.connectorsdk.spring.app.TasksConnector.Task;
import dev.connectorsdk.trigger.SubscriptionSpec;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Adds tasks for whoever is logged in, and announces what was done. */
@SpringBootApplication
public class TasksApplication {
  static final ConnectionReference TASKS = ConnectionReference.embedded("team-tasks", "tasks");
  static final Flow FLOW = Flow.of("announce", Principal.user("ada"));

  public static void main(String[] args) {
    SpringApplication.run(TasksApplication.class, args);
  }

  @Bean
  RuntimeCustomizer tasks(@Value("${tasks.site}") String site) {
    return runtime -> runtime.connector(TasksConnector.at(site)).flows(FlowDirectory.of(FLOW));
  }

  @Bean
  HandlerRegistration<Task> announce(JdbcClient db) {
    return HandlerRegistration.inTransaction(
        "announce",
        Task.class,
        (task, event) -> db.sql("INSERT INTO announced VALUES (?)").param(task.title()).update());
  }

  @RestController
  static class Pages {
    @Autowired ConnectorRuntime runtime;

    @PostMapping("/tasks")
    Task add(Caller user, @RequestParam("title") String title) {
      return runtime.invoke(user.running(FLOW), TASKS, TasksConnector.ADD_TASK, new NewTask(title));
    }

    @Transactional
    @PostMapping("/announce")
    public String announce(Caller user, @RequestParam("connection") String connection) {
      runtime.references().bind(user.running(FLOW), TASKS, ConnectionId.of(connection));
      var done = SubscriptionSpec.of(TASKS, TasksConnector.TASK_DONE, Nothing.NOTHING, "announce");
      return runtime.triggers().subscribe(user.running(FLOW), done).id();
    }
  }
}
