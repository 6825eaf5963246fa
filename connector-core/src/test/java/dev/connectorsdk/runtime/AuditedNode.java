package dev.connectorsdk.runtime;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.audit.AuditSettings;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.jdbc.JdbcStore;
import dev.connectorsdk.secret.KeyRing;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A host that calls an action again and again until it is killed, and prints when it has. */
final class AuditedNode {

  static final Action<Nothing, String> NAME =
      Action.builder("name", Effect.READ, Nothing.class, String.class)
          .run((in, call) -> call.connection().displayName());

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private AuditedNode() {}

  static KeyRing keys() {
    return KeyRing.of("k", "q5f8Zr2mW9xK3vB7nL1cT6yH4jD0sGpA".getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * Runs it.
   *
   * @param args the JDBC URL
   */
  public static void main(String[] args) {
    Caller ada = Principal.user("ada").in("dev");
    ConnectionReference mine = ConnectionReference.invoker("mine", "tickets");
    ConnectorRuntime runtime =
        ConnectorRuntime.builder()
            .connector(Tickets.builder("http://localhost").action(NAME).build())
            .store(JdbcStore.builder(HaltingTriggerNode.pool(args[0])).build(), keys())
            .audit(AuditSettings.inStore())
            .build();
    runtime.connections().create(ada, ConnectionSpec.of("tickets", "none"));
    while (true) {
      runtime.invoke(ada, mine, NAME, Nothing.NOTHING);
      System.out.println(TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }
}
