package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.CredentialVault;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.internal.cache.HeldVault;
import dev.connectorsdk.internal.http.TemplateValues;
import java.util.List;
import java.util.Map;

/**
 * Holds what a sign-in brings until it is known whose it is, while what is stored stays as it is.
 * Begins without credentials. Only a client that was registered is stored at once.
 */
final class HeldKeeper implements CredentialKeeper {

  private final CapturedValues capturedValues;
  private final CredentialVault clientVault;
  private final CredentialVault vault = new HeldVault();
  private final boolean hostsClient;
  private StoredConnection row;

  /**
   * @param hostsClient whether the connection shares the client of the host with others
   */
  HeldKeeper(
      StoredConnection base,
      boolean hostsClient,
      CredentialVault clientVault,
      CapturedValues capturedValues) {
    this.hostsClient = hostsClient;
    this.row = base;
    this.clientVault = clientVault;
    this.capturedValues = capturedValues;
  }

  @Override
  public CredentialVault vault() {
    return vault;
  }

  @Override
  public CredentialVault clientVault() {
    return clientVault;
  }

  @Override
  public TemplateValues capture(Map<String, String> values) {
    CapturedValues.Change change = capturedValues.check(row, values);
    row = row.with(row.settings().withParameters(change.parameters()));
    return change.values();
  }

  @Override
  public void granted(List<String> scopes) {}

  @Override
  public void refreshFailed(ConnectorException failure) {}

  @Override
  public boolean hostsClient() {
    return hostsClient;
  }

  /** Returns the row with what the service said since. */
  StoredConnection row() {
    return row;
  }

  Map<String, Secret> credentials() {
    return vault.read().values();
  }
}
