package dev.connectorsdk.examples.console;

import dev.connectorsdk.api.Principal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * The confirmations that were sent, so that a second press of the button, or the answer's page
 * loaded again, sends nothing twice. This process knows the latest of them. Safe for several
 * threads.
 */
final class SentOnce {

  /** The field with the name of a confirmation. */
  static final String FIELD = "once";

  private static final int MOST = 10_000;

  private record Confirmation(Principal by, String name) {}

  private final Set<Confirmation> sent =
      Collections.synchronizedSet(
          Collections.newSetFromMap(
              new LinkedHashMap<>() {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Confirmation, Boolean> eldest) {
                  return size() > MOST;
                }
              }));

  /** Returns a name for a confirmation that nobody has yet. */
  static String newName() {
    return UUID.randomUUID().toString();
  }

  /**
   * Returns the name of the confirmation that a form is.
   *
   * @throws Refusal if it has none
   */
  static String name(Visit visit) throws Refusal {
    try {
      return UUID.fromString(visit.field(FIELD).orElse("")).toString();
    } catch (IllegalArgumentException e) {
      throw new Refusal(400, "This form is not as the console made it. Nothing was sent.");
    }
  }

  /** Returns whether a confirmation is used for the first time, and has it used. */
  boolean isFirst(Visit visit, String name) {
    return sent.add(new Confirmation(visit.caller().principal(), name));
  }
}
