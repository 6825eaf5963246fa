package dev.connectorsdk.internal.trigger;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Event;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.PollingTrigger;
import dev.connectorsdk.api.PollingTrigger.Start;
import dev.connectorsdk.api.WebhookTrigger;
import dev.connectorsdk.api.error.ConflictException;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.error.SecretUnreadableException;
import dev.connectorsdk.api.spi.TriggerStore;
import dev.connectorsdk.api.spi.TriggerStore.Claim;
import dev.connectorsdk.api.spi.TriggerStore.EventStatus;
import dev.connectorsdk.api.spi.TriggerStore.Life;
import dev.connectorsdk.api.spi.TriggerStore.Progress;
import dev.connectorsdk.api.spi.TriggerStore.Sealed;
import dev.connectorsdk.api.spi.TriggerStore.Standing;
import dev.connectorsdk.api.spi.TriggerStore.StoredEvent;
import dev.connectorsdk.api.spi.TriggerStore.StoredSubscription;
import dev.connectorsdk.api.spi.TriggerStore.Subject;
import dev.connectorsdk.api.spi.TriggerStore.SubscriptionFilter;
import dev.connectorsdk.internal.connection.Failures;
import dev.connectorsdk.internal.connection.Registry.ClientKey;
import dev.connectorsdk.internal.reference.ForeignFailures;
import dev.connectorsdk.internal.trigger.SubscriptionLife.Signal;
import dev.connectorsdk.internal.trigger.SubscriptionView.Registered;
import dev.connectorsdk.trigger.InboxEvent;
import dev.connectorsdk.trigger.Subscription;
import dev.connectorsdk.trigger.Subscription.Phase;
import dev.connectorsdk.trigger.SubscriptionSpec;
import dev.connectorsdk.trigger.Triggers;
import dev.connectorsdk.trigger.WebhookRequest;
import dev.connectorsdk.trigger.WebhookResponse;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Subscriptions as rows of the store. */
final class DefaultTriggers implements Triggers {

  private static final int LONGEST_PAGE = 1_000;

  private final TriggerStore store;
  private final Flows flows;
  private final Subscriptions subscriptions;
  private final SubscriptionDrafts drafts;
  private final SubscriptionChanges changes;
  private final LostCursors lost;
  private final Clock clock;
  private final Sources sources;
  private final Poller poller;
  private final Set<String> handlers;
  private final Receiver receiver;
  private final Consumer<Runnable> whenCommitted;

  DefaultTriggers(
      Turns.Parts parts,
      Flows flows,
      SubscriptionDrafts drafts,
      Set<String> handlers,
      Receiver receiver,
      Consumer<Runnable> whenCommitted) {
    this.store = parts.store();
    this.flows = flows;
    this.subscriptions = parts.subscriptions();
    this.drafts = drafts;
    this.changes = parts.changes();
    this.lost = parts.lost();
    this.clock = parts.pace().clock();
    this.sources = parts.sources();
    this.poller = parts.poller();
    this.handlers = Set.copyOf(handlers);
    this.receiver = receiver;
    this.whenCommitted = whenCommitted;
  }

  @Override
  public Subscription subscribe(Caller caller, SubscriptionSpec spec) {
    Flow flow = flows.changeableBy(caller);
    sources.requireRoom();
    StoredSubscription row = drafts.subscription(caller, flow, spec);
    if (!store.insertSubscription(row, Duration.ZERO)) {
      throw conflict(row.id());
    }
    whenCommitted.accept(
        () -> {
          sources.done(caller, row, "made");
          changes.wake();
        });
    return view(row);
  }

  @Override
  public List<Subscription> list(Caller caller) {
    Flow flow = flows.changeableBy(caller);
    var filter = new SubscriptionFilter(caller.environment(), flow.id(), null, null);
    List<StoredSubscription> rows = new ArrayList<>();
    Pages.forEach((after, limit) -> store.listSubscriptions(filter, after, limit), rows::add);
    return List.copyOf(views(rows));
  }

  @Override
  public List<Subscription> list(
      Administrator administrator, @Nullable String flow, String after, int limit) {
    if (limit < 1 || limit > LONGEST_PAGE) {
      throw new IllegalArgumentException("The limit must be 1 to 1,000, but was " + limit);
    }
    var filter = new SubscriptionFilter(administrator.environment().orElse(null), flow, null, null);
    JsonNodeFactory nodes = subscriptions.mapper().getNodeFactory();
    return views(store.listSubscriptions(filter, after, limit)).stream()
        .<Subscription>map(view -> view.withoutConfiguration(nodes))
        .toList();
  }

  @Override
  public Subscription inspect(Caller caller, String id) {
    return view(require(caller, id));
  }

