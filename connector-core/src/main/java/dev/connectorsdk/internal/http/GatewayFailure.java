package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.HostNotAllowedException;
import dev.connectorsdk.api.error.TransportException;
import dev.connectorsdk.api.error.TransportException.Kind;
import java.io.IOException;
import okhttp3.HttpUrl;

/** A request was not sent by a gateway, or by nobody, for a reason that no direct call has. */
public final class GatewayFailure extends IOException {

  private static final long serialVersionUID = 1L;

  /** What it was. */
  public enum What {
    /** No member could take the request. */
    NO_MEMBER,
    /** The member may not go there. */
    NOT_ALLOWED,
    /** The member was not given an origin that it would have to go to. */
    NOT_GIVEN,
    /** The credential cannot be used. */
    CREDENTIAL,
    /** The credential could not be had just now. */
    CREDENTIAL_LATER
  }

  private final What what;
  private final String words;

  /**
   * @param words for a person; without secrets
   */
  public GatewayFailure(What what, String words) {
    super(words);
    this.what = what;
    this.words = words;
  }

  /** Returns what callers get to know. */
  ConnectorException failure(String label, HttpUrl url, ConnectionId connection) {
    return switch (what) {
      case NO_MEMBER -> new TransportException(label, Kind.GATEWAY, false, this);
      case NOT_ALLOWED -> new HostNotAllowedException(Origins.of(url).toString(), words);
      case NOT_GIVEN -> HostNotAllowedException.ofMember(Origins.of(url).toString(), words);
      case CREDENTIAL ->
          new AuthenticationException(
              connection, AuthenticationException.Reason.CONFIGURATION, words);
      case CREDENTIAL_LATER ->
          new AuthenticationException(connection, AuthenticationException.Reason.TEMPORARY, words);
    };
  }
}
