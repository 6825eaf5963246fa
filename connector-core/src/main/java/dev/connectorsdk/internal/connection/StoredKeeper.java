package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.auth.CredentialVault;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.internal.http.TemplateValues;
import java.util.Map;

/** Stores at once, and has the connection's status follow. */
final class StoredKeeper implements CredentialKeeper {

  private final StoredConnection row;
  private final boolean hostsClient;
  private final Fit fit;
  private final CredentialVault vault;
  private final CredentialVault clientVault;
  private final CapturedValues capturedValues;
  private final StatusKeeper statusKeeper;

  /**
   * @param hostsClient whether the connection shares the client of the host with others
   * @param fit what the connection is when its credential fails
   */
  StoredKeeper(
      StoredConnection row,
      boolean hostsClient,
      Fit fit,
      CredentialVault vault,
      CredentialVault clientVault,
      CapturedValues capturedValues,
      StatusKeeper statusKeeper) {
    this.row = row;
    this.hostsClient = hostsClient;
    this.fit = fit;
    this.vault = vault;
    this.clientVault = clientVault;
    this.capturedValues = capturedValues;
    this.statusKeeper = statusKeeper;
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
    return capturedValues.keep(row.id(), row.authOption(), values);
  }

  @Override
  public void refreshFailed(ConnectorException failure) {
    statusKeeper.refreshFailed(row, fit, hostsClient, failure);
  }
}