  @Override
  public Subscription change(Caller caller, String id, SubscriptionSpec spec) {
    return changed(
        caller,
        id,
        "changed",
        row -> {
          Flow flow = flows.changeableBy(caller);
          requireGoingOn(row);
          StoredSubscription next = drafts.changed(caller, flow, row, spec);
          return drafts.isOutdated(row, next) && !row.progress().cursor().isEmpty()
              ? lost.lose(row, next, "What the cursor depends on was changed")
              : changes.write(row, next);
        });
  }

  private static void requireGoingOn(StoredSubscription row) {
    Phase phase = Subscriptions.phase(row);
    if (phase == Phase.ENDING || phase == Phase.ENDED) {
      throw new IllegalStateException(
          "Subscription '" + row.id() + "' is " + phase + " and cannot be changed");
    }
  }

  @Override
  public Subscription pause(Caller caller, String id) {
    return changed(
        caller, id, "paused", row -> changes.move(row, Signal.PAUSE, "Paused by the host"));
  }

  @Override
  public Subscription resume(Caller caller, String id) {
    return changed(caller, id, "resumed", row -> changes.move(row, Signal.RESUME, ""));
  }

  @Override
  public Subscription rewind(Caller caller, String id, Start start) {
    return changed(caller, id, "rewound", row -> rewound(row, start));
  }

  private Optional<StoredSubscription> rewound(StoredSubscription row, Start start) {
    drafts.requireStart(row, start);
    boolean wasLost = Subscriptions.phase(row) == Phase.CURSOR_LOST;
    StoredSubscription next =
        SubscriptionChanges.after(row, Signal.REWIND, wasLost ? "" : row.life().reason());
    String settings = subscriptions.text(subscriptions.settings(row).startingAgain(start));
    return changes.rewind(
        row,
        SubscriptionChanges.with(row, row.subject(), settings, wasLost ? next.life() : row.life()),
        rewound(row.progress(), start));
  }

  /** What a rewind leaves out is not proved by the polls after it. */
  private Progress rewound(Progress before, Start start) {
    Instant complete = before.completeUpTo();
    boolean leavesNothingOut =
        complete == null
            || start instanceof Start.All
            || (start instanceof Start.Since since && !since.instant().isAfter(complete));
    String proof =
        leavesNothingOut
            ? before.proof()
            : Proof.withGap(before.proof(), complete, clock.instant());
    return new Progress(Sealed.NONE, complete, proof);
  }

  /** Makes a change as often as the engine comes before it. */
  private Subscription changed(
      Caller caller,
      String id,
      String act,
      Function<StoredSubscription, Optional<StoredSubscription>> change) {
    sources.requireRoom();
    StoredSubscription changed =
        changes
            .persist(require(caller, id), row -> change.apply(row.orElseThrow(() -> unknown(id))))
            .orElseThrow(() -> conflict(id));
    sources.done(caller, changed, act);
    return view(changed);
  }

  private static ConflictException conflict(String id) {
    return new ConflictException("Subscription '" + id + "'");
  }

  @Override
  public void pollNow(Caller caller, String id) {
    requireActive(require(caller, id));
    // Who has claimed it is polling it just now.
    Optional<Claim> claim = store.claim(id, Watch.LEASE);
    if (claim.isPresent()) {
      StoredSubscription row = claim.get().subscription();
      store.release(claim.get(), row.outcome(), SubscriptionChanges.dueIn(row));
      requireActive(row);
    }
    changes.wake();
  }

  private static void requireActive(StoredSubscription row) {
    if (Subscriptions.phase(row) != Phase.ACTIVE) {
      throw new IllegalStateException(
          "Subscription '" + row.id() + "' is " + row.life().phase() + " and is not polled");
    }
  }

