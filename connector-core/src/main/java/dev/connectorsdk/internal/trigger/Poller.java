package dev.connectorsdk.internal.trigger;

import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Event;
import dev.connectorsdk.api.PollingTrigger;
import dev.connectorsdk.api.PollingTrigger.Batch;
import dev.connectorsdk.api.PollingTrigger.Poll;
import dev.connectorsdk.api.Trigger;
import dev.connectorsdk.api.error.ActionFailedException;
import dev.connectorsdk.api.error.CursorLostException;
import dev.connectorsdk.api.internal.EmbeddedFiles;
import dev.connectorsdk.api.internal.JsonPointers;
import dev.connectorsdk.api.spi.TriggerStore.NewEvent;
import dev.connectorsdk.api.spi.TriggerStore.Progress;
import dev.connectorsdk.api.spi.TriggerStore.Sealed;
import dev.connectorsdk.api.spi.TriggerStore.StoredSubscription;
import dev.connectorsdk.internal.connection.CallContext;
import dev.connectorsdk.internal.connection.RuntimeServices;
import dev.connectorsdk.internal.http.CallBudget;
import dev.connectorsdk.internal.observation.Observations.What;
import dev.connectorsdk.internal.schema.Schemas;
import dev.connectorsdk.internal.trigger.RecordedCalls.Call;
import dev.connectorsdk.internal.trigger.SubscriptionSettings.Handling;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks services for events. Stores nothing. Safe for several threads. */
final class Poller {

  /** For how many events a poll asks. */
  static final int LIMIT = 100;

  private static final int LARGEST_CURSOR = 256 * 1024;

  private final Subscriptions subscriptions;
  private final Schemas schemas;
  private final RuntimeServices services;
  private final EventWriter writer;
  private final RecordedCalls calls;

  Poller(Subscriptions subscriptions, Schemas schemas, RuntimeServices services) {
    this.subscriptions = subscriptions;
    this.schemas = schemas;
    this.services = services;
    this.writer = new EventWriter(subscriptions, services.random());
    this.calls = new RecordedCalls(services);
  }

  /**
   * What a poll found, ready to be stored.
   *
   * @param more whether to poll again at once
   * @param pause how long the service wants nobody to poll, or {@code null}
   * @param moved whether the cursor is another one than before
   * @param least how long the service wants to be left alone between two polls
   */
  record Polled(
      Progress progress,
      List<NewEvent> events,
      boolean more,
      @Nullable Duration pause,
      boolean moved,
      Duration least) {}

  /** What a trigger returned, with its payloads as JSON. */
  record Found(
      List<Event<JsonNode>> events, JsonNode next, boolean more, @Nullable Duration pause) {}

  /**
   * Polls once.
   *
   * @param claimed since when nobody else can, by the store's clock
   * @param proof what a poll that comes to the end proves with
   * @throws CursorLostException if the cursor is of no use any more
   * @throws Exception whatever the trigger throws
   */
  Polled poll(
      StoredSubscription row, Instant claimed, Source source, Proof proof, CallBudget budget)
      throws Exception {
    CursorEnvelope before = cursor(row, source);
    Instant reading = before == null ? null : before.began();
    Instant began = reading == null ? claimed : reading;
    PollingTrigger<?, ?, ?> trigger = (PollingTrigger<?, ?, ?>) source.trigger();
    Found found = ask(trigger, source, before, limit(row), budget);
    CursorEnvelope after =
        new CursorEnvelope(Home.of(source.connection()), found.next(), found.more() ? began : null);
    boolean moved = before == null || !before.leadsWhere(after);
    boolean same = !moved && Objects.equals(reading, after.began());
    Progress old = row.progress();
    Sealed cursor = same ? old.cursor() : subscriptions.sealCursor(row.id(), text(row, after));
    return new Polled(
        found.more()
            ? old.with(cursor)
            : new Progress(
                cursor,
                later(old.completeUpTo(), began.minus(trigger.lateness())),
                proof.after(old.proof())),
        writer.rows(row, source.settings().handling(), found.events()),
        found.more(),
        found.pause(),
        moved,
        trigger.minimumInterval());
  }

  /** Asks for what a poll would find, at most so many if the trigger keeps to it. */
  Found look(StoredSubscription row, Source source, int limit, CallBudget budget) throws Exception {
    PollingTrigger<?, ?, ?> trigger = (PollingTrigger<?, ?, ?>) source.trigger();
    return ask(trigger, source, cursor(row, source), limit, budget);
  }

  /** Returns what a poll may spend. */
  CallBudget budget(Source source) {
    return new CallBudget(services.clock(), Watch.LIMIT, Effect.READ, null, null)
        .of(source.caller());
  }

  /** A batch that was too large comes in smaller parts. */
  private static int limit(StoredSubscription row) {
    return Math.max(1, LIMIT >> Math.min(row.outcome().failures(), 10));
  }

