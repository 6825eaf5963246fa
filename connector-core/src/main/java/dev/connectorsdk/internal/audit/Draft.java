package dev.connectorsdk.internal.audit;

import dev.connectorsdk.api.event.AuditRecord;
import dev.connectorsdk.api.event.AuditRecord.Actor;
import dev.connectorsdk.api.event.AuditRecord.Kind;
import dev.connectorsdk.api.event.AuditRecord.Position;
import dev.connectorsdk.api.event.AuditRecord.Subject;
import dev.connectorsdk.api.event.AuditRecord.Verdict;
import java.time.Duration;
import java.time.Instant;

/** A record before it has its number. */
record Draft(Instant at, Kind kind, Actor actor, Subject subject, Verdict verdict, Duration took) {

  /** What the runtime says of the records themselves. */
  static Draft ofRuntime(Instant at, Kind kind, String result) {
    return new Draft(at, kind, Actor.RUNTIME, Subject.NONE, Verdict.failed(result), Duration.ZERO);
  }

  AuditRecord numbered(String run, long number) {
    return new AuditRecord(new Position(at, run, number), kind, actor, subject, verdict, took);
  }
}
