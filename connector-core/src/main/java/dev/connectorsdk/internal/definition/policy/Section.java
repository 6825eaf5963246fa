package dev.connectorsdk.internal.definition.policy;

import org.jspecify.annotations.Nullable;

/** When a policy works: on the request, on the answer, or on an answer that is no success. */
enum Section {
  REQUEST,
  RESPONSE,
  FAILURE;

  /** Returns what a policy declares; nothing, and what is not known, means the request. */
  static Section of(@Nullable String declared) {
    for (Section section : values()) {
      if (declared != null && section.name().equalsIgnoreCase(declared.trim())) {
        return section;
      }
    }
    return REQUEST;
  }
}
