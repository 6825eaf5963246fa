package dev.connectorsdk.examples.demo;

import dev.connectorsdk.api.Principal;
import java.util.Map;
import java.util.Optional;

/** Who the people of the console's demo are. */
final class DemoPeople {

  private static final Map<Principal, String> NAMES =
      Map.of(
          Principal.user("ada"), "Ada Quint",
          Principal.user("ben"), "Ben Ode",
          Principal.user("cleo"), "Cleo Marsh",
          Principal.user("root"), "Root Admin");

  private DemoPeople() {}

  static Optional<String> nameOf(Principal who) {
    return Optional.ofNullable(NAMES.get(who));
  }
}
