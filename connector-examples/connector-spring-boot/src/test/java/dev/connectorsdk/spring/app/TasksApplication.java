package dev.connectorsdk.spring.app;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.jdbc.HostTransactions;
import dev.connectorsdk.jdbc.JdbcStore;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.spring.RuntimeCustomizer;
import dev.connectorsdk.spring.app.TasksConnector.NewTask;
import dev.connectorsdk.spring.app.TasksConnector.Task;
import dev.connectorsdk.trigger.SubscriptionSpec;
import java.security.Principal;
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
// tag::application[]
@SpringBootApplication
public class TasksApplication {
  static final ConnectionReference TASKS = ConnectionReference.embedded("team-tasks", "tasks");
  static final Flow FLOW = Flow.of("announce", dev.connectorsdk.api.Principal.user("ada"));

  public static void main(String[] args) {
    SpringApplication.run(TasksApplication.class, args);
  }

  @Bean
  Connector tasks(@Value("${tasks.site}") String site) {
    return TasksConnector.at(site);
  }

  @Bean
  FlowDirectory flows() {
    return FlowDirectory.of(FLOW);
  }

  @Bean
  RuntimeCustomizer handlers(JdbcStore store, HostTransactions transactions, JdbcClient db) {
    return runtime ->
        runtime.handler(
            "announce",
            Task.class,
            store.inTransaction(
                transactions,
                (task, event, connection) ->
                    db.sql("INSERT INTO announced VALUES (?)").param(task.title()).update()));
  }

  @RestController
  static class Pages {
    @Autowired ConnectorRuntime runtime;

    @PostMapping("/tasks")
    Task add(Principal user, @RequestParam("title") String title) {
      return runtime.invoke(ada(user), TASKS, TasksConnector.ADD_TASK, new NewTask(title));
    }

    @Transactional
    @PostMapping("/announce")
    public String announce(Principal user) {
      var connection = runtime.connections().list(ada(user)).get(0);
      runtime.references().bind(ada(user), TASKS, connection.id());
      var done = SubscriptionSpec.of(TASKS, TasksConnector.TASK_DONE, Nothing.NOTHING, "announce");
      return runtime.triggers().subscribe(ada(user), done).id();
    }

    private static Caller ada(Principal user) {
      return dev.connectorsdk.api.Principal.user(user.getName()).in("prod").running(FLOW);
    }
  }
}
// end::application[]
