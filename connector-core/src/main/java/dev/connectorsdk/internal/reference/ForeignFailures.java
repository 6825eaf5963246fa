package dev.connectorsdk.internal.reference;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.error.ActionFailedException;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.CallCancelledException;
import dev.connectorsdk.api.error.ConflictException;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.HostNotAllowedException;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.error.PolicyException;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.api.error.SecretUnreadableException;
import dev.connectorsdk.api.error.ServiceException;
import dev.connectorsdk.api.error.StoreException;
import dev.connectorsdk.api.error.TransportException;
import dev.connectorsdk.internal.connection.OpenConnection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a caller is told of a failure on somebody else's connection: what happened and what to do,
 * and neither the connection's id nor where its service is, which its parameters can say, nor what
 * led to the failure. What is left out is in the log.
 */
public final class ForeignFailures {

  private static final Logger log = LoggerFactory.getLogger(ForeignFailures.class);

  private static final int MOST_CAUSES = 50; // a chain of causes can be a ring

  private ForeignFailures() {}

  /**
   * Returns the failure as the caller gets it.
   *
   * @param connection on which it happened, or {@code null} if none was found
   */
  public static ConnectorException told(
      ConnectorException failure,
      Caller caller,
      ConnectionReference reference,
      @Nullable OpenConnection connection) {
    if (connection == null || Disclosure.isOwn(caller, connection.view())) {
      return failure;
    }
    ConnectorException told = told(failure, caller, reference, connection.id().value());
    if (told != failure) {
      told.setStackTrace(failure.getStackTrace());
      log.debug("{} under reference {} by {}", failure.getMessage(), reference, caller);
    }
    return told;
  }

  private static ConnectorException told(
      ConnectorException failure, Caller caller, ConnectionReference reference, String id) {
    String call = "A call under reference '" + reference.logicalName() + "'";
    if (failure instanceof AuthenticationException e) {
      return new AuthenticationException(
          reference, e.reason(), problem(e), e.retryAfter().orElse(null));
    }
    if (failure instanceof ServiceException e) {
      return new ServiceException(
          call, e.status(), e.headers(), e.body(), e.retryAfter().orElse(null));
    }
    if (failure instanceof TransportException e) {
      return new TransportException(call, e.kind(), e.isOutcomeUnknown(), null);
    }
    if (failure instanceof PolicyException e) {
      return new PolicyException(
          e.policy(),
          e.label(),
          e.version(),
          e.rule(),
          null,
          "It forbids what the call does at the service.",
          e.remedy());
    }
    if (failure instanceof CallCancelledException) {
      return new CallCancelledException(call);
    }
    if (failure instanceof NotFoundException e && e.kind().equals("connection")) {
      return new ResolutionException.Deleted(reference, caller, List.of());
    }
    if (failure instanceof SecretUnreadableException) {
      return new SecretUnreadableException(call + " needs credentials that cannot be decrypted.");
    }
    return failure instanceof HostNotAllowedException e
        ? notAllowed(e, names(e, id))
        : plain(failure, call, id);
  }

  private static ConnectorException plain(ConnectorException failure, String call, String id) {
    // What led to it can say where the service is.
    boolean isPlain = failure.getCause() == null && failure.getSuppressed().length == 0;
    return isPlain && !names(failure, id) ? failure : nameless(failure, call, id);
  }

  /** Where a connection must not go is not its own address, but where it leads is. */
  private static ConnectorException notAllowed(HostNotAllowedException e, boolean isElsewhere) {
    return isElsewhere
        ? new HostNotAllowedException(e.origin(), "the connection is not for it")
        : new HostNotAllowedException(
            "the service of its connection", "the host application does not allow its address");
  }

  private static ConnectorException nameless(ConnectorException failure, String call, String id) {
    if (failure instanceof ConflictException) {
      return new ConflictException("The connection behind it");
    }
    if (failure instanceof ResponseException) {
      return new ResponseException(call + " got an answer that cannot be read");
    }
    String problem =
        names(failure, id)
            ? call + " failed with " + failure.getClass().getSimpleName()
            : String.valueOf(failure.getMessage());
    return failure instanceof StoreException e
        ? new StoreException(problem, e.isRetryable(), null)
        : new ActionFailedException(problem);
  }

  private static String problem(AuthenticationException e) {
    return switch (e.reason()) {
      case CONSENT_PENDING -> "nobody has signed in for its connection yet";
      case REJECTED ->
          "the service refused the credential of its connection"
              + (e.getCause() instanceof ServiceException answer
                  ? " (status " + answer.status() + ")"
                  : "");
      case EXPIRED -> "the credential of its connection has expired";
      case GRANT_ENDED -> "the grant of its connection has ended";
      case CONFIGURATION -> "its connection cannot work as it is configured";
      case INSUFFICIENT_SCOPE -> e.problem();
      case DISABLED -> "an administrator has disabled its connection";
      case GATEWAY_NOT_SHARED ->
          "the owner of its connection may not use the gateway that it goes through";
      case TEMPORARY -> "no credential could be fetched for its connection";
    };
  }

  private static boolean names(Throwable failure, String id) {
    Throwable t = failure;
    for (int depth = 0; t != null && depth < MOST_CAUSES; depth++) {
      if (String.valueOf(t.getMessage()).contains(id)) {
        return true;
      }
      t = t.getCause();
    }
    return false;
  }
}
