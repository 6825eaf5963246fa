package dev.connectorsdk.internal.http;

/**
 * What stands between authentication and the network: it sees each attempt of a request as it would
 * leave, credential included, may change it, may ask for more, and may change the answer.
 *
 * <p>For definitions, whose policies and scripts work on authenticated requests. Never for
 * connector code: what a stage sees is secret.
 */
public interface Stage {

  /**
   * Carries out one attempt.
   *
   * @param request authenticated; made anew for each attempt
   * @param chain the way out
   * @return the answer, whatever its status
   */
  WireResponse exchange(WireRequest request, Chain chain);

  /** The way out. Valid during {@link Stage#exchange}, on its thread. */
  interface Chain {

    /**
     * Sends a request, once, and follows redirects of GET and HEAD. Another origin than the one
     * asked gets nothing that authentication or a stage has added.
     *
     * @param trusted whether the origin is the connection's: made of nothing but the connector
     *     author's text and the connection's parameters, or allowed by the host application
     * @throws dev.connectorsdk.api.error.HostNotAllowedException if it is not, and the connection
     *     was not made for this origin either; nothing was sent
     */
    WireResponse send(WireRequest request, boolean trusted);

    /** Returns whether the connection was made for the origin of a URL. */
    boolean allows(okhttp3.HttpUrl url);
  }
}
