package dev.connectorsdk.internal.definition.auth;

import dev.connectorsdk.internal.definition.document.Lookup;
import java.util.Set;

/** Signs in to a service as to Windows, by Negotiate or NTLM, which nothing here does. */
final class WindowsAuthentication {

  /** What is said where a definition offers it, and nothing else. */
  static final String REFUSED =
      "it is authenticated as Windows is (Negotiate, NTLM), which is not supported: have the service"
          + " take another way, such as basic, or put a proxy before it that signs in to it";

  private static final Set<String> CHOOSING =
      Set.of("authtype", "authenticationtype", "authentication");

  private static final Set<String> NAMES = Set.of("windows", "negotiate", "kerberos", "ntlm");

  /** Such as of {@code windowsAuthenticationNonShared}. */
  private static final String BEGINNING = "windowsauth";

  private WindowsAuthentication() {}

  /** Returns whether a parameter set or a choice is called as this is. */
  static boolean is(String name) {
    String squeezed = squeezed(name);
    return NAMES.contains(squeezed) || squeezed.startsWith(BEGINNING);
  }

  /** Returns whether the value of a connection parameter says how to authenticate. */
  static boolean isChosenBy(String parameter) {
    return CHOOSING.contains(squeezed(parameter));
  }

  private static String squeezed(String name) {
    return Lookup.lower(name).replaceAll("[ _-]", "");
  }
}
