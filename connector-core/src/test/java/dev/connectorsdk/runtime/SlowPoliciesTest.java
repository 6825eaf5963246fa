package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Choices;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Form;
import dev.connectorsdk.api.FormSchema;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.event.ConnectorEvent.PolicyBroken;
import dev.connectorsdk.api.spi.PolicyStore;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.DataPolicy.Mode;
import dev.connectorsdk.runtime.Tickets.TicketId;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.store.InMemoryStore;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A form whose call has to wait for the data policies. */
@Tag("I2")
class SlowPoliciesTest extends HostTest {

  private static final Caller CYD = Principal.user("cyd").in("dev");
  private static final Flow APP =
      Flow.app("desk", ADA.principal())
          .runnableBy(CYD.principal())
          .calling(SHARED, Tickets.GET.id());

  /** Offers what one ticket says. */
  private static final Form FORM =
      new Form() {
        @Override
        public Choices choices(
            String path, JsonNode inputs, Choices.@Nullable Choice parent, Calls calls) {
          calls.call(Tickets.GET.id(), inputs);
          return Choices.none();
        }

        @Override
        public FormSchema input(JsonNode inputs, Calls calls) {
          throw new UnsupportedOperationException();
        }

        @Override
        public FormSchema output(JsonNode inputs, Calls calls) {
          throw new UnsupportedOperationException();
        }
      };

  private static final Action<TicketId, ?> CHOSEN =
      Action.builder("chosen", Effect.READ, TicketId.class).form(FORM).run((in, call) -> {});

  private final KeyRing keys = KeyRing.random();
  private final InMemoryStore store = new InMemoryStore();
  private final AtomicReference<Runnable> whileReading = new AtomicReference<>(() -> {});

  @Override
  Connector connector() {
    return Tickets.builder(url()).action(CHOSEN).build();
  }

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    PolicyStore slow =
        StoreProxy.of(
            PolicyStore.class,
            (method, arguments) -> {
              whileReading.getAndSet(() -> {}).run();
              return method.invoke(store.policies(), arguments);
            });
    return builder.store(StoreProxy.replacing("policies", slow, store), keys);
  }

  private static void confirm(ConnectorRuntime runtime, Flow app) {
    Caller ada = ADA.running(app);
    runtime.references().confirmShare(ada, runtime.references().previewShare(ada));
  }

  @Test
  @DisplayName("I2: a form calls nothing that is shared no longer once the policies are read")
  void anOperationThatIsSharedNoLongerIsRefused() {
    runtime.references().bind(ADA, SHARED, connect(ADA, "adas").id());
    confirm(runtime, APP);
    clock.advance(Duration.ofSeconds(3));
    Caller cyd = CYD.running(APP);
    runtime.references().resolve(cyd, SHARED);
    clock.advance(Duration.ofSeconds(2));
    try (ConnectorRuntime there = builder().store(store, keys).build()) {
      Flow narrower =
          Flow.app("desk", ADA.principal())
              .runnableBy(CYD.principal())
              .calling(SHARED, Tickets.LIST.id());
      whileReading.set(
          () -> {
            confirm(there, narrower);
            clock.advance(Duration.ofSeconds(4));
          });

      assertThatExceptionOfType(ResolutionException.Denied.class)
          .isThrownBy(() -> runtime.forms().choices(cyd, SHARED, "chosen", "id", Map.of("id", "1")))
          .withMessageEndingWith("the connection is shared for other operations alone.");
      service.verify(0, anyRequestedFor(anyUrl()));
    }
  }

  @Test
  @DisplayName("I2: what is unbound while a policy that is tried out is told of is gone")
  void whatIsUnboundWhileAListenerIsToldIsGone() {
    AtomicReference<Runnable> whileTold = new AtomicReference<>(() -> {});
    runtime.close();
    runtime =
        with(builder())
            .freshness(Duration.ofSeconds(5))
            .listener(
                event -> {
                  if (event instanceof PolicyBroken) {
                    whileTold.get().run();
                  }
                })
            .build();
    runtime.references().bind(ADA, SHARED, connect(ADA, "adas").id());
    runtime
        .policies()
        .save(
            Administrator.ofRuntime(Principal.user("root")),
            DataPolicy.named("candidate").blocked("tickets").mode(Mode.AUDIT).build(),
            0);
    runtime.references().resolve(ADA, SHARED);
    try (ConnectorRuntime there = builder().store(store, keys).build()) {
      whileTold.set(
          () -> {
            there.references().unbind(ADA, SHARED);
            clock.advance(Duration.ofSeconds(5));
          });

      assertThatExceptionOfType(ResolutionException.Unbound.class)
          .isThrownBy(() -> runtime.invoke(ADA, SHARED, Tickets.GET, new TicketId("1")));
      service.verify(0, anyRequestedFor(anyUrl()));
    }
  }
}
