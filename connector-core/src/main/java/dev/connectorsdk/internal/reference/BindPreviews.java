package dev.connectorsdk.internal.reference;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectionReference.Source;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Flow.Start;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.spi.BindingStore.ReferenceKey;
import dev.connectorsdk.api.spi.BindingStore.StoredBinding;
import dev.connectorsdk.internal.connection.OpenConnection;
import dev.connectorsdk.internal.connection.OpenConnections;
import dev.connectorsdk.internal.reference.Binder.Change;
import dev.connectorsdk.reference.ImpactPreview;
import dev.connectorsdk.reference.ImpactPreview.Item;
import dev.connectorsdk.reference.ImpactPreview.Treatment;
import dev.connectorsdk.reference.ImpactPreview.User;
import dev.connectorsdk.reference.UsedConnection;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Previews of what binding a reference changes, and for whom. Writes nothing. */
final class BindPreviews {

  private final OpenConnections connections;
  private final Resolver resolver;
  private final Binder binder;
  private final BindingChoices choices;
  private final Impact impact;

  BindPreviews(
      OpenConnections connections,
      Resolver resolver,
      Binder binder,
      BindingChoices choices,
      Impact impact) {
    this.connections = connections;
    this.resolver = resolver;
    this.binder = binder;
    this.choices = choices;
    this.impact = impact;
  }

  /**
   * A binding that somebody asks for.
   *
   * @param caller the principal who asks, running the flow in which it is done
   * @param isAdministrators whether that is an administrator, who sees what the flow uses
   */
  record Asked(
      Caller caller, ConnectionReference reference, Change change, boolean isAdministrators) {

    static Asked by(Caller caller, ConnectionReference reference, Change change) {
      return new Asked(caller, reference, change, false);
    }
  }

  /**
   * A reference before and after it is bound.
   *
   * @param bound {@code null} if it leads nowhere afterwards
   */
  private record Rebinding(
      Asked asked,
      @Nullable StoredBinding bound,
      ReferenceBindings before,
      ReferenceBindings after) {

    Caller caller() {
      return asked.caller();
    }

    ConnectionReference reference() {
      return asked.reference();
    }

    /** Returns whether another connection is used then in a flow, or without one. */
    boolean changes(@Nullable Flow flow) {
      return bound != null && bound.equals(after.in(flow)) && !leadsThere(bound, before.in(flow));
    }

    private static boolean leadsThere(StoredBinding bound, @Nullable StoredBinding binding) {
      return binding != null && binding.connection().equals(bound.connection());
    }

    /** Returns whether the caller brings the connection, which holds for nobody else. */
    boolean isForCallerAlone() {
      return asked.change().reference().source() == Source.INVOKER;
    }

    /** Returns whether the caller now chooses what is bound, and so may use it. */
    boolean isChosen() {
      return isForCallerAlone() && asked.change().bound() != null;
    }

    boolean isChange() {
      return changes(caller().flow()) || changes(null);
    }

    /** Returns what it takes the place of, or {@code null} if that is nothing the caller knows. */
    @Nullable StoredBinding former() {
      Flow flow = caller().flow();
      ReferenceKey key = asked.change().reference();
      boolean isKnown =
          flow == null || key.principal().equals(caller().principal()) || Binder.isInUse(flow, key);
      return isKnown ? before.in(changes(flow) ? flow : null) : null;
    }
  }

  private Rebinding rebinding(Asked asked) {
    Change change = asked.change();
    ReferenceBindings before = binder.stored(change.reference());
    ReferenceBindings after = before.with(change.bound(), change.removed());
    StoredBinding bound = change.bound() == null ? after.everywhere() : change.bound();
    return new Rebinding(asked, bound, before, after);
  }

  /**
   * Checks that a reference may be bound without confirming what that means.
   *
   * @throws ResolutionException.Denied if there is a warning to be confirmed
   */
  void requireNoWarning(Asked asked) {
    if (!remarks(List.of(rebinding(asked))).warnings().isEmpty()) {
      throw Remarks.unconfirmed(
          asked.reference(),
          asked.caller(),
          "bind it",
          asked.isAdministrators() ? "Apply" : "Bind");
    }
  }

  private Remarks remarks(List<Rebinding> rebindings) {
    Remarks remarks = new Remarks(impact.accounts());
    for (Rebinding rebinding : rebindings) {
      if (rebinding.isChange()) {
        connection(rebinding.bound())
            .ifPresent(
                connection -> remarks.onUse(rebinding.reference().displayName(), connection));
      }
    }
    return remarks;
  }

  private Optional<Connection> connection(@Nullable StoredBinding binding) {
    return Optional.ofNullable(binding)
        .flatMap(one -> connections.find(one.connection()))
        .map(OpenConnection::view);
  }

  /** Returns what a caller's binding changes. */
  ImpactPreview of(Asked asked) {
    return preview("Binding " + asked.reference().logicalName(), asked.caller(), List.of(asked));
  }

  /**
   * Returns what the bindings of an administrator change.
   *
   * @param by the administrator, running the flow
   */
  ImpactPreview ofAll(Caller by, Flow flow, List<Asked> all) {
    return preview("Binding the references of " + flow.id(), by, all);
  }

