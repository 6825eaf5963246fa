package dev.connectorsdk.api.error;

/**
 * Somebody else changed the same thing at the same time, or the change was meant for a version that
 * it does not have. Nothing was changed by this call.
 */
public final class ConflictException extends ConnectorException {

  private static final long serialVersionUID = 1L;

  private static final String REMEDY = "Read it again and repeat the change.";

  /**
   * @param what what was to be changed
   */
  public ConflictException(String what) {
    this(what, "was changed by somebody else at the same time");
  }

  private ConflictException(String what, String problem) {
    super(what + " " + problem, REMEDY, null);
  }

  /**
   * Returns that a change was meant for another version than the stored one.
   *
   * @param what what was to be changed
   * @param stored the version that is stored; 0 if there is none
   * @param meant the version that the change was meant for; 0 if it was to be new
   */
  public static ConflictException ofVersion(String what, long stored, long meant) {
    if (stored == 0) {
      return new ConflictException(
          what, "is not there, so there is no version " + meant + " of it");
    }
    return new ConflictException(
        what,
        meant == 0
            ? "is there already, in version " + stored
            : "has version " + stored + ", and the change was meant for version " + meant);
  }

  @Override
  public boolean isRetryable() {
    return true;
  }
}
