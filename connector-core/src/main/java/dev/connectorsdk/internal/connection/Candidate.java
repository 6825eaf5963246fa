package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.ConsentStrategy.ConsentCallback;
import dev.connectorsdk.api.auth.ConsentStrategy.ConsentRequest;
import dev.connectorsdk.api.auth.ConsentStrategy.ConsentResult;
import dev.connectorsdk.api.auth.ConsentStrategy.ConsentStart;
import dev.connectorsdk.api.auth.ConsentStrategy.DeviceAnswer;
import dev.connectorsdk.api.auth.ConsentStrategy.DeviceRequest;
import dev.connectorsdk.api.auth.ConsentStrategy.DeviceStart;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.internal.audit.Auditor;
import dev.connectorsdk.internal.audit.Auditor.Attempt;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A connection as it will be if its sign-in counts: with credentials and captured parameters of its
 * own, while the stored ones stay as they are. For one thread at a time.
 */
public final class Candidate {

  private final StoredConnection base;
  private final ConnectionAuth<?> present;
  private final HeldKeeper held;
  private final ConnectionAuth<?> auth;
  private final List<String> toEnterAgain;
  private final Auditor auditor;
  private final Attempt attempt;

  /**
   * @param present the connection as it is stored
   * @param auth the connection as it will be
   * @param toEnterAgain the secrets that it may have had and that cannot be read any more
   * @param attempt what is recorded if the sign-in is refused
   */
  Candidate(
      StoredConnection base,
      ConnectionAuth<?> present,
      HeldKeeper held,
      ConnectionAuth<?> auth,
      List<String> toEnterAgain,
      Auditor auditor,
      Attempt attempt) {
    this.base = base;
    this.present = present;
    this.held = held;
    this.auth = auth;
    this.toEnterAgain = toEnterAgain;
    this.auditor = auditor;
    this.attempt = attempt;
  }

  /** Returns the secrets that it may have had and that cannot be read any more. */
  public List<String> valuesToEnterAgain() {
    return toEnterAgain;
  }

  /** Returns whether nobody has signed in yet. */
  public boolean isPending() {
    return base.status().reason() == ConnectionStatus.Reason.CONSENT_PENDING;
  }

  /** Returns whether the stored connection is connected. */
  public boolean isConnected() {
    return base.status().isConnected();
  }

  /** Returns the connection's id. */
  public ConnectionId id() {
    return base.id();
  }

  /** Returns a text that another way to authenticate, or another parameter, makes another one. */
  public String configuration() {
    return present.configuration();
  }

  /** Returns where users sign in, if that is the owner's choice; else {@code null}. */
  public @Nullable String chosenSite() {
    return present.chosenSite();
  }

  /** Returns the scopes that are asked for unless somebody says otherwise. */
  public List<String> declaredScopes() {
    return present.declaredScopes();
  }

  /** Begins a sign-in; see {@link ConnectionAuth#beginConsent}. */
  public ConsentStart begin(ConsentRequest request) {
    auditor.requireRoom();
    return auditor.attempt(attempt, () -> present.beginConsent(request));
  }

  /** Ends a sign-in; see {@link dev.connectorsdk.api.auth.ConsentStrategy#complete}. */
  public ConsentResult complete(ConsentCallback callback) {
    auditor.requireRoom();
    return auditor.attempt(attempt, () -> auth.completeConsent(callback));
  }

  /** Begins a sign-in on another device; see {@link ConnectionAuth#beginDevice}. */
  public DeviceStart beginDevice(DeviceRequest request) {
    auditor.requireRoom();
    return auditor.attempt(attempt, () -> present.beginDevice(request));
  }

  /** Asks once whether the user has signed in; see {@link ConnectionAuth#pollDevice}. */
  public DeviceAnswer pollDevice(DeviceStart start) {
    return auditor.attempt(attempt, () -> auth.pollDevice(start));
  }

  ConnectionAuth<?> auth() {
    return auth;
  }

  Map<String, Secret> credentials() {
    return held.credentials();
  }

  /** Returns the row on which the sign-in is based. */
  StoredConnection base() {
    return base;
  }

  /** Returns that row with what the service said since. */
  StoredConnection row() {
    return held.row();
  }
}