  private ImpactPreview preview(String act, Caller by, List<Asked> all) {
    List<Rebinding> rebindings = all.stream().map(this::rebinding).toList();
    Map<String, Flow> changed = new TreeMap<>();
    Map<String, Flow> visible = new TreeMap<>();
    for (Rebinding rebinding : rebindings) {
      for (Flow flow : changed(rebinding)) {
        changed.put(flow.id(), flow);
        if (isSeen(rebinding.asked(), flow)) {
          visible.put(flow.id(), flow);
        }
      }
    }
    Remarks remarks = remarks(rebindings);
    return new ImpactPreview(
        act + " in " + by.environment(),
        List.copyOf(visible.keySet()),
        changed.size() - visible.size(),
        rebindings.stream().map(this::item).toList(),
        users(rebindings, visible.values()),
        remarks.information(),
        remarks.warnings());
  }

  private boolean isSeen(Asked asked, Flow flow) {
    return asked.isAdministrators()
        ? flow.equals(asked.caller().flow())
        : resolver.roles().mayChange(flow, asked.caller().principal());
  }

  private Item item(Rebinding rebinding) {
    Asked asked = rebinding.asked();
    return new Item(
        asked.reference(),
        treatment(rebinding),
        connection(rebinding.bound()).map(bound -> shown(rebinding, bound)).orElse(null),
        where(rebinding) + insteadOf(rebinding),
        List.of(),
        asked.isAdministrators() ? List.of() : choices.offered(asked.caller(), asked.reference()));
  }

  private static Treatment treatment(Rebinding rebinding) {
    if (rebinding.isForCallerAlone()) {
      return Treatment.BRING_OWN;
    }
    return rebinding.bound() == null ? Treatment.NOTHING : Treatment.SHARED;
  }

  private @Nullable UsedConnection shown(Rebinding rebinding, Connection bound) {
    Asked asked = rebinding.asked();
    return asked.isAdministrators()
        ? Disclosure.withoutId(bound)
        : resolver.disclosure().used(asked.caller(), bound, rebinding.isChosen());
  }

  private static String where(Rebinding rebinding) {
    if (rebinding.isForCallerAlone()) {
      return "It is bound for the caller alone.";
    }
    StoredBinding bound = rebinding.asked().change().bound();
    if (bound == null) {
      return "What its owner has bound it to holds in this flow again.";
    }
    return bound.key().flow() == null
        ? "It is bound in all flows that use the reference."
        : "It is bound in this flow alone.";
  }

  private String insteadOf(Rebinding rebinding) {
    return rebinding.isChange()
        ? connection(rebinding.former())
            .map(former -> " It takes the place of " + Disclosure.names(former) + ".")
            .orElse("")
        : " It is bound already.";
  }

  /** Returns the flows that use another connection from then on, in order. */
  private Collection<Flow> changed(Rebinding rebinding) {
    Map<String, Flow> flows = new TreeMap<>();
    StoredBinding bound = rebinding.asked().change().bound();
    if (bound != null
        && bound.key().flow() == null
        && rebinding.reference().source() == Source.EMBEDDED) {
      impact
          .flows()
          .of(bound.key().reference(), rebinding.reference().connector())
          .forEach(flow -> flows.put(flow.id(), flow));
    }
    Flow running = rebinding.caller().flow();
    if (running != null) {
      flows.put(running.id(), running);
    }
    return flows.values().stream().filter(rebinding::changes).toList();
  }

  private List<User> users(List<Rebinding> rebindings, Collection<Flow> flows) {
    Map<String, User> users = new TreeMap<>();
    for (Rebinding rebinding : rebindings) {
      if (rebinding.reference().source() == Source.EMBEDDED) {
        users(rebinding, flows)
            .forEach(
                (user, gains) ->
                    users.merge(user.toString(), user(rebinding, user, gains), BindPreviews::both));
      }
    }
    return List.copyOf(users.values());
  }

  /** Returns whether each gains it. Who gains it in one flow gains it, whatever the others say. */
  private Map<Principal, Boolean> users(Rebinding rebinding, Collection<Flow> flows) {
    Map<Principal, Boolean> gains = new HashMap<>();
    for (Flow flow : flows) {
      if (rebinding.changes(flow)) {
        gains.put(flow.owner(), true);
        flow.coOwners().forEach(user -> gains.put(user, true));
        if (flow.startsBy(Start.PERSON)) {
          boolean areShared = resolver.runOnlyUsers().areShared(flow, rebinding.after());
          flow.runOnlyUsers().forEach(user -> gains.merge(user, areShared, Boolean::logicalOr));
        }
      }
    }
    gains.remove(rebinding.caller().principal());
    return gains;
  }

  private static User user(Rebinding rebinding, Principal user, boolean gains) {
    List<String> name = List.of(rebinding.reference().logicalName());
    return gains ? new User(user, name, List.of()) : new User(user, List.of(), name);
  }

  private static User both(User one, User other) {
    return new User(
        one.user(), joined(one.gains(), other.gains()), joined(one.brings(), other.brings()));
  }

  private static List<String> joined(List<String> one, List<String> other) {
    return Stream.concat(one.stream(), other.stream()).toList();
  }
}
