package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.tomakehurst.wiremock.client.WireMock;
import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.spi.BindingStore;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.runtime.Tickets.TicketId;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.store.InMemoryStore;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A call that has to wait for the store: what it knew before that is asked for again. */
class SlowStoreTest extends HostTest {

  private static final Administrator ROOT = Administrator.ofRuntime(Principal.user("root"));
  private static final ConnectionReference OTHER =
      ConnectionReference.invoker("other-tickets", "tickets");

  private final KeyRing keys = KeyRing.random();
  private final InMemoryStore store = new InMemoryStore();
  private final AtomicReference<Runnable> whileReading = new AtomicReference<>(() -> {});

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    BindingStore slow =
        StoreProxy.of(
            BindingStore.class,
            (method, arguments) -> {
              if (method.getName().equals("findBindings")) {
                whileReading.getAndSet(() -> {}).run();
              }
              return method.invoke(store.bindings(), arguments);
            });
    ConnectorStore whole = StoreProxy.replacing("bindings", slow, store);
    return builder.store(whole, keys);
  }

  @BeforeEach
  void theServiceAnswers() {
    service.stubFor(WireMock.get("/tickets/1").willReturn(okJson("{\"id\":\"1\"}")));
  }

  @Test
  @Tag("I2")
  @DisplayName("I2: what is taken away while a call waits for the store is gone when it goes on")
  void whatIsTakenAwayMeanwhileIsGone() {
    Connection connection = connect(ADA, "key");
    runtime.invoke(ADA, MINE, Tickets.GET, new TicketId("1"));
    try (ConnectorRuntime there = builder().store(store, keys).build()) {
      whileReading.set(
          () -> {
            there.connections().disable(ROOT, connection.id(), "lost laptop");
            clock.advance(Duration.ofSeconds(5));
          });

      assertThatExceptionOfType(ResolutionException.Broken.class)
          .isThrownBy(() -> runtime.invoke(ADA, OTHER, Tickets.GET, new TicketId("1")));
    }
  }
}
