package dev.connectorsdk.api;

import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A person or a program that calls or owns. The host has authenticated it; this library only
 * compares it.
 *
 * @param kind what the principal is
 * @param id the host's stable id, at most 200 characters and not blank; an id that can be given to
 *     somebody else later, such as a mail address, is a poor choice
 */
public record Principal(Kind kind, String id) {

  /** What a principal is. */
  public enum Kind {
    /** A person. */
    USER,
    /** A set of users and services. The host knows its members. */
    GROUP,
    /** Whoever may edit a thing of the host, such as a list. The host knows who that is. */
    EDITORS,
    /** A program that acts on its own behalf. */
    SERVICE,
    /** A flow that runs without anybody having started it; see {@link Flow#in}. */
    FLOW
  }

  public Principal {
    Objects.requireNonNull(kind, "kind");
    if (id.isBlank() || id.length() > Names.MAX_LENGTH) {
      throw new IllegalArgumentException(
          "Principal id must not be blank or longer than 200 characters");
    }
  }

  /** Returns the user with this id. */
  public static Principal user(String id) {
    return new Principal(Kind.USER, id);
  }

  /**
   * Returns the group with this id. Who belongs to it the runtime's {@link
   * dev.connectorsdk.api.spi.Memberships} know.
   */
  public static Principal group(String id) {
    return new Principal(Kind.GROUP, id);
  }

  /**
   * Returns whoever may edit a thing of the host, such as a list or a project. Who that is the
   * runtime's {@link dev.connectorsdk.api.spi.Memberships} know.
   */
  public static Principal editorsOf(String thing) {
    return new Principal(Kind.EDITORS, thing);
  }

  /**
   * Returns whether this stands for several: for a group, or for the editors of a thing. It holds
   * rights, and neither calls nor owns.
   */
  public boolean isGroup() {
    return kind == Kind.GROUP || kind == Kind.EDITORS;
  }

  /** Returns whether this can own something: whether it is a user or a service. */
  public boolean mayOwn() {
    return kind == Kind.USER || kind == Kind.SERVICE;
  }

  /** Returns the service with this id. */
  public static Principal service(String id) {
    return new Principal(Kind.SERVICE, id);
  }

  /**
   * Parses the form that {@link #toString()} writes.
   *
   * @throws IllegalArgumentException if {@code text} is not {@code kind:id}
   */
  public static Principal parse(String text) {
    int colon = text.indexOf(':');
    if (colon > 0) {
      for (Kind kind : Kind.values()) {
        if (text.substring(0, colon).equals(kind.name().toLowerCase(Locale.ROOT))) {
          return new Principal(kind, text.substring(colon + 1));
        }
      }
    }
    throw new IllegalArgumentException(
        "A principal is written user:<id>, service:<id>, group:<id> or editors:<id>, but was '"
            + text
            + "'");
  }

  /**
   * Returns this principal as the caller of work in {@code environment}, outside any flow.
   *
   * @throws IllegalArgumentException if this is a group, or a flow, whose caller {@link Flow#in}
   *     makes
   */
  public Caller in(Environment environment) {
    return new Caller(this, environment, null);
  }

  /**
   * Returns this principal as the caller of work in the environment called {@code environment}.
   *
   * @throws IllegalArgumentException if this is a group, or {@code environment} no name
   */
  public Caller in(String environment) {
    return in(Environment.of(environment));
  }

  // Written out: what the JVM makes for records costs a part of each start.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Principal that && that.kind == kind && that.id.equals(id);
  }

  @Override
  public int hashCode() {
    return 31 * kind.hashCode() + id.hashCode();
  }

  /** Returns {@code kind:id}, which {@link #parse} reads back. */
  @Override
  public String toString() {
    return kind.name().toLowerCase(Locale.ROOT) + ":" + id;
  }
}
