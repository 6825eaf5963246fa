package dev.connectorsdk.internal.reference;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.event.AuditRecord.Kind;
import dev.connectorsdk.api.event.ConnectorEvent.RightsChanged.Act;
import dev.connectorsdk.internal.audit.Auditor.Attempt;
import dev.connectorsdk.internal.connection.RuntimeServices;
import dev.connectorsdk.internal.reference.BindPreviews.Asked;
import dev.connectorsdk.internal.reference.Reassignment.Outcome;
import dev.connectorsdk.internal.reference.Remarks.Seen;
import dev.connectorsdk.internal.sharing.Roles;
import dev.connectorsdk.reference.DeploymentSettings;
import dev.connectorsdk.reference.ImpactPreview;
import dev.connectorsdk.reference.ImpactPreview.Item;
import dev.connectorsdk.reference.ImpactPreview.Treatment;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What administrators do with the references of flows. Safe for several threads. */
final class AdministeredReferences {

  private final Binder binder;
  private final BindPreviews previews;
  private final BindingWriter writer;
  private final Reassignment reassignment;
  private final PrivilegedAccounts accounts;
  private final Roles roles;
  private final RuntimeServices services;

  AdministeredReferences(
      Binder binder,
      BindPreviews previews,
      BindingWriter writer,
      Reassignment reassignment,
      PrivilegedAccounts accounts,
      Roles roles,
      RuntimeServices services) {
    this.binder = binder;
    this.previews = previews;
    this.writer = writer;
    this.reassignment = reassignment;
    this.accounts = accounts;
    this.roles = roles;
    this.services = services;
  }

  private static Caller running(Administrator administrator, Flow flow) {
    return new Caller(administrator.principal(), administrator.requireEnvironment(), flow);
  }

  void apply(Administrator administrator, Flow flow, DeploymentSettings settings) {
    Caller by = running(administrator, flow);
    write(by, asked(by, flow, settings, false));
  }

  ImpactPreview previewApply(Administrator administrator, Flow flow, DeploymentSettings settings) {
    Caller by = running(administrator, flow);
    return previews.ofAll(by, flow, asked(by, flow, settings, true));
  }

  void confirmApply(
      Administrator administrator, Flow flow, DeploymentSettings settings, ImpactPreview preview) {
    Caller by = running(administrator, flow);
    List<Asked> asked = asked(by, flow, settings, true);
    Shares.requireSame(previews.ofAll(by, flow, asked), preview);
    write(by, asked);
  }

  private void write(Caller by, List<Asked> asked) {
    writer.write(by, asked.stream().map(Asked::change).toList());
  }

  private List<Asked> asked(
      Caller by, Flow flow, DeploymentSettings settings, boolean isConfirmed) {
    return SettingsFiles.changes(
        by.environment(),
        settings,
        flow.references(),
        (reference, id) -> asked(by, flow, reference, id, isConfirmed));
  }

  private Asked asked(
      Caller by,
      Flow flow,
      ConnectionReference reference,
      ConnectionId connection,
      boolean isConfirmed) {
    return services
        .auditor()
        .attempt(
            Attempt.toChange(by, reference, Act.BOUND, connection),
            () -> {
              services.policies().requireUsable(by.environment(), reference.connector(), flow);
              var change = binder.change(by.environment(), flow, reference, connection);
              var asked = new Asked(by, reference, change, true);
              if (!isConfirmed) {
                previews.requireNoWarning(asked);
              }
              return asked;
            });
  }

  List<ConnectionReference> reassign(Administrator administrator, Flow flow, Principal newOwner) {
    Caller by = running(administrator, flow);
    List<Outcome> outcomes = reassignment.foresee(by, flow, newOwner);
    return services
        .auditor()
        .attempt(
            attempt(by, newOwner),
            () -> {
              for (Outcome outcome : outcomes) {
                requireNoWarning(by, flow, newOwner, outcome);
              }
              return reassign(by, flow, newOwner, outcomes);
            });
  }

  private void requireNoWarning(Caller by, Flow flow, Principal newOwner, Outcome outcome) {
    ConnectionReference reference = outcome.reference();
    if (!remarks(flow, newOwner, List.of(seen(reference, outcome.connection())))
        .warnings()
        .isEmpty()) {
      throw Remarks.unconfirmed(reference, by, "give the flow away", "Reassign");
    }
  }

  ImpactPreview previewReassign(Administrator administrator, Flow flow, Principal newOwner) {
    Caller by = running(administrator, flow);
    return preview(by, flow, newOwner, reassignment.foresee(by, flow, newOwner));
  }

  List<ConnectionReference> confirmReassign(
      Administrator administrator, Flow flow, Principal newOwner, ImpactPreview preview) {
    Caller by = running(administrator, flow);
    List<Outcome> outcomes = reassignment.foresee(by, flow, newOwner);
    Shares.requireSame(preview(by, flow, newOwner, outcomes), preview);
    return reassign(by, flow, newOwner, outcomes);
  }

  /** Returns the references that lead nowhere for the new owner. */
  private List<ConnectionReference> reassign(
      Caller by, Flow flow, Principal newOwner, List<Outcome> outcomes) {
    services.auditor().requireRoom();
    reassignment.reassign(by, flow, newOwner);
    services.auditor().done(attempt(by, newOwner));
    return outcomes.stream()
        .filter(outcome -> outcome.connection() == null)
        .map(Outcome::reference)
        .toList();
  }

  private static Attempt attempt(Caller by, Principal newOwner) {
    return new Attempt(Kind.CHANGE, by, null, "flow reassigned to " + newOwner, null);
  }

  private ImpactPreview preview(Caller by, Flow flow, Principal newOwner, List<Outcome> outcomes) {
    List<Seen> seen =
        outcomes.stream().map(outcome -> seen(outcome.reference(), outcome.connection())).toList();
    return FlowPreviews.preview(
        "Reassigning ", by, flow, seen, Set.of(newOwner), remarks(flow, newOwner, seen));
  }

  private static Seen seen(ConnectionReference reference, @Nullable Connection connection) {
    Item item =
        connection == null
            ? new Item(
                reference,
                Treatment.NOTHING,
                null,
                "It leads nowhere for the new owner, who has to bind it or be granted it.",
                List.of(),
                List.of())
            : new Item(
                reference,
                Treatment.SHARED,
                Disclosure.toAdministrator(connection),
                "The new owner uses it in this flow, and sees its name and account.",
                List.of(),
                List.of());
    return new Seen(item, connection);
  }

  /** Who may change the flow already, or owns the connection, gains nothing. */
  private Remarks remarks(Flow flow, Principal newOwner, List<Seen> seen) {
    Remarks remarks = new Remarks(accounts);
    return roles.mayChange(flow, newOwner)
        ? remarks
        : remarks.on(seen.stream().filter(one -> !isOwn(newOwner, one.bound())).toList());
  }

  private static boolean isOwn(Principal owner, @Nullable Connection connection) {
    return connection != null && connection.owner().equals(owner);
  }
}
