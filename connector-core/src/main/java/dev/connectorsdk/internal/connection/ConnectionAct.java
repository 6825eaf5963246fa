package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.Grant.Right;
import dev.connectorsdk.api.event.AuditRecord.Kind;

/** What a caller does with a connection by its id, and what a record calls it that was refused. */
enum ConnectionAct {
  SHOW(Kind.CHANGE, "connection shown", Right.MANAGE),
  UPDATE(Kind.CHANGE, "connection updated", Right.MANAGE),
  TEST(Kind.CALL, "connection test", Right.MANAGE),
  SIGN_IN(Kind.CHANGE, "sign-in", Right.MANAGE),
  SHOW_USAGE(Kind.CHANGE, "usage of the connection", Right.OWN),
  DELETE(Kind.CHANGE, "connection deleted", Right.OWN);

  private final Kind kind;
  private final String what;
  private final Right right;

  ConnectionAct(Kind kind, String what, Right right) {
    this.kind = kind;
    this.what = what;
    this.right = right;
  }

  Kind kind() {
    return kind;
  }

  String what() {
    return what;
  }

  /** Returns the right that it takes. */
  Right right() {
    return right;
  }
}
