package dev.connectorsdk.examples.console;

import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.DataPolicy.ActionRules;
import dev.connectorsdk.governance.DataPolicy.Group;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A form that changes one thing in a policy, as it was filled in. */
record PolicyChangeForm(Visit visit, Kind kind, DataPolicy policy) {

  /** What is changed. The names of the fields begin with its id, since a page has all forms. */
  enum Kind {
    GROUP("group", "Move a connector to another group"),
    ACTION("action", "Block or allow an action"),
    OTHERS("others", "Set the group of all other connectors");

    private final String id;
    private final String title;

    Kind(String id, String title) {
      this.id = id;
      this.title = title;
    }

    String id() {
      return id;
    }

    String title() {
      return title;
    }

    static Optional<Kind> of(String id) {
      return Stream.of(values()).filter(kind -> kind.id.equals(id)).findFirst();
    }
  }

  private static final String BLOCK = "block";
  private static final String ALLOW = "allow";

  /** Returns the fields, with what was entered and what is wrong with it. */
  List<Field> fields() {
    return switch (kind) {
      case GROUP -> List.of(connector(), group("Group"));
      case ACTION -> List.of(connector(), operation(), blocks());
      case OTHERS -> List.of(group("Group of connectors that the policy does not list"));
    };
  }

  private Field connector() {
    return Field.text(name("connector"), "Id of the connector")
        .mandatory()
        .hint("Such as helpdesk")
        .choosingFrom(PolicyChoices.CONNECTORS)
        .value(entered("connector").orElse(null))
        .fault(isSent() ? connectorFault() : null);
  }

  private @Nullable String connectorFault() {
    Optional<String> text = entered("connector");
    return text.isEmpty()
        ? "is missing"
        : Entered.fault(text, Entered.connector(text), Entered.CONNECTOR);
  }

  private Field operation() {
    return Field.text(name("operation"), "Id of the action or trigger")
        .mandatory()
        .hint("As the connector's page has it, such as listTickets")
        .choosingFrom(PolicyChoices.OPERATIONS)
        .value(entered("operation").orElse(null))
        .fault(isSent() ? operationFault() : null);
  }

  /** What a connector that is not here offers is not known. */
  private @Nullable String operationFault() {
    Optional<String> operation = entered("operation");
    if (operation.isEmpty()) {
      return "is missing";
    }
    Optional<Connector> connector =
        Entered.connector(entered("connector").map(PolicyNames::key))
            .flatMap(id -> find(visit, id));
    boolean isKnown =
        connector
            .map(
                one ->
                    one.action(operation.get()).isPresent()
                        || one.trigger(operation.get()).isPresent())
            .orElse(true);
    return isKnown ? null : "is neither an action nor a trigger of this connector";
  }

  /** Returns a connector that is here. */
  static Optional<Connector> find(Visit visit, ConnectorId id) {
    try {
      return Optional.of(visit.runtime().connector(visit.caller(), id));
    } catch (NotFoundException e) {
      return Optional.empty();
    }
  }

  private Field blocks() {
    Map<String, String> choices = new LinkedHashMap<>();
    choices.put(BLOCK, "Blocked");
    choices.put(ALLOW, "Allowed");
    return Field.choice(name("to"), "It is to be", choices)
        .mandatory()
        .value(entered("to").orElse(BLOCK))
        .fault(choiceFault(choices));
  }

  private Field group(String title) {
    Map<String, String> groups = new LinkedHashMap<>();
    for (Group group : Group.values()) {
      groups.put(group.name(), Wording.groupAndJson(group));
    }
    return Field.choice(name("to"), title, groups)
        .mandatory()
        .value(entered("to").orElse(policy.defaultGroup().name()))
        .fault(choiceFault(groups));
  }

  private @Nullable String choiceFault(Map<String, String> choices) {
    if (!isSent()) {
      return null;
    }
    Optional<String> choice = entered("to");
    return choice.isEmpty()
        ? "is missing"
        : choices.containsKey(choice.get()) ? null : "is none of the choices";
  }

  private String name(String field) {
    return kind.id + "-" + field;
  }

  private boolean isSent() {
    return visit.field(PolicyChangePages.CHANGE).filter(kind.id::equals).isPresent();
  }

  private Optional<String> entered(String field) {
    return visit.field(name(field)).map(String::strip).filter(text -> !text.isEmpty());
  }

  boolean isFaulty() {
    return fields().stream().anyMatch(field -> field.fault() != null);
  }

  /** Returns the policy with this change; the form is not faulty. */
  DataPolicy changed() {
    return switch (kind) {
      case GROUP -> moved(connectorId());
      case ACTION -> ruled();
      case OTHERS -> policy.toBuilder().others(chosen()).build();
    };
  }

  private String connectorId() {
    return PolicyNames.asWritten(policy, entered("connector").orElseThrow());
  }

  private DataPolicy ruled() {
    ActionRules before = policy.actionRules(ConnectorId.of(connectorId()));
    return before == null && isToBeAllowed()
        ? policy
        : policy.toBuilder()
            .actions(connectorId(), rules(before == null ? ActionRules.blocking() : before))
            .build();
  }

  private boolean isToBeAllowed() {
    return entered("to").filter(ALLOW::equals).isPresent();
  }

  private DataPolicy moved(String connector) {
    DataPolicy.Builder changed = policy.toBuilder();
    return (switch (chosen()) {
          case BUSINESS -> changed.business(connector);
          case NON_BUSINESS -> changed.nonBusiness(connector);
          case BLOCKED -> changed.blocked(connector);
        })
        .build();
  }

  private Group chosen() {
    return Stream.of(Group.values())
        .filter(group -> entered("to").filter(group.name()::equals).isPresent())
        .findFirst()
        .orElse(Group.NON_BUSINESS);
  }

  private ActionRules rules(ActionRules rules) {
    String operation = entered("operation").orElseThrow();
    SortedSet<String> allowed = new TreeSet<>(rules.allowed());
    SortedSet<String> blocked = new TreeSet<>(rules.blocked());
    allowed.remove(operation);
    blocked.remove(operation);
    if (!isToBeAllowed()) {
      blocked.add(operation);
    } else if (!rules.allowsOthers()) {
      allowed.add(operation);
    }
    return new ActionRules(allowed, blocked, rules.allowsOthers());
  }
}
