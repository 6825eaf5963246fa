package dev.connectorsdk.runtime;

import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.fixtures.RawTokenEndpoint;
import dev.connectorsdk.runtime.Tickets.TicketId;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.store.InMemoryStore;
import org.junit.jupiter.api.AutoClose;

/** A host whose users sign in at a provider that can break every rule. */
abstract class RawProviderTest extends HostTest {

  static final ConnectionSpec SIGN_IN = ConnectionSpec.of("tickets", "signIn");

  @AutoClose final RawTokenEndpoint provider = new RawTokenEndpoint();
  final InMemoryStore store = new InMemoryStore();
  final KeyRing keys = KeyRing.random();

  @Override
  Connector connector() {
    return Tickets.builder(url(), provider.url()).build();
  }

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    return builder.store(store, keys).client("tickets", "signIn", CLIENT);
  }

  Connection signIn() {
    return SignIns.signIn(runtime, ADA, SIGN_IN, "c");
  }

  static void call(ConnectorRuntime node) {
    node.invoke(ADA, MINE, Tickets.GET, new TicketId("1"));
  }

  ConnectionStatus status() {
    return runtime.connections().list(ADA).get(0).status();
  }
}
