package dev.connectorsdk.internal.definition.policy;

/** What a policy template means beyond its step. */
enum PolicyTrait {
  /** It says where the service is. */
  MOVES_HOST,
  /** Its {@code httpMethod} is sent instead of the operation's method. */
  SETS_METHOD,
  /** Its {@code statusCode} means that the service refuses the connection's credentials. */
  REFUSES,
  /** It says how operations that it names are polled, and says nothing about others. */
  POLLS
}
