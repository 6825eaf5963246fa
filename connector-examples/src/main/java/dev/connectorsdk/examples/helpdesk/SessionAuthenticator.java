package dev.connectorsdk.examples.helpdesk;

import static java.util.Objects.requireNonNull;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.api.auth.AuthRequest;
import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.api.auth.CredentialVault.Credentials;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.AuthenticationException.Reason;
import dev.connectorsdk.api.http.HttpResponse;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the session of one connection. A known session costs neither lock nor I/O; whoever needs a
 * newer one logs in while the others wait, and it is in the vault before anybody uses it.
 */
// tag::authenticator[]
final class SessionAuthenticator implements Authenticator {

  private static final String SESSION = "session";

  private record Session(long version, Secret id) {}

  private final AuthContext context;
  private final String loginUrl;
  private volatile @Nullable Session current;

  SessionAuthenticator(AuthContext context, String loginUrl) {
    this.context = context;
    this.loginUrl = loginUrl;
  }

  @Override
  public long authenticate(AuthRequest request) {
    Session known = current;
    Session session = known == null ? newerThan(0) : known;
    request.setHeader("X-Session", session.id().reveal());
    return session.version();
  }

  @Override
  public boolean renew(long refused, Instant deadline) {
    return newerThan(refused).version() > refused;
  }

  private synchronized Session newerThan(long refused) {
    Session known = current;
    if (known != null && known.version() > refused) {
      return known;
    }
    Credentials stored = context.vault().read();
    if (stored.version() <= refused || !stored.values().containsKey(SESSION)) {
      // Whether it is stored or somebody else was quicker: what the vault holds now counts.
      context.vault().replace(stored.version(), Map.of(SESSION, logIn()));
      stored = context.vault().read();
    }
    Secret id = stored.values().get(SESSION);
    if (id == null) {
      throw failure(Reason.TEMPORARY, "its stored session was removed meanwhile");
    }
    Session session = new Session(stored.version(), id);
    current = session;
    return session;
  }

  private Secret logIn() {
    String user = requireNonNull(context.parameter("username"));
    Secret password = requireNonNull(context.secret("password"));
    Map<String, String> form = Map.of("username", user, "password", password.reveal());
    HttpResponse answer =
        context.http().callEncoded("POST", loginUrl).form(form).accepting(401).send();
    if (answer.status() == 401) {
      throw failure(Reason.REJECTED, "the service refused user name and password");
    }
    return Secret.of(answer.json().path("session").asString());
  }

  private AuthenticationException failure(Reason reason, String message) {
    return new AuthenticationException(context.connection(), reason, message);
  }
}
// end::authenticator[]
