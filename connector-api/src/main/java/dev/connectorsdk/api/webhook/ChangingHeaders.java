package dev.connectorsdk.api.webhook;

import java.util.List;
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

  private static final List<String> PARTS =
      List.of(
          "attempt",
          "correlation-id",
          "request-id",
          "requestid",
          "retry-num",
          "span-id",
          "spanid",
          "timestamp",
          "trace",
          "-date",
          "-time");

  private ChangingHeaders() {}

  /**
   * @param name in lower case
   */
  static boolean has(String name) {
    return NAMES.contains(name) || PARTS.stream().anyMatch(name::contains);
  }
}
