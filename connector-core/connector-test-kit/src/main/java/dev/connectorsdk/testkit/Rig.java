package dev.connectorsdk.testkit;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.file.FileTarget;
import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.fixtures.SettableClock;
import dev.connectorsdk.http.AddressPolicy;
import dev.connectorsdk.http.HttpLimits;
import dev.connectorsdk.invocation.CallOptions;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.runtime.RuntimeBuilder;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.store.InMemoryStore;
import dev.connectorsdk.testkit.KnownRegistrations.Known;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A runtime with one connection of a connector, whose service is played. */
final class Rig implements AutoCloseable {

  static final int LARGEST_ANSWER = 256 * 1024;

  private static final CallOptions OPTIONS =
      CallOptions.standard()
          .saveTo(FileTarget.of(OutputStream.nullOutputStream()).limitedTo(LARGEST_ANSWER));
  private static final String HANDLER = "contract";
  private static final long LONGEST_RUN_SECONDS = 20;
  private static final Principal ADA = Principal.user("ada");

  /** An event that was handed over. */
  record Handled(String subscription, String id, JsonNode payload) {}

  private final ContractSubject subject;
  private final Connector connector;
  private final SettableClock clock = new SettableClock();
  private final InMemoryStore store = new InMemoryStore(clock);
  private final KeyRing keys = KeyRing.random();
  private final PlayedService service = new PlayedService(clock);
  private final KnownRegistrations registrations = new KnownRegistrations();
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final List<Handled> handled = new CopyOnWriteArrayList<>();
  private final ConnectionReference reference;
  private final Caller caller;
  private final FirstSignIn signIn;
  private ConnectorRuntime runtime;

  Rig(ContractSubject subject) {
    this(subject, subject.connector());
  }

  Rig(ContractSubject subject, Connector adapted) {
    this.subject = subject;
    this.connector = registrations.watch(adapted);
    this.reference = ConnectionReference.embedded("contract", adapted.id());
    this.caller = ADA.in("test").running(Flow.of("contract", ADA).using(reference));
    ConnectionSpec spec = ConnectionSpec.of(adapted.id(), subject.option().id()).untested();
    this.signIn =
        new FirstSignIn(
            subject.option(),
            SampleValues.complete(spec, adapted, subject.option(), subject.values()));
    try {
      this.runtime = open();
      var connection = signIn.connect(runtime, ADA.in("test"));
      runtime.references().bind(ADA.in("test"), reference, connection.id());
      told.add(connection.toString());
    } catch (RuntimeException e) {
      service.close();
      throw e;
    }
  }

  private ConnectorRuntime open() {
    RuntimeBuilder builder =
        ConnectorRuntime.builder()
            .connector(connector)
            .store(store, keys)
            .addressPolicy(AddressPolicy.allowAll())
            .httpClient(LocalNetwork.leadingTo(service.url()))
            .limits(HttpLimits.standard().withMaxResponseBytes(LARGEST_ANSWER))
            .clock(clock)
            .sleeper(clock)
            .flows(FlowDirectory.of(Flow.of("contract", ADA).using(reference)))
            .publicAddress("https://host.test/hooks")
            .triggersByHand()
            .listener(event -> told.add(event.toString()))
            .handler(
                HANDLER,
                JsonNode.class,
                (payload, event) ->
                    handled.add(new Handled(event.subscription(), event.id(), payload)));
    subject.strategies().forEach(builder::authStrategy);
    signIn.register(builder);
    subject.settings().forEach(setting -> setting.accept(builder));
    return builder.build();
  }

  /** Ends the process, so to speak, and starts another one on the same store. */
  void restart() {
    runtime.close();
    runtime = open();
  }

  SettableClock clock() {
    return clock;
  }

  PlayedService service() {
    return service;
  }

  ConnectorRuntime runtime() {
    return runtime;
  }

  Caller caller() {
    return caller;
  }

  ConnectionReference reference() {
    return reference;
  }

  String handler() {
    return HANDLER;
  }

  List<Handled> handled() {
    return List.copyOf(handled);
  }

  KnownRegistrations registrations() {
    return registrations;
  }

  /** Returns what listeners were told, and how a connection prints itself. */
  List<String> told() {
    return List.copyOf(told);
  }

  /** Runs an action, which is given up if it does not end. */
  Outcome run(Probe probe) {
    return start(probe).outcome();
  }

  /** Begins to run an action. */
  Run start(Probe probe) {
    return new Run(probe);
  }

  /** A run on a thread of its own. */
  final class Run {

    private final AtomicReference<@Nullable Outcome> outcome = new AtomicReference<>();
    private final CountDownLatch end = new CountDownLatch(1);
    private final Thread thread;

    private Run(Probe probe) {
      thread =
          new Thread(
              () -> {
                Outcome ended;
                try {
                  JsonNode output =
                      runtime.invoke(caller, reference, probe.actionId(), probe.input(), OPTIONS);
                  ended = new Outcome(output, null, Thread.currentThread().isInterrupted());
                } catch (Throwable e) {
                  ended = new Outcome(null, e, Thread.currentThread().isInterrupted());
                }
                outcome.set(ended);
                end.countDown();
              },
              "contract");
      thread.setDaemon(true);
      thread.start();
    }

    void interrupt() {
      thread.interrupt();
    }

    Outcome outcome() {
      if (!await(end)) {
        thread.interrupt();
      }
      Outcome ended = outcome.get();
      return ended == null ? Outcome.endless() : ended;
    }
  }

  /** Waits for something that has to happen soon. */
  static boolean await(CountDownLatch event) {
    try {
      return event.await(LONGEST_RUN_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Returns every secret that the runtime holds or was told. */
  List<String> secrets() {
    List<String> all = new ArrayList<>(service.tokens());
    subject.values().values().stream()
        .filter(Secret.class::isInstance)
        .forEach(secret -> all.add(((Secret) secret).reveal()));
    all.add(signIn.clientSecret());
    for (var trigger : connector.triggers()) {
      Known known = registrations.of(trigger.id());
      if (known != null) {
        all.add(known.callback().secret().reveal());
        Secret own = known.registration().secret();
        if (own != null) {
          all.add(own.reveal());
        }
      }
    }
    all.removeIf(String::isEmpty);
    return all;
  }

  @Override
  public void close() {
    runtime.close();
    service.close();
  }
}
