package dev.connectorsdk.api.error;

/**
 * A service does not know a trigger's cursor any more, so that events may be missing. Triggers
 * throw it; what happens then is what the trigger declares for a lost cursor.
 */
public final class CursorLostException extends ConnectorException {

  private static final long serialVersionUID = 1L;

  private static final int GONE = 410;

  /**
   * @param message what the service said, without secrets
   */
  public CursorLostException(String message) {
    super(message, "Rewind the subscription to where it is to go on.", null);
  }

  /**
   * Returns whether a poll that had a cursor has failed because it is lost: with this exception, or
   * with an answer 410 (Gone, RFC 9110 section 15.5.11).
   */
  public static boolean isMeantBy(Exception failure) {
    return failure instanceof CursorLostException
        || (failure instanceof ServiceException answer && answer.status() == GONE);
  }

  @Override
  public boolean userMustAct() {
    return true;
  }
}
