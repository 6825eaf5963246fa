package dev.connectorsdk.api.error;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The root of every exception that this library throws on purpose.
 *
 * <p>Catch this type to handle all of them, or a subclass to handle one. Messages name the
 * connector, connection or reference concerned; they never hold a credential or a payload. What the
 * runtime throws to a caller names no connection but the caller's own.
 */
public abstract sealed class ConnectorException extends RuntimeException
    permits ActionFailedException,
        AuthenticationException,
        CallCancelledException,
        ConflictException,
        ConsentException,
        CursorLostException,
        DefinitionException,
        DeliveryRefusedException,
        HostNotAllowedException,
        InvalidInputException,
        MembershipException,
        NotFoundException,
        OperationUnsupportedException,
        PermissionDeniedException,
        PolicyException,
        ResolutionException,
        ResponseException,
        SecretUnreadableException,
        ServiceException,
        StoreException,
        TransportException {

  private static final long serialVersionUID = 1L;

  private final String remedy;

  ConnectorException(String message, String remedy, @Nullable Throwable cause) {
    super(message, cause);
    this.remedy = remedy;
  }

  /** Returns whether the same call may succeed later without anybody changing anything. */
  public boolean isRetryable() {
    return false;
  }

  /** Returns how long to wait before trying again, if the service said so. */
  public Optional<Duration> retryAfter() {
    return Optional.empty();
  }

  /** Returns whether the user or an administrator has to do something before it can work. */
  public boolean userMustAct() {
    return false;
  }

  /** Returns what to do about it, in one sentence. */
  public final String remedy() {
    return remedy;
  }
}
