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

  /** Who has chosen an origin. */
  enum Trust {
    /** Perhaps the input of a call or an answer: only what the connection was made for is asked. */
    NONE,

    /** The connector author's text and the connection's parameters: it is the connection's own. */
    CONNECTION,

    /** The connector author's text alone, or the host application. */
    AUTHOR
  }

  /** The way out. Valid during {@link Stage#exchange}, on its thread. */
  interface Chain {

    /**
     * Sends a request, once, and follows redirects of GET and HEAD. Another origin than the one
     * asked gets nothing that authentication or a stage has added.
     *
     * @throws dev.connectorsdk.api.error.HostNotAllowedException if the origin has no trust and the
     *     connection was not made for it, or its address is not one that users may choose; nothing
     *     was sent
     */
    WireResponse send(WireRequest request, Trust trust);

    /** Returns whether the connection was made for the origin of a URL. */
    boolean allows(okhttp3.HttpUrl url);
  }
}