  @Override
  public List<Event<JsonNode>> preview(Caller caller, String id, int limit) {
    StoredSubscription row = require(caller, id);
    Source source = sources.of(row);
    PollingTrigger<?, ?, ?> asking =
        Sources.asking(source.trigger())
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "Trigger '"
                            + row.subject().trigger()
                            + "' is called by the service, and asks for nothing"));
    try {
      source.connection().requireOwn(source.trigger());
      return poller.look(row, source.of(asking), limit, poller.budget(source)).events();
    } catch (Exception | LinkageError | StackOverflowError e) {
      throw ForeignFailures.told(
          Failures.from(e, "Trigger '" + row.subject().trigger() + "'"),
          caller,
          source.reference(),
          source.connection());
    }
  }

  @Override
  public List<InboxEvent> events(
      Caller caller, String id, @Nullable EventStatus status, long after, int limit) {
    require(caller, id);
    return store.listEvents(id, status, after, limit).stream().map(this::event).toList();
  }

  private InboxEvent event(StoredEvent stored) {
    return new InboxEvent(
        stored.number(),
        stored.event().id(),
        stored.status(),
        stored.attempts(),
        stored.error(),
        stored.storedAt(),
        payload(stored));
  }

  private @Nullable JsonNode payload(StoredEvent stored) {
    try {
      return stored.event().payload().isEmpty() ? null : subscriptions.payload(stored);
    } catch (SecretUnreadableException e) {
      return null; // The next attempt says so in the event's error.
    }
  }

  @Override
  public boolean replay(Caller caller, String id, long number) {
    require(caller, id);
    boolean replayed = store.replay(id, number);
    changes.wakeForEvents();
    return replayed;
  }

  @Override
  public boolean drop(Caller caller, String id, long number) {
    require(caller, id);
    return store.drop(id, number);
  }

  @Override
  public boolean unsubscribe(Caller caller, String id) {
    Optional<StoredSubscription> row = find(caller, id);
    sources.requireRoom();
    boolean isEnded =
        row.isPresent() && changes.persist(row.get(), this::ended).orElseThrow(() -> conflict(id));
    if (isEnded) {
      sources.done(caller, row.get(), "ended");
    }
    return isEnded;
  }

  private Optional<Boolean> ended(Optional<StoredSubscription> row) {
    if (row.isEmpty()) {
      return Optional.of(false);
    }
    boolean done = isRegistered(row.get()) ? ends(row.get()) : isDeleted(row.get());
    return done ? Optional.of(true) : Optional.empty();
  }

  private boolean isDeleted(StoredSubscription row) {
    boolean deleted = store.deleteSubscription(row.id(), row.version());
    if (deleted) {
      changes.tellEnded(row);
    }
    return deleted;
  }

  /** What the service may know has to be removed there before. */
  private boolean isRegistered(StoredSubscription row) {
    if (row.registration().isEmpty() || Subscriptions.phase(row) == Phase.ENDED) {
      return false;
    }
    Leases leases = leases(row);
    return leases == null || !leases.all().isEmpty();
  }

  /** What is registered is removed by anybody, whether he has the handler or not. */
  private boolean ends(StoredSubscription row) {
    Subject subject = row.subject();
    boolean isEnding = Subscriptions.phase(row) == Phase.ENDING;
    if (isEnding && subject.handler().equals(TriggerTimer.ANYBODY)) {
      return true;
    }
    Life life =
        isEnding ? row.life() : SubscriptionChanges.after(row, Signal.UNSUBSCRIBE, "").life();
    Subject next = subject.handledBy(TriggerTimer.ANYBODY);
    return changes
        .write(row, SubscriptionChanges.with(row, next, row.settings(), life))
        .isPresent();
  }

  @Override
  public URI applicationUrl(String connector, String authOption) {
    return receiver.url(new ClientKey(null, ConnectorId.of(connector), authOption));
  }

  @Override
  public URI applicationUrl(String connector, String authOption, String environment) {
    return receiver.url(
        new ClientKey(Environment.of(environment), ConnectorId.of(connector), authOption));
  }

  @Override
  public WebhookResponse receive(WebhookRequest request) throws IOException {
    return receiver.receive(request);
  }

  private StoredSubscription require(Caller caller, String id) {
    return find(caller, id).orElseThrow(() -> unknown(id));
  }

  private static NotFoundException unknown(String id) {
    return new NotFoundException(
        "subscription", id, "The flow has none with this id in this environment.");
  }

  private Optional<StoredSubscription> find(Caller caller, String id) {
    Flow flow = flows.changeableBy(caller);
    return store
        .findSubscription(id)
        .filter(
            row ->
                row.subject().flow().equals(flow.id())
                    && row.subject().environment().equals(caller.environment()));
  }

  /** Returns the registrations, or {@code null} if there are none or they cannot be read. */
  private @Nullable Leases leases(StoredSubscription row) {
    try {
      return row.registration().isEmpty() ? null : subscriptions.leases(row);
    } catch (SecretUnreadableException e) {
      return null; // The next turn says so in the last error.
    }
  }

  private Subscription view(StoredSubscription row) {
    return view(row, store.inspect(row.id()).orElse(null));
  }

  private List<SubscriptionView> views(List<StoredSubscription> rows) {
    List<SubscriptionView> views = new ArrayList<>();
    for (int i = 0; i < rows.size(); i += LONGEST_PAGE) {
      List<StoredSubscription> some = rows.subList(i, Math.min(i + LONGEST_PAGE, rows.size()));
      Map<String, Standing> standings =
          store.inspect(some.stream().map(StoredSubscription::id).toList());
      some.forEach(row -> views.add(view(row, standings.get(row.id()))));
    }
    return List.copyOf(views);
  }

  private SubscriptionView view(StoredSubscription row, @Nullable Standing standing) {
    return new SubscriptionView(
        row,
        subscriptions.settings(row),
        Registered.of(leases(row)),
        standing,
        handlers.contains(row.subject().handler()),
        stopsReplays(row));
  }

  private boolean stopsReplays(StoredSubscription row) {
    try {
      return !(sources.trigger(row) instanceof WebhookTrigger<?, ?> webhook)
          || webhook.signature().stopsReplays();
    } catch (NotFoundException e) {
      return false;
    }
  }
}
