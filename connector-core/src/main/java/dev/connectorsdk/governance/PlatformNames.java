package dev.connectorsdk.governance;

import dev.connectorsdk.governance.DataPolicy.Group;
import dev.connectorsdk.governance.DataPolicy.Mode;
import dev.connectorsdk.governance.DataPolicy.Scope;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** How the platform's JSON calls what a policy says. */
final class PlatformNames {

  /** How a rule says that the policy says nothing about a connector. */
  static final String IGNORE = "Ignore";

  private PlatformNames() {}

  static String of(Group group) {
    return switch (group) {
      case BUSINESS -> "Confidential";
      case NON_BUSINESS -> "General";
      case BLOCKED -> "Blocked";
    };
  }

  /** Returns the group that is called so, in the files or in the admin center. */
  static Optional<Group> group(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "confidential", "business" -> Optional.of(Group.BUSINESS);
      case "general", "non-business", "nonbusiness" -> Optional.of(Group.NON_BUSINESS);
      case "blocked" -> Optional.of(Group.BLOCKED);
      default -> Optional.empty();
    };
  }

  static String of(Scope scope) {
    return switch (scope) {
      case ALL_ENVIRONMENTS -> "AllEnvironments";
      case ONLY_ENVIRONMENTS -> "OnlyEnvironments";
      case EXCEPT_ENVIRONMENTS -> "ExceptEnvironments";
      case SINGLE_ENVIRONMENT -> "SingleEnvironment";
    };
  }

  static Optional<Scope> scope(String name) {
    return Stream.of(Scope.values()).filter(scope -> of(scope).equalsIgnoreCase(name)).findFirst();
  }

  static String of(Mode mode) {
    return switch (mode) {
      case AUDIT -> "Audit";
      case WARN -> "Warn";
      case ENFORCE -> "Enforce";
    };
  }

  static Optional<Mode> mode(String name) {
    return Stream.of(Mode.values()).filter(mode -> of(mode).equalsIgnoreCase(name)).findFirst();
  }
}
