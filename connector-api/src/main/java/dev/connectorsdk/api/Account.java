package dev.connectorsdk.api;

import org.jspecify.annotations.Nullable;

/**
 * The account at the service behind a connection, as the service names it.
 *
 * @param id the service's stable id of the account
 * @param displayName how a person would name it, or {@code null} if the service does not say
 */
public record Account(String id, @Nullable String displayName) {

  /** Returns an account of which only the id is known. */
  public static Account of(String id) {
    return new Account(id, null);
  }

  /** Returns the display name, or the id where there is none. */
  public String label() {
    String name = displayName;
    return name == null ? id : name;
  }
}
