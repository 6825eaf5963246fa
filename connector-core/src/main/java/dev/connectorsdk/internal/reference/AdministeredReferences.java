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
import dev.connectorsdk.api.spi.BindingStore.ReferenceKey;
import dev.connectorsdk.internal.audit.Auditor.Attempt;
import dev.connectorsdk.internal.connection.RuntimeServices;
import dev.connectorsdk.internal.reference.BindPreviews.Asked;
import dev.connectorsdk.internal.reference.Reassignment.Offer;
import dev.connectorsdk.internal.reference.Reassignment.Outcome;
import dev.connectorsdk.internal.sharing.Roles;
import dev.connectorsdk.reference.DeploymentSettings;
import dev.connectorsdk.reference.ImpactPreview;
import dev.connectorsdk.reference.ImpactPreview.Item;
import dev.connectorsdk.reference.ImpactPreview.Treatment;
import dev.connectorsdk.reference.ImpactPreview.User;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What administrators do with the references of flows. Safe for several threads. */
final class AdministeredReferences {

  private final Binder binder;
  private final BindPreviews previews;
  private final BindingWriter writer;
  private final Reassignment reassignment;
  private final Impact impact;
  private final Roles roles;
  private final RuntimeServices services;

  AdministeredReferences(
      Binder binder,
      BindPreviews previews,
      BindingWriter writer,
      Reassignment reassignment,
      Impact impact,
      Roles roles,
      RuntimeServices services) {
    this.binder = binder;
    this.previews = previews;
    this.writer = writer;
    this.reassignment = reassignment;
    this.impact = impact;
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
              return reassign(by, newOwner, outcomes);
            });
  }

  private void requireNoWarning(Caller by, Flow flow, Principal newOwner, Outcome outcome) {
    if (!remarks(flow, newOwner, List.of(outcome)).warnings().isEmpty()) {
      throw Remarks.unconfirmed(outcome.reference(), by, "give the flow away", "Reassign");
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
    return reassign(by, newOwner, outcomes);
  }

  /** Returns the references that lead nowhere for the new owner. */
  private List<ConnectionReference> reassign(
      Caller by, Principal newOwner, List<Outcome> outcomes) {
    services.auditor().requireRoom();
    reassignment.reassign(by, outcomes);
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
    List<String> used = names(outcomes, outcome -> outcome.connection() != null);
    List<String> gained = names(outcomes, Outcome::isNew);
    List<User> users = new ArrayList<>();
    users.add(new User(newOwner, used, List.of()));
    if (!gained.isEmpty()) {
      others(flow, newOwner).forEach(user -> users.add(new User(user, gained, List.of())));
    }
    Remarks remarks = remarks(flow, newOwner, outcomes);
    return new ImpactPreview(
        "Reassigning " + flow.id() + " in " + by.environment(),
        List.of(flow.id()),
        (int)
            outcomes.stream()
                .flatMap(o -> elsewhere(flow, o).stream().map(Flow::id))
                .distinct()
                .count(),
        outcomes.stream().map(outcome -> item(flow, outcome)).toList(),
        users,
        remarks.information(),
        remarks.warnings());
  }

  private static List<String> names(List<Outcome> outcomes, Predicate<Outcome> wanted) {
    return outcomes.stream()
        .filter(wanted)
        .map(outcome -> outcome.reference().logicalName())
        .toList();
  }

  /** Returns who uses the flow beside the new owner, in order. */
  private static List<Principal> others(Flow flow, Principal newOwner) {
    return Stream.concat(flow.coOwners().stream(), flow.runOnlyUsers().stream())
        .filter(user -> !user.equals(newOwner))
        .distinct()
        .sorted(Comparator.comparing(Principal::toString))
        .toList();
  }

  /** Returns the other flows in which the new owner's reference has led nowhere, in order. */
  private List<Flow> elsewhere(Flow flow, Outcome outcome) {
    Offer offer = outcome.offer();
    if (offer == null) {
      return List.of();
    }
    ReferenceKey offered = offer.binding().key().reference();
    return impact.flows().of(offered, outcome.reference().connector()).stream()
        .filter(other -> !other.id().equals(flow.id()))
        .filter(other -> offer.before().in(other) == null)
        .toList();
  }

  private Item item(Flow flow, Outcome outcome) {
    Connection connection = outcome.connection();
    return new Item(
        outcome.reference(),
        connection == null ? Treatment.NOTHING : Treatment.SHARED,
        connection == null ? null : Disclosure.withoutId(connection),
        (connection == null
                ? "It leads nowhere for the new owner, who has to bind it or be granted it."
                : "Whoever owns the flow uses it in this flow, and sees its name and account.")
            + inOthers(flow, outcome),
        List.of(),
        List.of());
  }

  private String inOthers(Flow flow, Outcome outcome) {
    Offer offer = outcome.offer();
    return offer == null || elsewhere(flow, outcome).isEmpty()
        ? ""
        : " Other flows that use the new owner's reference get "
            + Disclosure.names(offer.connection())
            + ".";
  }

  private Remarks remarks(Flow flow, Principal newOwner, List<Outcome> outcomes) {
    Remarks remarks = new Remarks(impact.accounts());
    for (Outcome outcome : outcomes) {
      gained(flow, newOwner, outcome)
          .forEach(connection -> remarks.onUse(outcome.reference().displayName(), connection));
    }
    return remarks;
  }

  /** Returns which connections somebody gets to use who does not own them. */
  private Collection<Connection> gained(Flow flow, Principal newOwner, Outcome outcome) {
    Map<ConnectionId, Connection> gained = new LinkedHashMap<>();
    Connection connection = outcome.connection();
    if (connection != null && isGained(flow, newOwner, connection, outcome.isNew())) {
      gained.put(connection.id(), connection);
    }
    Offer offer = outcome.offer();
    if (offer != null && elsewhere(flow, outcome).stream().anyMatch(o -> isUsed(o, newOwner))) {
      gained.put(offer.connection().id(), offer.connection());
    }
    return gained.values();
  }

  /** Returns whether somebody else than the new owner uses a flow. */
  private static boolean isUsed(Flow flow, Principal newOwner) {
    return !flow.owner().equals(newOwner) || !others(flow, newOwner).isEmpty();
  }

  /** Who may change the flow already, or owns the connection, gains nothing by owning the flow. */
  private boolean isGained(Flow flow, Principal newOwner, Connection connection, boolean isNew) {
    boolean isNewOwners = connection.owner().equals(newOwner);
    return (!isNewOwners && !roles.mayChange(flow, newOwner))
        || (isNew && !others(flow, newOwner).isEmpty());
  }
}
