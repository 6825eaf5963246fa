package dev.connectorsdk.examples.host;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.event.ConnectorEvent.CallEnded;
import dev.connectorsdk.api.event.ConnectorEvent.RequestRepeated;
import dev.connectorsdk.api.event.ConnectorListener;
import dev.connectorsdk.api.file.FileInfo;
import dev.connectorsdk.api.file.FileSource;
import dev.connectorsdk.api.file.FileTarget;
import dev.connectorsdk.examples.helpdesk.Helpdesk;
import dev.connectorsdk.examples.helpdesk.Helpdesk.AttachedFile;
import dev.connectorsdk.examples.helpdesk.Helpdesk.Attachment;
import dev.connectorsdk.examples.helpdesk.Helpdesk.NewTicket;
import dev.connectorsdk.examples.helpdesk.Helpdesk.Ticket;
import dev.connectorsdk.http.AddressPolicy;
import dev.connectorsdk.http.HttpLimits;
import dev.connectorsdk.invocation.CallOptions;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/** What a host may say about a call, and what it hears about one. */
final class Calling {

  private Calling() {}

  static ConnectorRuntime runtime(ConnectorListener listener) {
    // tag::limits[]
    var limits = HttpLimits.standard().withCallTimeout(Duration.ofSeconds(20)).withMaxAttempts(2);
    return ConnectorRuntime.builder()
        .discover(Calling.class.getClassLoader())
        .addressPolicy(AddressPolicy.allowAll()) // for the test
        .limits(limits)
        .listener(listener)
        .build();
    // end::limits[]
  }

  // tag::options[]
  static Ticket openOnce(
      ConnectorRuntime runtime, Caller caller, ConnectionReference desk, String stepId) {
    var options = CallOptions.standard().within(Duration.ofSeconds(5)).idempotencyKey(stepId);
    var ticket = new NewTicket("Disk full", null);
    return runtime.invoke(caller, desk, Helpdesk.OPEN_TICKET, ticket, options);
  }

  // end::options[]

  // tag::save[]
  static FileInfo save(
      ConnectorRuntime runtime,
      Caller caller,
      ConnectionReference desk,
      AttachedFile log,
      Path file) {
    var options = CallOptions.standard().within(Duration.ofHours(1)).saveTo(FileTarget.of(file));
    return runtime.invoke(caller, desk, Helpdesk.DOWNLOAD_FILE, log, options);
  }

  // end::save[]

  // tag::attach[]
  static void attach(ConnectorRuntime runtime, Caller caller, ConnectionReference desk, Path log) {
    var attachment = new Attachment("7", FileSource.of(log).typed("text/plain"));
    runtime.invoke(caller, desk, Helpdesk.ATTACH, attachment);
  }

  // end::attach[]

  // tag::relay[]
  static void copy(
      ConnectorRuntime runtime, Caller caller, ConnectionReference desk, AttachedFile file) {
    FileTarget otherTicket =
        FileTarget.of(
            received -> {
              var attachment = new Attachment("8", FileSource.of(received).named(file.name()));
              runtime.invoke(caller, desk, Helpdesk.ATTACH, attachment);
            });
    var options = CallOptions.standard().saveTo(otherTicket);
    runtime.invoke(caller, desk, Helpdesk.DOWNLOAD_FILE, file, options);
  }

  // end::relay[]

  // tag::errors[]
  static String run(Runnable step) {
    try {
      step.run();
      return "done";
    } catch (ResolutionException e) {
      return "ask for a connection: " + e.remedy() + " Considered: " + e.trail();
    } catch (ConnectorException e) {
      if (e.isRetryable()) {
        return "again in " + e.retryAfter().orElse(Duration.ofMinutes(1)).toSeconds() + " s";
      }
      return (e.userMustAct() ? "show the user: " : "report: ") + e.getMessage();
    }
  }

  // end::errors[]

  // tag::listener[]
  static ConnectorListener metrics(Consumer<String> line) {
    return event -> {
      if (event instanceof CallEnded call) {
        line.accept(call.action() + " " + (call.error() == null ? "ok" : call.error()));
      } else if (event instanceof RequestRepeated repeated) {
        line.accept("repeated after " + repeated.reason());
      }
    };
  }
  // end::listener[]
}
