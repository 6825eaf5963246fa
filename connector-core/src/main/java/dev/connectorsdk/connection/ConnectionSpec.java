package dev.connectorsdk.connection;

import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Secret;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a user entered to make or change a connection. Immutable: each method that adds something
 * returns a copy. Values are checked when the connection is made or changed.
 *
 * <pre>{@code
 * ConnectionSpec.of("tickets", "apiKey").with("site", "acme").secret("api_key", Secret.of(entered))
 * }</pre>
 */
public final class ConnectionSpec {

  private final ConnectorId connector;
  private final String authOption;
  private final Map<String, Object> values;
  private final @Nullable String displayName;
  private final @Nullable Instant credentialExpiresAt;
  private final boolean tested;
  private final @Nullable String reach;
  private final Sealing sealing;

  /** What is said of a gateway. */
  private record Sealing(
      @Nullable String gateway, @Nullable String reservation, Map<String, String> values) {

    static final Sealing NONE = new Sealing(null, null, Map.of());
  }

  private ConnectionSpec(
      ConnectorId connector,
      String authOption,
      Map<String, Object> values,
      @Nullable String displayName,
      @Nullable Instant credentialExpiresAt,
      boolean tested,
      @Nullable String reach,
      Sealing sealing) {
    this.connector = connector;
    this.authOption = authOption;
    this.values = Collections.unmodifiableMap(values);
    this.displayName = displayName;
    this.credentialExpiresAt = credentialExpiresAt;
    this.tested = tested;
    this.reach = reach;
    this.sealing = sealing;
  }

  /**
   * Returns a specification without values.
   *
   * @param authOption the id of one of the connector's auth options
   */
  public static ConnectionSpec of(String connector, String authOption) {
    return of(ConnectorId.of(connector), authOption);
  }

  /**
   * Returns a specification without values.
   *
   * @param authOption the id of one of the connector's auth options
   */
  public static ConnectionSpec of(ConnectorId connector, String authOption) {
    Objects.requireNonNull(connector, "connector");
    Objects.requireNonNull(authOption, "authOption");
    return new ConnectionSpec(
        connector, authOption, Map.of(), null, null, true, null, Sealing.NONE);
  }

  /**
   * Returns a copy with the value of a parameter.
   *
   * @param value a {@link String}, {@link Number} or {@link Boolean}; a text is converted to the
   *     type of the parameter
   */
  public ConnectionSpec with(String parameter, Object value) {
    return plus(parameter, value);
  }

  /** Returns a copy with the value of a secret parameter. */
  public ConnectionSpec secret(String parameter, Secret value) {
    return plus(parameter, value);
  }

  /**
   * Returns a copy with several values by parameter name, such as those of a form. Each is taken as
   * by {@link #with} or {@link #secret}; a text for a secret parameter becomes a {@link Secret}.
   */
  public ConnectionSpec withAll(Map<String, ?> values) {
    ConnectionSpec spec = this;
    for (Map.Entry<String, ?> value : values.entrySet()) {
      spec = spec.plus(value.getKey(), value.getValue());
    }
    return spec;
  }

  private ConnectionSpec plus(String parameter, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(values);
    more.put(parameter, Objects.requireNonNull(value, "value"));
    return new ConnectionSpec(
        connector, authOption, more, displayName, credentialExpiresAt, tested, reach, sealing);
  }

  /**
   * Returns a copy with a display name, by which people recognise the connection; at most 200
   * characters. The default is the name of the account if the service returns it, or else the title
   * of the connector.
   */
  public ConnectionSpec named(String displayName) {
    return new ConnectionSpec(
        connector, authOption, values, displayName, credentialExpiresAt, tested, reach, sealing);
  }

  /** Returns a copy that says when the entered credential expires. */
  public ConnectionSpec expiringAt(Instant credentialExpiresAt) {
    return new ConnectionSpec(
        connector, authOption, values, displayName, credentialExpiresAt, tested, reach, sealing);
  }

  /** Returns a copy whose connection is not tested and counts as connected at once. */
  public ConnectionSpec untested() {
    return new ConnectionSpec(
        connector, authOption, values, displayName, credentialExpiresAt, false, reach, sealing);
  }

  /**
   * Returns a copy that says where the owner has seen that credentials go. It is needed for secrets
   * and sign-ins of connectors that administrators may replace while the runtime runs; of others it
   * is not looked at.
   *
   * @param reach what {@link Connections#reach} returned when the form was shown
   */
  public ConnectionSpec sentTo(String reach) {
    return new ConnectionSpec(
        connector,
        authOption,
        values,
        displayName,
        credentialExpiresAt,
        tested,
        Objects.requireNonNull(reach, "reach"),
        sealing);
  }

  /**
   * Returns a copy whose connection leads through a gateway. Secret parameters are not entered by
   * {@link #secret} then, which would tell them to the host, but sealed for the gateway: see {@link
   * Connections#sealRequest(dev.connectorsdk.api.Caller, ConnectionSpec)}.
   *
   * @param gateway the id of a gateway that the owner may use
   */
  public ConnectionSpec through(String gateway) {
    return with(new Sealing(Objects.requireNonNull(gateway, "gateway"), null, Map.of()));
  }

  /**
   * Returns a copy with secret parameters that were sealed.
   *
   * @param request what they were sealed for, of a specification that is otherwise equal
   * @param values by parameter name, each a JWE as {@link SealRequest} says
   */
  public ConnectionSpec sealed(SealRequest request, Map<String, String> values) {
    return with(new Sealing(request.gateway(), request.reservation(), Map.copyOf(values)));
  }

  private ConnectionSpec with(Sealing other) {
    return new ConnectionSpec(
        connector, authOption, values, displayName, credentialExpiresAt, tested, reach, other);
  }

  /** Returns the connector. */
  public ConnectorId connector() {
    return connector;
  }

  /** Returns the id of the auth option. */
  public String authOption() {
    return authOption;
  }

  /** Returns the values by parameter name; secret ones are {@link Secret}s. */
  public Map<String, Object> values() {
    return values;
  }

  /** Returns the display name, or {@code null} for the default. */
  public @Nullable String displayName() {
    return displayName;
  }

  /** Returns when the entered credential expires, or {@code null} if that is not known. */
  public @Nullable Instant credentialExpiresAt() {
    return credentialExpiresAt;
  }

  /** Returns where the owner has seen that credentials go, or {@code null} if that is not said. */
  public @Nullable String reach() {
    return reach;
  }

  /** Returns the id of the gateway that the connection leads through, or {@code null} for none. */
  public @Nullable String gateway() {
    return sealing.gateway();
  }

  /** Returns the secret values that were sealed for the gateway, by parameter name. */
  public Map<String, String> sealedValues() {
    return sealing.values();
  }

  /** Returns by what the host knows what they were sealed for, or {@code null} if none were. */
  public @Nullable String reservation() {
    return sealing.reservation();
  }

  /** Returns whether the connector's test is run. */
  public boolean isTested() {
    return tested;
  }

  /** Returns the connector, the option and the names of the parameters. */
  @Override
  public String toString() {
    return "ConnectionSpec[" + connector + ", " + authOption + ", " + values.keySet() + "]";
  }
}
