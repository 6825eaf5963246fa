package dev.connectorsdk.api.error;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Environment;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An administrator has asked for something that is not for an administrator of that environment.
 * Nothing was changed, and nothing shown.
 */
public final class PermissionDeniedException extends ConnectorException {

  private static final long serialVersionUID = 1L;

  private final @Nullable String environment;

  /**
   * @param administrator who has asked
   * @param act for what, as in "may not delete the data policy"
   * @param environment which environment one has to administer for that; {@code null} for the whole
   *     runtime
   */
  public PermissionDeniedException(
      Administrator administrator, String act, @Nullable Environment environment) {
    super(
        administrator + ", may not " + act + ": that takes an " + right(environment),
        "Have an " + right(environment) + " do it.",
        null);
    this.environment = environment == null ? null : environment.name();
  }

  private static String right(@Nullable Environment environment) {
    return "administrator of " + (environment == null ? "the runtime" : environment);
  }

  /** Returns which environment one has to administer; empty for the whole runtime. */
  public Optional<Environment> environment() {
    return Optional.ofNullable(environment).map(Environment::of);
  }

  /** Returns the right that is missing, in words: "administrator of prod". */
  public String missingRight() {
    return right(environment().orElse(null));
  }

  @Override
  public boolean userMustAct() {
    return true;
  }
}
