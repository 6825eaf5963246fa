package dev.connectorsdk.api;

import org.jspecify.annotations.Nullable;

/**
 * An open name for a place where connections and bindings live: dev, test, prod, or a tenant. A
 * connection belongs to one environment and never leaves it.
 *
 * @param name 1 to 200 characters: letters, digits, {@code .}, {@code _} and {@code -}, starting
 *     with a letter or digit
 */
public record Environment(String name) {

  public Environment {
    Names.require("Environment", name);
  }

  /** Returns the environment called {@code name}. */
  public static Environment of(String name) {
    return new Environment(name);
  }

  // Written out: what the JVM makes for records costs a part of each start.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Environment that && that.name.equals(name);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  /** Returns the name, which {@link #of} reads back. */
  @Override
  public String toString() {
    return name;
  }
}
