package dev.connectorsdk.examples.host;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.event.AuditRecord;
import dev.connectorsdk.api.spi.AuditStore;
import dev.connectorsdk.audit.AuditSettings;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.runtime.RuntimeBuilder;
import java.nio.file.Path;
import java.util.List;

/** A host that can say who has used a connection. */
final class Audited {

  private Audited() {}

  // tag::audit[]
  static ConnectorRuntime audited(RuntimeBuilder builder, Path folder) {
    AuditSettings settings =
        AuditSettings.inStore().overflowingTo(folder.resolve("audit.jsonl"), 64 * 1024 * 1024);
    return builder.audit(settings.logged()).build();
  }

  // end::audit[]

  // tag::audit-uses[]
  static List<AuditRecord> usesOf(ConnectorRuntime runtime, Administrator anna, ConnectionId id) {
    var filter = new AuditStore.Filter(null, null, null, null, id, false, null);
    return runtime.audit().list(anna, filter, null, 100);
  }
  // end::audit-uses[]
}
