package dev.connectorsdk.examples.console;

import dev.connectorsdk.api.Principal;
import java.util.Optional;

/**
 * What a host tells the console of people, groups and services: by what others know them. Called by
 * several threads, once for each of them that a page shows. It answers to whoever may see the id of
 * somebody, so it names nobody whose name is not for all visitors.
 *
 * <pre>{@code
 * Console.of(runtime, visitors, address).people(who -> directory.fullName(who.id()))
 * }</pre>
 */
@FunctionalInterface
public interface People {

  /**
   * Returns the name of somebody, such as {@code Ben Ode}; empty if there is nobody of this id, of
   * which the pages warn before that id is given a right.
   *
   * @param who a user, a group or a service
   */
  Optional<String> nameOf(Principal who);
}
