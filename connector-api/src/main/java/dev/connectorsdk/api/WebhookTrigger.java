package dev.connectorsdk.api;

import static java.util.stream.Collectors.toUnmodifiableSet;

import dev.connectorsdk.api.webhook.Handshake;
import dev.connectorsdk.api.webhook.Signature;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Registers a URL that the service calls when something happens.
 *
 * <pre>{@code
 * static final WebhookTrigger<Project, Task> TASK_DONE =
 *     WebhookTrigger.builder("taskDone", Project.class, Task.class)
 *         .titled("When a task is done")
 *         .signature(Signatures.standardWebhooks())
 *         .subscribe(
 *             (project, callback, call) -> {
 *               NewHook hook = new NewHook(project.id(), callback.url(), callback.secret().reveal());
 *               return Registration.of(call.http().post("/hooks").json(hook).fetch(Hook.class).id());
 *             })
 *         .unsubscribe((hook, call) -> call.http().delete("/hooks/{id}", hook.id()).send())
 *         .receive(delivery -> Received.of(delivery.as(Task.class)));
 * }</pre>
 *
 * <p>The runtime makes the URL and a secret, keeps what the service answered, renews it before it
 * ends, checks each delivery before {@link #receive} sees it, and recognises repetitions.
 *
 * @param <C> the configuration of one subscription
 * @param <E> the payload of an event
 */
public non-sealed interface WebhookTrigger<C, E> extends Trigger<C, E> {

  /**
   * Registers a callback at the service. After a crash it may be called again for the same
   * subscription, with another URL or, where {@link #finder} has found nothing, the same one.
   *
   * @param configuration what the subscription watches; valid for {@link #configuration}
   * @param context valid until this method returns
   * @throws Exception as for {@link Action#execute}
   */
  Registration subscribe(C configuration, Callback callback, ActionContext context)
      throws Exception;

  /**
   * Returns what looks for the registration of a callback; empty if the service cannot be asked.
   *
   * <p>After a crash, what it finds is removed before the callback is registered again. It is also
   * how a registration that does not end by itself is checked, once a day.
   */
  default Optional<FindHandler<C>> finder() {
    return Optional.empty();
  }

  /**
   * Returns what has a registration last longer; empty if the service has no such call. Then a new
   * one is made before the old one ends.
   */
  default Optional<RenewHandler> renewer() {
    return Optional.empty();
  }

  /**
   * Removes a registration. It is no error if there is none any more: an answer 404 or 410 counts
   * as done. One that cannot be removed at all is an {@link
   * dev.connectorsdk.api.error.OperationUnsupportedException}: it is not tried again, the
   * registration is counted as an orphan, and what it sends is answered with 410.
   *
   * @param registration what {@link #subscribe} returned last, or what was renewed or found
   * @param context valid until this method returns
   * @throws Exception as for {@link Action#execute}
   */
  void unsubscribe(Registration registration, ActionContext context) throws Exception;

  /**
   * Returns how deliveries prove where they come from, how repetitions are recognised, and how the
   * service tries out the URL.
   */
  Signature signature();

  /**
   * Returns whether the service signs with a secret of the host's application, and not of each
   * registration: {@link dev.connectorsdk.api.auth.ClientRegistration#withWebhookSecrets}. Each
   * registration has a URL of its own all the same.
   */
  default boolean isSignedByApplication() {
    return false;
  }

  /**
   * Returns the parameter of the connection that holds the secret, or the public key, of the
   * deliveries; empty if they are signed with another one.
   */
  default Optional<String> secretParameter() {
    return Optional.empty();
  }

  /**
   * Returns what asks the service for public keys that it gives to its clients alone; empty if keys
   * are published, or there are none.
   */
  default Optional<KeyHandler> keys() {
    return Optional.empty();
  }

  /**
   * Returns the application whose one URL the service calls for all accounts; empty if each
   * registration has a URL of its own. All such triggers of a connector have the same one, and the
   * same {@link #contentTypes} and {@link #successStatus}.
   */
  default Optional<Application> application() {
    return Optional.empty();
  }

  /**
   * Returns what tells which events a subscription asks for; empty if the service sends it no
   * others.
   */
  default Optional<EventFilter<C, E>> filter() {
    return Optional.empty();
  }

  /**
   * Returns the media types that the service sends, such as {@code application/json} or {@code
   * image/*}; a body of another type is answered with 415. Empty for JSON, forms, XML and plain
   * text. A body without a type is always taken.
   */
  default Set<String> contentTypes() {
    return Set.of();
  }

  /** Returns the status that tells the service that a delivery has arrived: 200 to 299. */
  default int successStatus() {
    return 200;
  }

  /**
   * Returns a trigger that finds the same events, with the same ids, by asking. It is polled when
   * deliveries may have been missed, and once an hour: what it finds and the service has not sent
   * until an hour later is counted as lost by the sender.
   */
  default Optional<PollingTrigger<C, ?, E>> gapPoll() {
    return Optional.empty();
  }

  /**
   * Returns whether the {@linkplain #gapPoll gap poll} reads the log of deliveries that the service
   * keeps, and not what has happened there.
   */
  default boolean readsDeliveryLog() {
    return false;
  }

  /**
   * Reads a delivery that is authentic. Called on a thread of the host's web server; must not send
   * requests.
   *
   * @throws Exception if the delivery cannot be understood: it is answered with 400
   */
  Received<E> receive(Delivery delivery) throws Exception;

  /**
   * What the service is to call.
   *
   * @param url unguessable, and of one registration alone
   * @param secret random, for a service that signs its deliveries with a given secret
   */
  record Callback(URI url, Secret secret) {

    public Callback {
      Objects.requireNonNull(url, "url");
      Objects.requireNonNull(secret, "secret");
    }

    /** Returns no more than the host: whoever knows the whole URL may send events. */
    @Override
    public String toString() {
      return "Callback[" + url.getHost() + "]";
    }
  }

  /**
   * A registration at the service.
   *
   * @param id what the service calls it; at most 4,000 characters, kept encrypted
   * @param expiresAt when it ends by itself, or {@code null} if it does not
   * @param secret with which the service signs, if it has chosen that itself; {@code null} if it
   *     signs with the callback's secret or not at all
   */
  record Registration(String id, @Nullable Instant expiresAt, @Nullable Secret secret) {

    private static final int LONGEST = 4_000;

    public Registration {
      if (id.length() > LONGEST) {
        throw new IllegalArgumentException(
            "The id of a registration must have at most 4,000 characters, but has " + id.length());
      }
    }

    /** Returns a registration that does not end by itself. */
    public static Registration of(String id) {
      return new Registration(id, null, null);
    }

    /** Returns this registration with an end. */
    public Registration until(@Nullable Instant end) {
      return new Registration(id, end, secret);
    }

    /** Returns this registration with the secret that the service has chosen. */
    public Registration signedWith(Secret secret) {
      return new Registration(id, expiresAt, Objects.requireNonNull(secret, "secret"));
    }
  }

  /**
   * A request that arrived at the callback URL.
   *
   * @param method the HTTP method
   * @param headers by lower-case name, each with its values in order
   * @param query the undecoded query, or {@code null} if there was none
   * @param body the bytes as received, which must not be changed
   */
  @SuppressWarnings("ArrayRecordComponent") // Signatures are checked over these very bytes.
  record Delivery(
      String method, Map<String, List<String>> headers, @Nullable String query, byte[] body) {

    public Delivery {
      Objects.requireNonNull(method, "method");
      Objects.requireNonNull(headers, "headers");
      Objects.requireNonNull(body, "body");
    }

    /**
     * Returns the first value of a header, or {@code null} if there is none.
     *
     * @param name in any case
     */
    public @Nullable String header(String name) {
      List<String> values = headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
      return values.isEmpty() ? null : values.get(0);
    }

    /** Returns the body as text in UTF-8; what is none is replaced. */
    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    /**
     * Returns the body as JSON; a missing node if it is empty.
     *
     * @throws dev.connectorsdk.api.error.ResponseException if it is no JSON
     */
    public JsonNode json() {
      return DeliveryJson.tree(body);
    }

    /**
     * Maps the JSON of the body. Members that the type does not have are ignored.
     *
     * @throws dev.connectorsdk.api.error.ResponseException if it is no JSON, or of another shape
     */
    public <T> T as(Class<T> type) {
      return DeliveryJson.value(body, type);
    }

    /**
     * Returns the delivery as that of one account, as {@link NamedAccounts} wants it.
     *
     * @param account {@code null} or empty if it is for none: then nobody gets it
     */
    public Map<String, Delivery> wholeFor(@Nullable String account) {
      return account == null || account.isEmpty() ? Map.of() : Map.of(account, this);
    }

    /**
     * Returns what each account gets of a delivery that has a list for several ones, as {@link
     * NamedAccounts} wants it: the same delivery, whose body is the JSON array of its items.
     *
     * @param items the list in the body
     * @param account reads which account an item is for; those for which it returns {@code null} or
     *     an empty text are left out
     */
    public Map<String, Delivery> split(
        JsonNode items, Function<? super JsonNode, @Nullable String> account) {
      Map<String, StringJoiner> lists = new LinkedHashMap<>();
      for (JsonNode item : items) {
        String of = account.apply(item);
        if (of != null && !of.isEmpty()) {
          lists.computeIfAbsent(of, key -> new StringJoiner(",", "[", "]")).add(item.toString());
        }
      }
      Map<String, Delivery> parts = new LinkedHashMap<>();
      lists.forEach((of, list) -> parts.put(of, with(list.toString())));
      return parts;
    }

    private Delivery with(String json) {
      return new Delivery(method, headers, query, json.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns only the method and the size: all other parts may hold signatures or tokens. */
    @Override
    public String toString() {
      return "Delivery[" + method + ", " + body.length + " bytes]";
    }
  }

  /**
   * What a delivery means.
   *
   * @param <E> the payload of an event
   */
  sealed interface Received<E> {

    /**
     * Something happened, or nothing that the subscription asks for.
     *
     * @param events in the order in which they are to be handled
     * @param <E> the payload of an event
     */
    record Events<E>(List<Event<E>> events) implements Received<E> {

      public Events {
        events = List.copyOf(events);
      }
    }

    /**
     * The service says something about the registration.
     *
     * @param notice what it says
     * @param <E> the payload of an event
     */
    record Control<E>(Notice notice) implements Received<E> {

      public Control {
        Objects.requireNonNull(notice, "notice");
      }
    }

    /** Returns an event that gets its id from the delivery. */
    static <E> Received<E> of(E payload) {
      return new Events<>(List.of(new Event<>("", payload)));
    }

    /** Returns an event. */
    static <E> Received<E> event(Event<E> event) {
      return new Events<>(List.of(event));
    }

    /** Returns several events. */
    static <E> Received<E> events(List<Event<E>> events) {
      return new Events<>(events);
    }

    /** Returns what was sent about the registration. */
    static <E> Received<E> notice(Notice notice) {
      return new Control<>(notice);
    }

    /** Returns that the delivery is of no interest; it is answered like any other. */
    static <E> Received<E> nothing() {
      return new Events<>(List.of());
    }
  }

  /**
   * An application that a host has registered with a service, whose webhooks arrive at one URL for
   * all accounts.
   *
   * <p>A delivery is checked with the secrets of the application, {@link
   * dev.connectorsdk.api.auth.ClientRegistration#withWebhookSecrets}. Then it goes to the
   * subscriptions whose connection has proved to be of the account that the delivery names, and to
   * no others. One that names several is split: each account gets its part alone. Since a
   * connection proves that by what the service answers, its owner must have no say in where the
   * service is, but for a name below a domain that stands in {@link Connector#baseUrl}: {@code
   * https://{shop}.example.com}. Whatever is below that domain has to be the service's.
   *
   * <p>Handshakes are answered at any time, unprotected ones as well: nobody knows when the host
   * enters the URL at the service.
   *
   * @param signature how deliveries prove where they come from; not {@link Signature#unsigned},
   *     since the URL can be guessed. An unprotected handshake must not bring a secret, and must
   *     not be told by the body, which nobody has checked
   * @param connected asks the service which account a connection is of
   * @param named says which accounts an authentic delivery is for
   */
  record Application(Signature signature, ConnectedAccount connected, NamedAccounts named) {

    public Application {
      Objects.requireNonNull(signature, "signature");
      Objects.requireNonNull(connected, "connected");
      Objects.requireNonNull(named, "named");
      if (signature.isUnsigned()) {
        throw new IllegalArgumentException(
            "Deliveries for an application have to be signed: its URL can be guessed");
      }
      signature.handshakes().forEach(Application::requireHarmless);
    }

    private static void requireHarmless(Handshake handshake) {
      if (handshake.learns() != null) {
        throw new IllegalArgumentException(
            "A handshake cannot bring the secret of an application: the host gives it");
      }
      if (!handshake.isSigned()
          && handshake.token() == null
          && handshake.conditions().stream().anyMatch(c -> c.place().isInBody())) {
        throw new IllegalArgumentException(
            "An unprotected handshake for an application cannot be told by a body that nobody has"
                + " checked");
      }
    }
  }

  /** The code that asks which account a connection is of. */
  @FunctionalInterface
  interface ConnectedAccount {

    /**
     * Returns what the service calls the account, or the installation of the application in it.
     *
     * @param context valid until this method returns
     * @return 1 to 1,000 characters
     * @throws Exception as for {@link Action#execute}
     */
    String of(ActionContext context) throws Exception;
  }

  /** The code that reads which accounts a delivery is for. */
  @FunctionalInterface
  interface NamedAccounts {

    /**
     * Returns what each account gets of an authentic delivery: {@link Delivery#wholeFor} where one
     * names a single account, {@link Delivery#split} where it has events of several. Accounts are
     * called as {@link ConnectedAccount#of} calls them, and have to stand in what the signature
     * covers. Of what is repeated, the same has to be returned.
     *
     * @return what {@link WebhookTrigger#receive} gets, by account; empty if the delivery is for
     *     none: then nobody gets it
     * @throws Exception if the delivery cannot be understood: it is answered with 400
     */
    Map<String, Delivery> in(Delivery delivery) throws Exception;
  }

  /**
   * The code that tells which events a subscription asks for.
   *
   * @param <C> the configuration of one subscription
   * @param <E> the payload of an event
   */
  @FunctionalInterface
  interface EventFilter<C, E> {

    /**
     * Returns whether a subscription asks for an event. Called as {@link WebhookTrigger#receive}
     * is.
     */
    boolean accepts(C configuration, E payload);
  }

  /** What a service may say of a registration at its URL. */
  enum Notice {
    /** It ends soon. It is renewed. */
    RENEW,
    /** It has ended, or will send nothing more. A new one is made. */
    RECREATE,
    /** Deliveries were missed. They are looked for by the {@linkplain #gapPoll gap poll}. */
    GAP
  }

  /**
   * The code that registers a callback.
   *
   * @param <C> the configuration of one subscription
   */
  @FunctionalInterface
  interface SubscribeHandler<C> {

    /** Registers the callback; see {@link WebhookTrigger#subscribe}. */
    Registration subscribe(C configuration, Callback callback, ActionContext context)
        throws Exception;
  }

  /**
   * The code that looks for the registration of a callback.
   *
   * @param <C> the configuration of one subscription
   */
  @FunctionalInterface
  interface FindHandler<C> {

    /**
     * Looks for the registration of a callback.
     *
     * @param configuration as it was given to {@link WebhookTrigger#subscribe}
     * @param callback the one to look for
     * @param context valid until this method returns
     * @return empty if the service has none with this URL
     * @throws Exception as for {@link Action#execute}
     */
    Optional<Registration> find(C configuration, Callback callback, ActionContext context)
        throws Exception;
  }

  /** The code that asks for the public key of a signature. */
  @FunctionalInterface
  interface KeyHandler {

    /**
     * Asks for a key with the connection that the callback was registered with. What it returns is
     * kept as published keys are. Called on a thread of the host's web server; may take 5 s.
     *
     * @param keyId the key that a delivery names, which nobody has checked
     * @param context valid until this method returns
     * @return a JWK set with this key; RFC 7517
     * @throws Exception as for {@link Action#execute}; the delivery is answered with 503
     */
    String key(String keyId, ActionContext context) throws Exception;
  }

  /** The code that has a registration last longer. */
  @FunctionalInterface
  interface RenewHandler {

    /**
     * Has a registration last longer.
     *
     * @param context valid until this method returns
     * @return the registration with its new end; without a secret, the former one stays
     * @throws Exception as for {@link Action#execute}; after an answer 404 or 410 a new
     *     registration is made
     */
    Registration renew(Registration registration, ActionContext context) throws Exception;
  }

  /** The code that removes a registration. */
  @FunctionalInterface
  interface UnsubscribeHandler {

    /** Removes the registration; see {@link WebhookTrigger#unsubscribe}. */
    void unsubscribe(Registration registration, ActionContext context) throws Exception;
  }

  /**
   * The code that reads a delivery.
   *
   * @param <E> the payload of an event
   */
  @FunctionalInterface
  interface ReceiveHandler<E> {

    /** Reads the delivery; see {@link WebhookTrigger#receive}. */
    Received<E> receive(Delivery delivery) throws Exception;
  }

  /** Starts a trigger whose configuration and event are records or other types for Jackson. */
  static <C, E> Builder<C, E> builder(String id, Class<C> configuration, Class<E> event) {
    return builder(id, Shape.of(configuration), Shape.of(event));
  }

  /** Starts a trigger with any shapes, such as {@link Shape#json} for dynamic events. */
  static <C, E> Builder<C, E> builder(String id, Shape<C> configuration, Shape<E> event) {
    return new Builder<>(id, configuration, event);
  }

  /**
   * Collects the parts of a webhook trigger. Not safe for use by several threads.
   *
   * @param <C> the configuration of one subscription
   * @param <E> the payload of an event
   */
  final class Builder<C, E> extends TriggerBuilder<C, E, Builder<C, E>> {

    private static final String MEDIA_TYPE = "[a-z0-9!#$&^_.+-]+/([a-z0-9!#$&^_.+-]+|\\*)";

    private @Nullable SubscribeHandler<C> subscribe;
    private @Nullable UnsubscribeHandler unsubscribe;
    private @Nullable Signature signature;
    boolean isSignedByApplication;
    @Nullable String secretParameter;
    @Nullable KeyHandler keys;
    @Nullable Application application;
    @Nullable EventFilter<C, E> filter;
    @Nullable FindHandler<C> find;
    @Nullable RenewHandler renew;
    Set<String> contentTypes = Set.of();
    int successStatus = 200;
    @Nullable PollingTrigger<C, ?, E> gapPoll;
    boolean readsDeliveryLog;

    private Builder(String id, Shape<C> configuration, Shape<E> event) {
      super(id, configuration, event);
    }

    @Override
    Builder<C, E> self() {
      return this;
    }

    /**
     * Sets how deliveries prove where they come from. For a service that signs nothing it is {@code
     * Signature.unsigned().build()}: whoever gets to know the URL can then send events.
     */
    public Builder<C, E> signature(Signature signature) {
      this.signature = Objects.requireNonNull(signature, "signature");
      return this;
    }

    /**
     * Sets how deliveries prove where they come from, if the service signs with a secret of the
     * host's application; see {@link WebhookTrigger#isSignedByApplication}.
     */
    public Builder<C, E> signatureByApplication(Signature signature) {
      this.isSignedByApplication = true;
      return signature(signature);
    }

    /**
     * Sets how deliveries prove where they come from, if the owner of the connection enters the
     * secret; see {@link WebhookTrigger#secretParameter}.
     *
     * @param parameter a secret parameter of the connection
     */
    public Builder<C, E> signatureByParameter(String parameter, Signature signature) {
      this.secretParameter = Objects.requireNonNull(parameter, "parameter");
      return signature(signature);
    }

    /**
     * Has the service call one URL for all accounts of an application, in place of {@link
     * #signature}. What is left to {@link #subscribe} and {@link #unsubscribe} is what the service
     * has to be told for one account; nothing unless they are called.
     *
     * @param application the same for all triggers of a connector, as their content types and their
     *     status for success have to be
     */
    public Builder<C, E> application(Application application) {
      this.application = Objects.requireNonNull(application, "application");
      this.signature = application.signature();
      this.subscribe = (configuration, callback, context) -> Registration.of("");
      this.unsubscribe = (registration, context) -> {};
      return this;
    }

    /**
     * Sets how the service is asked for a public key of its signatures; see {@link
     * WebhookTrigger#keys}.
     */
    public Builder<C, E> keys(KeyHandler handler) {
      this.keys = Objects.requireNonNull(handler, "handler");
      return this;
    }

    /** Sets which events a subscription asks for, if the service sends it others too. */
    public Builder<C, E> only(EventFilter<C, E> filter) {
      this.filter = Objects.requireNonNull(filter, "filter");
      return this;
    }

    /**
     * Sets the media types that the service sends; see {@link WebhookTrigger#contentTypes}.
     *
     * @throws IllegalArgumentException if one is no media type, or there are none
     */
    public Builder<C, E> contentTypes(String... types) {
      this.contentTypes =
          Stream.of(types).map(type -> type.toLowerCase(Locale.ROOT)).collect(toUnmodifiableSet());
      if (types.length == 0 || !contentTypes.stream().allMatch(type -> type.matches(MEDIA_TYPE))) {
        throw new IllegalArgumentException("These are no media types: " + contentTypes);
      }
      return this;
    }

    /**
     * Sets the status that tells the service that a delivery has arrived. The default is 200.
     *
     * @throws IllegalArgumentException if it is not between 200 and 299
     */
    public Builder<C, E> successStatus(int status) {
      if (status < 200 || status > 299) {
        throw new IllegalArgumentException(
            "The status for success must be between 200 and 299, but was " + status);
      }
      this.successStatus = status;
      return this;
    }

    /** Sets how the same events are found by asking; see {@link WebhookTrigger#gapPoll}. */
    public Builder<C, E> fillingGapsWith(PollingTrigger<C, ?, E> trigger) {
      this.gapPoll = Objects.requireNonNull(trigger, "trigger");
      this.readsDeliveryLog = false;
      return this;
    }

    /**
     * Sets how the same events are found in the log of deliveries that the service keeps; see
     * {@link WebhookTrigger#readsDeliveryLog}.
     */
    public Builder<C, E> fillingGapsFromDeliveryLog(PollingTrigger<C, ?, E> trigger) {
      fillingGapsWith(trigger);
      this.readsDeliveryLog = true;
      return this;
    }

    /** Sets how a callback is registered at the service. */
    public Builder<C, E> subscribe(SubscribeHandler<C> handler) {
      this.subscribe = Objects.requireNonNull(handler, "handler");
      return this;
    }

    /** Sets how the registration of a callback is found; see {@link WebhookTrigger#finder}. */
    public Builder<C, E> find(FindHandler<C> handler) {
      this.find = Objects.requireNonNull(handler, "handler");
      return this;
    }

    /** Sets how a registration is renewed; see {@link WebhookTrigger#renewer}. */
    public Builder<C, E> renew(RenewHandler handler) {
      this.renew = Objects.requireNonNull(handler, "handler");
      return this;
    }

    /** Sets how a registration is removed. */
    public Builder<C, E> unsubscribe(UnsubscribeHandler handler) {
      this.unsubscribe = Objects.requireNonNull(handler, "handler");
      return this;
    }

    /**
     * Returns the trigger that reads deliveries with {@code handler}.
     *
     * @throws IllegalStateException if {@link #signature}, {@link #subscribe} or {@link
     *     #unsubscribe} was not called
     */
    public WebhookTrigger<C, E> receive(ReceiveHandler<E> handler) {
      return new BuiltWebhookTrigger<>(
          this,
          required("signature", signature),
          required("subscribe", subscribe),
          required("unsubscribe", unsubscribe),
          Objects.requireNonNull(handler, "handler"));
    }

    private <T> T required(String part, @Nullable T handler) {
      if (handler == null) {
        throw new IllegalStateException("Webhook trigger '" + id + "' needs " + part + "(...)");
      }
      return handler;
    }
  }
}
