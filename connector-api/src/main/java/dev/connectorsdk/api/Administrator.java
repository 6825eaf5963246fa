package dev.connectorsdk.api;

import dev.connectorsdk.api.error.PermissionDeniedException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The right to administer an environment, or all of them. The host makes it for whom it has
 * authenticated and knows to be an administrator, and vouches for it by passing it.
 *
 * <p>It is an argument of administrators' methods alone. It runs no action: to call, an
 * administrator is a {@link Caller} like everybody else.
 *
 * <p>Immutable and safe for use by several threads.
 */
public final class Administrator {

  private final Principal principal;
  private final @Nullable Environment environment;

  private Administrator(Principal principal, @Nullable Environment environment) {
    if (!principal.mayOwn()) {
      throw new IllegalArgumentException(
          principal + " cannot administer: name the one of its members who does");
    }
    this.principal = principal;
    this.environment = environment;
  }

  /**
   * Returns an administrator of one environment.
   *
   * @throws IllegalArgumentException if the principal is a group
   */
  public static Administrator of(Principal principal, Environment environment) {
    return new Administrator(principal, Objects.requireNonNull(environment, "environment"));
  }

  /**
   * Returns an administrator of one environment.
   *
   * @throws IllegalArgumentException if the principal is a group, or {@code environment} no name
   */
  public static Administrator of(Principal principal, String environment) {
    return of(principal, Environment.of(environment));
  }

  /**
   * Returns an administrator of the whole runtime: of every environment, and of what belongs to
   * none. Where a method acts in one environment, say which, by {@link #in}.
   *
   * @throws IllegalArgumentException if the principal is a group
   */
  public static Administrator ofRuntime(Principal principal) {
    return new Administrator(principal, null);
  }

  /**
   * Returns this administrator, of {@code environment} alone.
   *
   * @throws PermissionDeniedException if that is not an environment of this administrator
   */
  public Administrator in(Environment environment) {
    if (this.environment != null && !this.environment.equals(environment)) {
      throw new PermissionDeniedException(this, "act in " + environment, environment);
    }
    return of(principal, environment);
  }

  /** Returns who administers, for records of what was done. */
  public Principal principal() {
    return principal;
  }

  /** Returns the environment; empty for an administrator of the whole runtime. */
  public Optional<Environment> environment() {
    return Optional.ofNullable(environment);
  }

  /**
   * Returns the environment that something is done in.
   *
   * @throws IllegalArgumentException if this is an administrator of the whole runtime
   */
  public Environment requireEnvironment() {
    if (environment == null) {
      throw new IllegalArgumentException("Say in which environment: administrator.in(environment)");
    }
    return environment;
  }

  /** Returns who and where, for logs and messages. */
  @Override
  public String toString() {
    return principal
        + ", administrator of "
        + (environment == null ? "the runtime" : environment.toString());
  }
}