  private @Nullable CursorEnvelope cursor(StoredSubscription row, Source source) {
    if (row.progress().cursor().isEmpty()) {
      return null;
    }
    CursorEnvelope cursor = CursorEnvelope.read(subscriptions.openCursor(row));
    if (!cursor.home().hasEventsOf(source.connection())) {
      throw new CursorLostException(
          "The reference leads to another account or address than before");
    }
    return cursor;
  }

  private <C, K, E> Found ask(
      PollingTrigger<C, K, E> trigger,
      Source source,
      @Nullable CursorEnvelope cursor,
      int limit,
      CallBudget budget)
      throws Exception {
    SubscriptionSettings settings = source.settings();
    C configuration = configuration(trigger, settings);
    var poll =
        new Poll<C, K>(
            configuration,
            read(trigger, cursor),
            settings.start(),
            limit,
            services.clock().instant());
    var context = CallContext.of(source.connection(), services.transport(), budget);
    Batch<K, E> batch =
        calls.run(
            Call.of(What.POLL, Effect.READ, trigger, source), () -> poll(trigger, poll, context));
    if (batch == null) {
      throw new ActionFailedException("Trigger '" + trigger.id() + "' returned null");
    }
    return found(trigger, batch);
  }

  private static <C, K, E> @Nullable Batch<K, E> poll(
      PollingTrigger<C, K, E> trigger, Poll<C, K> poll, CallContext context) throws Exception {
    try {
      return trigger.poll(poll, context);
    } catch (Exception e) {
      if (poll.cursor() != null && CursorLostException.isMeantBy(e)) {
        throw e instanceof CursorLostException lost
            ? lost
            : new CursorLostException("The service answered 410 (Gone)");
      }
      throw e;
    }
  }

  private <K> @Nullable K read(PollingTrigger<?, K, ?> trigger, @Nullable CursorEnvelope cursor) {
    if (cursor == null) {
      return null;
    }
    JsonMapper mapper = subscriptions.mapper();
    JavaType type = mapper.constructType(trigger.cursor().type());
    try {
      return mapper.readerFor(type).readValue(cursor.next());
    } catch (JacksonException e) {
      throw new CursorLostException(
          "The trigger cannot read its cursor any more: it was changed meanwhile");
    }
  }

  /** Returns what a subscription watches, as its trigger has it. */
  <C> C configuration(Trigger<C, ?> trigger, SubscriptionSettings settings) {
    return schemas
        .validatorFor(trigger.configuration())
        .read("trigger '" + trigger.id() + "'", settings.configuration());
  }

  /**
   * Returns events that were sent, ready to be stored.
   *
   * @throws ActionFailedException if they do not fit into the inbox
   */
  List<NewEvent> sent(StoredSubscription row, Handling handling, List<Event<JsonNode>> events) {
    List<NewEvent> rows = writer.rows(row, handling, events);
    if (rows.stream().anyMatch(one -> one.payload().isEmpty())) {
      throw new ActionFailedException("An event that was sent is too large for the inbox");
    }
    return rows;
  }

  /**
   * Returns events with their payloads as JSON.
   *
   * @throws ActionFailedException if one has a file in it, or is no JSON
   */
  <E> List<Event<JsonNode>> json(String trigger, List<Event<E>> events) {
    List<Event<JsonNode>> all = new ArrayList<>();
    for (Event<E> event : events) {
      all.add(new Event<>(event.id(), event.key(), json(trigger, "an event", event.payload())));
    }
    return all;
  }

  private JsonNode json(String trigger, String what, @Nullable Object returned) {
    JsonNode json;
    try {
      json = subscriptions.mapper().valueToTree(returned);
    } catch (JacksonException e) {
      // Its message can quote the value.
      throw new ActionFailedException(
          "Trigger '"
              + trigger
              + "' returned "
              + what
              + " that cannot be written as JSON"
              + JsonPointers.inMessage(e));
    }
    List<String> files = EmbeddedFiles.in(json);
    if (!files.isEmpty()) {
      throw new ActionFailedException(
          "Trigger '"
              + trigger
              + "' returned "
              + what
              + " with a file at "
              + files.get(0)
              + ", which cannot be stored");
    }
    return json;
  }

  private <K, E> Found found(PollingTrigger<?, K, E> trigger, Batch<K, E> batch) {
    return new Found(
        json(trigger.id(), batch.events()),
        json(trigger.id(), "a cursor", batch.next()),
        batch.more(),
        batch.pause());
  }

  private String text(StoredSubscription row, CursorEnvelope cursor) {
    String text = cursor.json(subscriptions.mapper().getNodeFactory()).toString();
    if (text.length() > LARGEST_CURSOR) {
      throw new ActionFailedException(
          "The cursor of trigger '"
              + row.subject().trigger()
              + "' is longer than 256 KiB: have it watch less, or rewind it");
    }
    return text;
  }

  /** What was proved once stays so. */
  private static Instant later(@Nullable Instant one, Instant other) {
    return one == null || one.isBefore(other) ? other : one;
  }
}
