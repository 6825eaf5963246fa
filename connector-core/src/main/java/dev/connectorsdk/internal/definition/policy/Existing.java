package dev.connectorsdk.internal.definition.policy;

/** What to do with a header or query parameter that is there already. */
enum Existing {
  OVERRIDE,
  SKIP,
  APPEND
}
