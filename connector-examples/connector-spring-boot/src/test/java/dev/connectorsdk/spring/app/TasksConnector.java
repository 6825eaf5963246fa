package dev.connectorsdk.spring.app;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.ActionContext;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.PollingTrigger;
import dev.connectorsdk.api.PollingTrigger.Batch;
import dev.connectorsdk.api.PollingTrigger.Poll;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import java.util.List;

/** A list of things to do, to which users sign in. */
public final class TasksConnector {
  public record NewTask(String title) {}

  public record Task(String id, String title) {}

  record Done(List<Task> tasks, String next) {}

  public static final Action<NewTask, Task> ADD_TASK =
      Action.builder("addTask", Effect.WRITE, NewTask.class, Task.class)
          .run((task, call) -> call.http().post("/tasks").json(task).fetch(Task.class));

  static final PollingTrigger<Nothing, String, Task> TASK_DONE =
      PollingTrigger.builder("taskDone", Nothing.class, String.class, Task.class)
          .poll(TasksConnector::done);

  static Batch<String, Task> done(Poll<Nothing, String> poll, ActionContext call) {
    Done done = call.http().get("/done").query("after", poll.cursor()).fetch(Done.class);
    return Batch.of(done.tasks(), Task::id, done.next());
  }

  public static Connector at(String site) {
    return Connector.builder("tasks", site + "/api")
        .auth(
            AuthOption.oauth2(OAuth2Scheme.authorizationCode(site + "/authorize", site + "/token")))
        .action(ADD_TASK)
        .trigger(TASK_DONE)
        .build();
  }
}
