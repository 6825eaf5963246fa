package dev.connectorsdk.api.webhook;

import java.util.Set;

/** Headers that differ between a delivery and its repeat, whatever the service. */
final class ChangingHeaders {

  private static final Set<String> NAMES =
      Set.of(
          "b3",
          "cf-ray",
          "date",
          "request-id",
          "x-amz-cf-id",
          "x-client-request-id",
          "x-fastly-request-id",
          "x-github-request-id",
          "x-ms-request-id",
          "x-request-start",
          "x-request-uuid",
          "x-zm-trackingid");

  private ChangingHeaders() {}

  /**
   * @param name in lower case
   */
  static boolean has(String name) {
    return NAMES.contains(name)
        || name.contains("request-id")
        || name.contains("requestid")
        || name.contains("correlation-id")
        || name.contains("trace")
        || name.contains("span-id")
        || name.contains("spanid")
        || name.contains("timestamp")
        || name.endsWith("-time")
        || name.endsWith("-date")
        || name.contains("attempt")
        || name.contains("retry-num");
  }
}
