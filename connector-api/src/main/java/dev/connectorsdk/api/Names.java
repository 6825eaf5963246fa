package dev.connectorsdk.api;

/** The one rule for names that end up in stores, settings files and logs. */
final class Names {

  static final int MAX_LENGTH = 200;

  private Names() {}

  static void require(String what, String name) {
    if (!isValid(name)) {
      throw new IllegalArgumentException(
          what
              + " must be 1 to 200 letters, digits, '.', '_' or '-' and start with a letter or"
              + " digit, but was '"
              + printable(name)
              + "'");
    }
  }

  private static boolean isValid(String name) {
    if (name.isEmpty() || name.length() > MAX_LENGTH || !isLetterOrDigit(name.charAt(0))) {
      return false;
    }
    for (int i = 1; i < name.length(); i++) {
      char c = name.charAt(i);
      if (!isLetterOrDigit(c) && c != '.' && c != '_' && c != '-') {
        return false;
      }
    }
    return true;
  }

  private static boolean isLetterOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  private static String printable(String name) {
    String shown = name.length() > MAX_LENGTH ? name.substring(0, MAX_LENGTH) + "..." : name;
    return shown.replaceAll("\\p{Cntrl}", "?");
  }
}
