package dev.connectorsdk.internal.gateway.seal;

import dev.connectorsdk.api.auth.ClientCertificate;
import dev.connectorsdk.api.http.ConnectorHttp;
import dev.connectorsdk.internal.http.ClientTls;
import dev.connectorsdk.internal.http.Destinations;
import dev.connectorsdk.internal.http.Endpoint;
import dev.connectorsdk.internal.http.EndpointGate;
import dev.connectorsdk.internal.http.Origins;
import dev.connectorsdk.internal.http.ServiceUrl;
import dev.connectorsdk.internal.http.Transport;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * What a member of a gateway itself sends inside its network to get tokens. Safe for several
 * threads.
 *
 * @param transport stays open; whoever made it closes it
 * @param allowed the member's own list of origins
 * @param work runs what several requests wait for
 */
public record InsideRequests(Transport transport, EndpointGate allowed, Executor work) {

  /**
   * Returns the way to where tokens are got with a credential, and to nowhere else.
   *
   * @throws IllegalStateException if it was sealed for a use without tokens
   */
  ConnectorHttp forTokens(SealedUse use, @Nullable ClientTls tls) {
    HttpUrl tokenUrl = use.application().tokenUrl();
    if (tokenUrl == null) {
      throw new IllegalStateException("No tokens are got with a credential of " + use.of());
    }
    ServiceUrl place = new ServiceUrl(tokenUrl, true, false);
    SealedUse.Owner of = use.of();
    return transport.openForTokens(
        new Endpoint(
            of.connection(),
            of.connector(),
            Destinations.of(place, List.of()),
            null,
            transport.clients(of.connection(), tls),
            tls,
            allowed));
  }

  /** Returns what offers a client certificate at the places that requests with it may go to. */
  ClientTls offering(ClientCertificate certificate, SealedUse use) {
    ClientTls tls = transport.offering(certificate);
    use.origins().forEach(origin -> tls.pin(Set.of(Origins.of(HttpUrl.get(origin)))));
    return tls;
  }

  /** Returns what offers a client certificate where tokens are got; no other request uses it. */
  ClientTls offeringForTokens(ClientCertificate certificate, HttpUrl tokenUrl) {
    ClientTls tls = transport.offering(certificate);
    tls.pin(Set.of(Origins.of(tokenUrl)));
    return tls;
  }
}
