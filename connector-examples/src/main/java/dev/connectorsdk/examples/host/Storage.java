package dev.connectorsdk.examples.host;

import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.examples.helpdesk.Helpdesk;
import dev.connectorsdk.http.AddressPolicy;
import dev.connectorsdk.jdbc.JdbcStore;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.secret.KeyMaintenance;
import dev.connectorsdk.secret.KeyRing;
import java.nio.file.Path;
import javax.sql.DataSource;

/** Connections that survive a restart, and keys that change. */
final class Storage {

  private Storage() {}

  // tag::store[]
  static ConnectorRuntime open(DataSource database, Path keyFile) {
    KeyRing keys = KeyRing.loadOrCreate(keyFile, "2026-01");
    return ConnectorRuntime.builder()
        .provider(new Helpdesk())
        .addressPolicy(AddressPolicy.allowAll()) // for the test
        .store(JdbcStore.builder(database).build(), keys)
        .build();
  }

  // end::store[]

  // tag::rotate[]
  static boolean rotate(ConnectorStore store, Path keyFile) {
    KeyRing keys = KeyRing.rotateFile(keyFile, "2026-02");
    KeyMaintenance.reencrypt(store, keys, 500);
    return KeyMaintenance.isRetirable(store, keys, "2026-01");
  }
  // end::rotate[]
}
