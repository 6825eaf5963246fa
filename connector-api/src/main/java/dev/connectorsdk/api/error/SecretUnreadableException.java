package dev.connectorsdk.api.error;

/**
 * A stored secret cannot be decrypted: the key is missing or is another one, or the record was
 * changed or moved. The record is left as it is.
 */
public final class SecretUnreadableException extends ConnectorException {

  private static final long serialVersionUID = 1L;

  /**
   * @param message which record, and what is wrong with it
   */
  public SecretUnreadableException(String message) {
    super(
        message,
        "Enter the credentials again, or sign in again. If the key is missing, give the runtime the"
            + " key ring that wrote the record.",
        null);
  }

  @Override
  public boolean userMustAct() {
    return true;
  }
}
