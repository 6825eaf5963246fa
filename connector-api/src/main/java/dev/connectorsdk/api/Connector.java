package dev.connectorsdk.api;

import dev.connectorsdk.api.internal.HostPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one service offers: identity, ways to authenticate, parameters, actions, triggers.
 *
 * <p>A connector is an immutable value, made by {@link #builder} or by implementing this interface.
 * All connections and threads share it; its methods return the same each time and do no I/O. What
 * differs between connections reaches the code of its operations as {@link ActionContext}.
 *
 * <pre>{@code
 * Connector.builder("tickets", "https://{site}.tickets.example/api")
 *     .titled("Tickets")
 *     .parameter(ConnectionParameter.text("site").titled("Site"))
 *     .auth(AuthOption.apiKeyHeader("X-Api-Key"))
 *     .action(LIST_TICKETS)
 *     .test(call -> Account.of(call.http().get("/me").fetch(Me.class).login()))
 *     .build();
 * }</pre>
 */
public interface Connector {

  /** Returns the stable id. */
  ConnectorId id();

  /** Returns the version of the connector, in its author's own numbering. */
  String version();

  /** Returns the name that people read. */
  String title();

  /** Returns what the service is, in one or two sentences; empty if the author did not say. */
  String description();

  /**
   * Returns the template of the URL that relative paths belong to, such as {@code
   * https://{site}.example.com/v2}. A name in braces is a connection parameter.
   *
   * <p>A parameter inside the host name accepts one DNS label unless the parameter has a pattern; a
   * parameter that is the whole beginning ({@code {instance}/api}) accepts an https URL.
   */
  String baseUrl();

  /**
   * Returns templates of further origins ({@code https://upload.example.com}) that requests of a
   * connection may go to with its credentials, besides the origin of {@link #baseUrl}.
   */
  default List<String> additionalOrigins() {
    return List.of();
  }

  /**
   * Returns the hosts that keep the service's files, such as {@code objects.files.example} or, for
   * all below a domain, {@code *.files.example}. Where the service redirects a GET or HEAD request
   * to one of them, the request is sent on without credentials, cookies and headers of its own;
   * only {@code Range}, {@code If-Range} and {@code User-Agent} go along. Upload sessions that the
   * service opens there get no credentials either. All of this by https; by http only on this
   * machine, and if the service is asked by http, too. Redirects to hosts that are neither here nor
   * among the origins of the connection are refused.
   */
  default List<String> fileHosts() {
    return List.of();
  }

  /**
   * Returns the parameters of every connection, whatever its auth option; see {@link
   * #parameters(AuthOption)} for all that a connection is asked for.
   */
  default List<ConnectionParameter> parameters() {
    return List.of();
  }

  /** Returns the ways to authenticate, the recommended one first; at least one. */
  List<AuthOption> authOptions();

  /** Returns the actions, in the order in which they are shown. */
  List<Action<?, ?>> actions();

  /** Returns the triggers, in the order in which they are shown. */
  default List<Trigger<?, ?>> triggers() {
    return List.of();
  }

  /** Returns the code that finds out whether a connection works; empty if there is none. */
  default Optional<ConnectionTest> connectionTest() {
    return Optional.empty();
  }

  /** Returns the option with this id. */
  default Optional<AuthOption> authOption(String id) {
    for (AuthOption option : authOptions()) {
      if (option.id().equals(id)) {
        return Optional.of(option);
      }
    }
    return Optional.empty();
  }

  /**
   * Returns what a connection with {@code option} is asked for: the parameters of the option, then
   * those of the connector. A parameter of the option replaces one of the connector that has the
   * same name, whatever the case. A parameter whose value the service may give is optional, even if
   * it was declared as required; see {@link dev.connectorsdk.api.auth.AuthScheme#captured}.
   *
   * @param option one of {@link #authOptions}
   */
  default List<ConnectionParameter> parameters(AuthOption option) {
    List<ConnectionParameter> all = new ArrayList<>(option.parameters());
    for (ConnectionParameter parameter : parameters()) {
      if (all.stream().noneMatch(p -> p.isNamed(parameter.name()))) {
        all.add(parameter);
      }
    }
    Set<String> captured = option.scheme().captured();
    all.replaceAll(p -> captured.stream().anyMatch(p::isNamed) ? p.optional() : p);
    return List.copyOf(all);
  }

  /** Returns the action with this id. */
  default Optional<Action<?, ?>> action(String id) {
    for (Action<?, ?> action : actions()) {
      if (action.id().equals(id)) {
        return Optional.of(action);
      }
    }
    return Optional.empty();
  }

  /** Returns the trigger with this id. */
  default Optional<Trigger<?, ?>> trigger(String id) {
    for (Trigger<?, ?> trigger : triggers()) {
      if (trigger.id().equals(id)) {
        return Optional.of(trigger);
      }
    }
    return Optional.empty();
  }

  /**
   * Starts a connector.
   *
   * @param id see {@link ConnectorId}
   * @param baseUrl see {@link #baseUrl}
   */
  static Builder builder(String id, String baseUrl) {
    return new Builder(ConnectorId.of(id), baseUrl);
  }

  /** Collects the parts of a connector. Not safe for use by several threads. */
  final class Builder {

    final ConnectorId id;
    final String baseUrl;
    String version = "0";
    String title;
    String description = "";
    final List<String> additionalOrigins = new ArrayList<>();
    final List<String> fileHosts = new ArrayList<>();
    final List<ConnectionParameter> parameters = new ArrayList<>();
    final List<AuthOption> authOptions = new ArrayList<>();
    final List<Action<?, ?>> actions = new ArrayList<>();
    final List<Trigger<?, ?>> triggers = new ArrayList<>();
    @Nullable ConnectionTest test;

    private Builder(ConnectorId id, String baseUrl) {
      this.id = id;
      this.baseUrl = Objects.requireNonNull(baseUrl, "baseUrl");
      this.title = id.value();
    }

    /** Sets the version. The default is {@code 0}. */
    public Builder version(String version) {
      this.version = Objects.requireNonNull(version, "version");
      return this;
    }

    /** Sets the name that people read. The default is the id. */
    public Builder titled(String title) {
      this.title = Objects.requireNonNull(title, "title");
      return this;
    }

    /** Sets what the service is, in one or two sentences. */
    public Builder described(String description) {
      this.description = Objects.requireNonNull(description, "description");
      return this;
    }

    /** Adds an origin, see {@link Connector#additionalOrigins}. */
    public Builder additionalOrigin(String origin) {
      additionalOrigins.add(Objects.requireNonNull(origin, "origin"));
      return this;
    }

    /**
     * Adds a host that keeps files, see {@link Connector#fileHosts}.
     *
     * @throws IllegalArgumentException if it is neither a host name nor {@code *.} with a domain
     */
    public Builder fileHost(String host) {
      fileHosts.add(new HostPattern(host).text());
      return this;
    }

    /** Adds a parameter that every connection is asked for. */
    public Builder parameter(ConnectionParameter parameter) {
      parameters.add(Objects.requireNonNull(parameter, "parameter"));
      return this;
    }

    /** Adds a way to authenticate. Without any, the connector offers {@link AuthOption#none()}. */
    public Builder auth(AuthOption option) {
      authOptions.add(Objects.requireNonNull(option, "option"));
      return this;
    }

    /** Adds an action. */
    public Builder action(Action<?, ?> action) {
      actions.add(Objects.requireNonNull(action, "action"));
      return this;
    }

    /** Adds a trigger. */
    public Builder trigger(Trigger<?, ?> trigger) {
      triggers.add(Objects.requireNonNull(trigger, "trigger"));
      return this;
    }

    /** Sets how to find out whether a connection works. */
    public Builder test(ConnectionTest test) {
      this.test = Objects.requireNonNull(test, "test");
      return this;
    }

    /**
     * Returns the connector.
     *
     * @throws IllegalArgumentException if two options, actions or triggers have the same id
     */
    public Connector build() {
      return new BuiltConnector(this);
    }
  }
}
