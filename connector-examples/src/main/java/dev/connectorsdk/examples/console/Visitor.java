package dev.connectorsdk.examples.console;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.PermissionDeniedException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who looks at the console, as the host has authenticated them. Immutable: {@link
 * #administering} returns a copy.
 */
public final class Visitor {

  private final Caller caller;
  private final String name;
  private final Secret session;
  private final @Nullable Administrator administrator;

  private Visitor(
      Caller caller, String name, Secret session, @Nullable Administrator administrator) {
    this.caller = caller;
    this.name = name;
    this.session = session;
    this.administrator = administrator;
  }

  /**
   * Returns a visitor who sees what is his own, in one environment.
   *
   * @param caller who, and in which environment
   * @param name by which the pages call this person
   * @param session what identifies the browser session and nobody can guess, such as the value of
   *     the host's session cookie: forms are bound to it, and so are sign-ins
   */
  public static Visitor of(Caller caller, String name, String session) {
    return new Visitor(
        Objects.requireNonNull(caller, "caller"),
        Objects.requireNonNull(name, "name"),
        Secret.of(session),
        null);
  }

  /**
   * Returns this visitor, who sees the administrator's pages besides.
   *
   * @param administrator what this person administers
   * @throws PermissionDeniedException if that is another environment than the visitor's
   */
  public Visitor administering(Administrator administrator) {
    administrator.in(caller.environment());
    return new Visitor(caller, name, session, administrator);
  }

  /** Returns who calls, and in which environment. */
  public Caller caller() {
    return caller;
  }

  /** Returns the name by which the pages call this person. */
  public String name() {
    return name;
  }

  /** Returns what identifies the browser session. */
  public Secret session() {
    return session;
  }

  /** Returns what this person administers; empty for nothing. */
  public Optional<Administrator> administrator() {
    return Optional.ofNullable(administrator);
  }

  /** Returns who and where, without the session. */
  @Override
  public String toString() {
    return administrator == null ? caller.toString() : caller + ", " + administrator;
  }
}
