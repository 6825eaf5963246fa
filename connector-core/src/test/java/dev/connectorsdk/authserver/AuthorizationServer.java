package dev.connectorsdk.authserver;

import dev.connectorsdk.api.Secret;
import java.net.URI;
import java.util.Map;

/** An authorization server that nobody here wrote, with a user and some clients. */
interface AuthorizationServer extends AutoCloseable {

  /** Where every client may have browsers sent. */
  URI CALLBACK = URI.create("https://app.test/callback/tickets");

  /** Returns the issuer. */
  String issuer();

  /** Returns an endpoint by its name in the server's metadata. */
  String endpoint(String name);

  /** Returns the URL of an API that takes the server's tokens, without its last segment. */
  String api();

  /** Returns the last segment, which tells who calls. */
  String whoAmI();

  /** Returns the secret of a client. */
  Secret secret(String client);

  /** Returns an access token of a user that a host has got on its own way. */
  Secret tokenOfHost(String user);

  /** Signs a user in and agrees to everything; returns where the browser is sent back to. */
  URI signIn(Browser browser, URI link, URI target, String user);

  /** Opens the sign-in, and refuses. */
  URI refuse(Browser browser, URI link);

  /** Signs a user in who was shown a code. */
  void signInOnDevice(Browser browser, URI verification, String user);

  /** Returns how often the token endpoint did what, as far as the server tells. */
  Map<String, Integer> counts();

  @Override
  void close();
}
