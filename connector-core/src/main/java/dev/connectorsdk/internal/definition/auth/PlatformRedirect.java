package dev.connectorsdk.internal.definition.auth;

import java.util.regex.Pattern;

/**
 * The page to which sign-ins return on the platform, written out in a definition. Here they return
 * to the host's own.
 */
final class PlatformRedirect {

  private static final String SLASH = "(?:/|%2F)";
  private static final Pattern URL =
      Pattern.compile(
          "https(?::|%3A)"
              + SLASH
              + "{2}[A-Za-z0-9-]{1,63}(?:\\.[A-Za-z0-9-]{1,63})?\\.azure-apim\\.net"
              + SLASH
              + "redirect(?:"
              + SLASH
              + "[A-Za-z0-9._~-]*)?",
          Pattern.CASE_INSENSITIVE);

  private PlatformRedirect() {}

  static boolean is(String url) {
    return URL.matcher(url).matches();
  }

  /** Returns a template with {@code {RedirectUrl}} in the place of the platform's page. */
  static String replaced(String template) {
    return URL.matcher(template).replaceAll("{RedirectUrl}");
  }
}
