package dev.connectorsdk.reference;

import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.error.ResolutionException.Candidate;
import java.net.URI;
import java.util.List;

/**
 * Where a reference leads to for a caller, and why. Immutable, and true of the moment in which it
 * was found.
 *
 * <p>The connection may be somebody else's, such as that of the owner of the flow. It and its
 * address are for the host's own use: only the trail may be shown to the caller.
 */
public interface Resolution {

  /** Returns the connection that a call would use. */
  Connection connection();

  /**
   * Returns the address of the service, with the connection's parameters filled in.
   *
   * @throws dev.connectorsdk.api.error.SecretUnreadableException if the connection's secrets cannot
   *     be decrypted
   * @throws dev.connectorsdk.api.error.NotFoundException if it was deleted meanwhile
   */
  URI baseUrl();

  /**
   * Returns the connections that were considered and that the caller may know of, and why each was
   * chosen or not.
   */
  List<Candidate> trail();

  /**
   * Returns an HTTP client bound to the connection, for a vendor's SDK, Retrofit or other code that
   * calls the service by itself.
   *
   * <p>Each request that is started with the client is a call of its own: the reference is resolved
   * again for the caller, from memory where possible, so that a connection which was deleted, or
   * may no longer be used, sends nothing more. The request goes to the connection's hosts only, is
   * authenticated, and keeps to the limits on time and size of the runtime. A credential that the
   * service refuses is renewed and the request sent again; otherwise nothing is repeated. Redirects
   * are followed if the client says {@code followRedirects}. When the head of the answer is there,
   * or the request has failed, listeners get a {@link
   * dev.connectorsdk.api.event.ConnectorEvent.UnwrappedCallEnded}.
   *
   * <p>The client may be kept and used by several threads until the runtime is closed. A request
   * throws the exceptions of {@code ConnectorRuntime.invoke} as they are, or an {@link
   * java.io.IOException}.
   *
   * <p>Clients made with its {@code newBuilder()} are bound as well, and what is added to them sees
   * no credential; see {@link dev.connectorsdk.api.http.ConnectorHttp#unwrap} for what can be
   * added.
   *
   * <p>Where a data policy is enforced, a flow declares {@code operation} as any other that it
   * calls, and where a policy allows only some operations of the connector there is no client.
   *
   * @param type {@code okhttp3.OkHttpClient}
   * @param operation what these calls are named in events and to whoever judges them: 1 to 200
   *     characters without control characters. Use an id that no action of the connector has.
   * @param effect the most that these calls do at the service
   * @throws IllegalArgumentException if there is no such client, or {@code operation} is no such id
   * @throws dev.connectorsdk.api.error.PolicyException if a data policy forbids it
   */
  <T> T unwrap(Class<T> type, String operation, Effect effect);
}
