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
        "Give the runtime the key ring that wrote the record, or enter the credentials again.",
        null);
  }

  @Override
  public boolean userMustAct() {
    return true;
  }
}
