package dev.connectorsdk.internal.audit;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Grant;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.event.AuditRecord.Actor;
import dev.connectorsdk.api.event.AuditRecord.Kind;
import dev.connectorsdk.api.event.AuditRecord.Subject;
import dev.connectorsdk.api.event.AuditRecord.Verdict;
import dev.connectorsdk.api.event.ConnectorEvent;
import dev.connectorsdk.api.event.ConnectorEvent.CandidateAllows;
import dev.connectorsdk.api.event.ConnectorEvent.ConnectionChanged;
import dev.connectorsdk.api.event.ConnectorEvent.ConsentCompleted;
import dev.connectorsdk.api.event.ConnectorEvent.ConsentRefused;
import dev.connectorsdk.api.event.ConnectorEvent.DefinitionChanged;
import dev.connectorsdk.api.event.ConnectorEvent.FlowChanged;
import dev.connectorsdk.api.event.ConnectorEvent.PolicyBroken;
import dev.connectorsdk.api.event.ConnectorEvent.PolicyChanged;
import dev.connectorsdk.api.event.ConnectorEvent.RightsChanged;
import dev.connectorsdk.api.event.ConnectorEvent.RightsChanged.Act;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes records of what events say was changed. */
final class ChangeRecords {

  private ChangeRecords() {}

  /** Returns the record of an event, or {@code null} if that changes nothing that is recorded. */
  static @Nullable Draft of(ConnectorEvent event) {
    if (event instanceof ConnectionChanged changed) {
      return of(changed);
    }
    if (event instanceof RightsChanged changed) {
      return of(changed);
    }
    if (event instanceof FlowChanged changed) {
      return of(changed);
    }
    if (event instanceof PolicyChanged changed) {
      return of(changed);
    }
    if (event instanceof DefinitionChanged changed) {
      return of(changed);
    }
    if (event instanceof PolicyBroken broken) {
      return of(broken);
    }
    if (event instanceof CandidateAllows allowing) {
      return of(allowing);
    }
    if (event instanceof ConsentCompleted done) {
      return change(
          done,
          new Actor(done.by(), null, done.environment(), null),
          subject("sign-in", done.connector(), done.connection()),
          Verdict.DONE);
    }
    if (event instanceof ConsentRefused refused) {
      return change(
          refused,
          new Actor(
              refused.endedBy(),
              other(refused.begunBy(), refused.endedBy()),
              refused.environment(),
              null),
          subject("sign-in", refused.connector(), refused.connection()),
          Verdict.refused("", refused.reason().name()));
    }
    return null;
  }

  private static Draft of(ConnectionChanged changed) {
    Principal former = changed.formerOwner();
    String what = "connection " + words(changed.change());
    return change(
        changed,
        new Actor(changed.by(), other(changed.owner(), changed.by()), changed.environment(), null),
        new Subject(
            changed.connector(),
            former == null ? what : what + " by " + former + " to " + changed.owner(),
            null,
            changed.connection(),
            null,
            null,
            changed.gateway()),
        Verdict.DONE);
  }

  private static Draft of(RightsChanged changed) {
    Grant grant = changed.grant();
    String reference = changed.reference();
    return change(
        changed,
        actor(changed.by()),
        subject(
            what(reference, changed.act()) + (grant == null ? "" : what(grant)),
            changed.connector(),
            changed.connection()),
        Verdict.DONE);
  }

  /**
   * Returns what a record calls a change of who may use what.
   *
   * @param reference the logical name of the reference that it is about, or {@code null}
   */
  static String what(@Nullable String reference, Act act) {
    return (reference == null ? "right" : "reference " + reference) + " " + words(act);
  }

  private static String what(Grant grant) {
    return " "
        + grant.right()
        + " for "
        + grant.grantee()
        + (grant.until() == null ? "" : " until " + grant.until());
  }

  private static Draft of(FlowChanged changed) {
    Stream<String> coOwners = changed.coOwners().stream().map(user -> "co-owner " + user).sorted();
    Stream<String> operations =
        new TreeMap<>(changed.operations())
            .entrySet().stream()
                .map(entry -> entry.getKey() + " " + String.join(" ", sorted(entry.getValue())));
    return change(
        changed,
        actor(changed.by()),
        subject(
            "flow changed: "
                + Stream.concat(coOwners, operations).collect(Collectors.joining(", ")),
            null,
            null),
        Verdict.DONE);
  }

  private static Actor actor(Caller by) {
    Flow flow = by.flow();
    return new Actor(by.principal(), null, by.environment(), flow == null ? null : flow.id());
  }

  private static List<String> sorted(Set<String> some) {
    return some.stream().sorted().toList();
  }

  private static Draft of(PolicyChanged changed) {
    return change(
        changed,
        new Actor(changed.by(), null, changed.environment(), null),
        subject(
            "policy "
                + changed.policy()
                + (changed.version() == 0 ? " deleted" : " version " + changed.version())
                + (changed.exempted().isEmpty()
                    ? ""
                    : ", exempting " + String.join(" ", sorted(changed.exempted()))),
            null,
            null),
        Verdict.DONE);
  }

  private static Draft of(DefinitionChanged changed) {
    String what = changed.version() == 0 ? "removed" : "version " + changed.version();
    return change(
        changed,
        new Actor(changed.by(), null, changed.environment(), null),
        subject("definition " + what, changed.connector(), null),
        Verdict.DONE);
  }

  /** What goes on all the same was allowed. */
  private static Draft of(PolicyBroken broken) {
    PolicyBroken.BrokenRule rule = broken.rule();
    return new Draft(
        broken.at(),
        Kind.FINDING,
        actor(broken.caller()),
        new Subject(broken.connector(), broken.operation(), null, null, null, broken.origin()),
        new Verdict(
            true, Refusals.rule(rule.policy(), rule.version(), rule.place()), "not enforced"),
        Duration.ZERO);
  }

  /** What is refused was not allowed, whatever would allow it. */
  private static Draft of(CandidateAllows allowing) {
    return new Draft(
        allowing.at(),
        Kind.FINDING,
        actor(allowing.caller()),
        new Subject(
            allowing.connector(), allowing.operation(), null, null, null, allowing.origin()),
        Verdict.refused(
            Refusals.rule(allowing.policy(), allowing.version(), "the whole policy"),
            "would be allowed"),
        Duration.ZERO);
  }

  private static Draft change(ConnectorEvent event, Actor actor, Subject subject, Verdict verdict) {
    return new Draft(event.at(), Kind.CHANGE, actor, subject, verdict, Duration.ZERO);
  }

  private static Subject subject(
      String what, @Nullable ConnectorId connector, @Nullable ConnectionId connection) {
    return new Subject(connector, what, null, connection, null, null);
  }

  private static @Nullable Principal other(Principal one, Principal present) {
    return one.equals(present) ? null : one;
  }

  private static String words(Enum<?> name) {
    return name.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
