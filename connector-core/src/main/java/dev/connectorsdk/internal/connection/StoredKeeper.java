package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.auth.CredentialVault;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.internal.http.TemplateValues;
import java.util.List;
import java.util.Map;

/**
 * Stores at once, and has the connection's status follow.
 *
 * @param hostsClient whether the connection shares the client of the host with others
 * @param fit what the connection is when its credential fails
 */
record StoredKeeper(
    StoredConnection row,
    boolean hostsClient,
    Fit fit,
    CredentialVault vault,
    CredentialVault clientVault,
    CapturedValues capturedValues,
    StatusKeeper statusKeeper)
    implements CredentialKeeper {

  @Override
  public TemplateValues capture(Map<String, String> values) {
    return row.isDeleted()
        ? capturedValues.check(row, values).values()
        : capturedValues.keep(row.id(), row.authOption(), values);
  }

  @Override
  public void granted(List<String> scopes) {
    statusKeeper.granted(row.id(), fit, scopes);
  }

  @Override
  public void refreshFailed(ConnectorException failure) {
    statusKeeper.refreshFailed(row, fit, hostsClient, failure);
  }
}
