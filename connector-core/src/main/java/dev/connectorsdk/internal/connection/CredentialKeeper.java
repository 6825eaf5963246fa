package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.auth.CredentialVault;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.internal.http.TemplateValues;
import java.util.List;
import java.util.Map;

/** Takes what a strategy acquires for one connection. */
interface CredentialKeeper {

  /** Returns where tokens and their like go. */
  CredentialVault vault();

  /** Returns where a client goes that was registered for the connection alone. */
  CredentialVault clientVault();

  /**
   * Keeps what the service said about the connection; see {@link
   * dev.connectorsdk.api.auth.AuthContext#capture}.
   *
   * @return what fills the connection's URL templates from then on
   */
  TemplateValues capture(Map<String, String> values);

  /** Keeps which scopes a renewed credential has. */
  void granted(List<String> scopes);

  /** Hears that a credential could not be replaced. */
  void refreshFailed(ConnectorException failure);

  /** Returns whether the connection shares the client of the host with others. */
  boolean hostsClient();
}
