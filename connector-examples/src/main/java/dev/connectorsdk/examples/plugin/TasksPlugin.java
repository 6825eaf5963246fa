package dev.connectorsdk.examples.plugin;

import dev.connectorsdk.api.Account;
import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.ActionContext;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.PollingTrigger;
import dev.connectorsdk.api.PollingTrigger.Batch;
import dev.connectorsdk.api.PollingTrigger.Poll;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.spi.ConnectorProvider;
import java.util.List;

/** A whole connector in one class: an action, a polling trigger, OAuth. */
// tag::plugin[]
public final class TasksPlugin implements ConnectorProvider {
  public record NewTask(String title) {}

  public record Task(String id, String title) {}

  record Done(List<Task> tasks, String next) {}

  public static final Action<NewTask, Task> ADD_TASK =
      Action.builder("addTask", Effect.WRITE, NewTask.class, Task.class)
          .titled("Add a task")
          .described("Adds a task to the list.")
          .run((task, call) -> call.http().post("/tasks").json(task).fetch(Task.class));

  public static final PollingTrigger<Nothing, String, Task> TASK_DONE =
      PollingTrigger.builder("taskDone", Nothing.class, String.class, Task.class)
          .titled("When a task is done")
          .described("Finds the tasks that were done since the last poll.")
          .poll(TasksPlugin::done);

  static Batch<String, Task> done(Poll<Nothing, String> poll, ActionContext call) {
    Done done = call.http().get("/done").query("after", poll.cursor()).fetch(Done.class);
    return Batch.of(done.tasks(), Task::id, done.next());
  }

  @Override
  public List<Connector> connectors() {
    return List.of(
        Connector.builder("tasks", "{site}/api")
            .titled("Tasks")
            .described("A list of things to do.")
            .version("1.0")
            .parameter(ConnectionParameter.text("site").titled("Site").described("Its address."))
            .auth(AuthOption.oauth2(OAuth2Scheme.clientCredentials("{site}/token")))
            .action(ADD_TASK)
            .trigger(TASK_DONE)
            .test(call -> Account.of(call.http().get("/me").fetch(Task.class).id()))
            .build());
  }
}
// end::plugin[]
