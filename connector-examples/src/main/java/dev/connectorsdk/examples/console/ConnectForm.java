package dev.connectorsdk.examples.console;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.InvalidInputException.Fault;
import dev.connectorsdk.connection.ConnectionSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The form of a connection: a field for each parameter that its way to authenticate asks for. A
 * secret is never shown again, neither one that is stored nor one that was just entered.
 */
final class ConnectForm {

  private static final String NAME = "name";
  private static final String REACH = "reach";
  private static final String PREFIX = "p.";

  private final Connector connector;
  private final AuthOption option;
  private final @Nullable Connection changed;
  private final Map<String, List<String>> entered;
  private final Map<String, String> faults = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final List<String> otherFaults = new ArrayList<>();

  /**
   * Starts a form.
   *
   * @param changed the connection that is changed, or {@code null} for a new one
   * @param entered what was filled in; empty if nothing was yet
   */
  ConnectForm(
      Connector connector,
      AuthOption option,
      @Nullable Connection changed,
      Map<String, List<String>> entered) {
    this.connector = connector;
    this.option = option;
    this.changed = changed;
    this.entered = entered;
  }

  private List<ConnectionParameter> parameters() {
    return connector.parameters(option).stream()
        .filter(one -> one.isFor(false) && !one.isHidden())
        .toList();
  }

  /** Returns the form with what the runtime says is wrong. */
  ConnectForm refused(InvalidInputException e) {
    for (Fault fault : e.faults()) {
      String name = fault.path().replaceFirst("^/", "").replace("~1", "/").replace("~0", "~");
      if (parameters().stream().anyMatch(one -> one.isNamed(name)) || name.equals("displayName")) {
        faults.put(name, fault.problem());
      } else {
        otherFaults.add(fault.toString());
      }
    }
    return this;
  }

  /** Returns what is wrong with none of the fields. */
  List<String> otherFaults() {
    return otherFaults;
  }

  boolean isFaulty() {
    return !faults.isEmpty() || !otherFaults.isEmpty();
  }

  List<Field> fields() {
    List<Field> fields = new ArrayList<>();
    fields.add(
        Field.text(NAME, "Name of the connection")
            .hint("By which you tell your connections apart.")
            .value(shownName())
            .fault(faults.get("displayName")));
    parameters().forEach(one -> fields.add(field(one)));
    return fields;
  }

  private @Nullable String shownName() {
    return changed != null && entered.isEmpty() ? changed.displayName() : text(NAME).orElse(null);
  }

  private Field field(ConnectionParameter parameter) {
    String name = PREFIX + parameter.name();
    String title = parameter.title();
    boolean kept = changed != null && changed.authOption().equals(option.id());
    Field field =
        switch (parameter.type()) {
          case SECRET -> Field.secret(name, title);
          case BOOLEAN -> Field.box(name, title);
          case INTEGER -> Field.text(name, title).mode("numeric");
          case NUMBER -> Field.text(name, title).mode("decimal");
          case TEXT ->
              parameter.choices().isEmpty()
                  ? Field.text(name, title)
                  : Field.choice(name, title, choices(parameter));
        };
    String hint = parameter.description();
    if (parameter.isSecret() && kept) {
      return field
          .hint(
              (hint + " Leave it empty to keep what is stored, unless it now goes elsewhere.")
                  .strip())
          .fault(faults.get(parameter.name()));
    }
    Field shown = field.hint(hint).value(shown(parameter)).fault(faults.get(parameter.name()));
    return parameter.isRequired() && parameter.defaultValue() == null ? shown.mandatory() : shown;
  }

  private static Map<String, String> choices(ConnectionParameter parameter) {
    Map<String, String> choices = new LinkedHashMap<>();
    if (!parameter.isRequired()) {
      choices.put("", "-");
    }
    parameter.choices().forEach(choice -> choices.put(choice, choice));
    return choices;
  }

  private @Nullable String shown(ConnectionParameter parameter) {
    if (!entered.isEmpty()) {
      return text(PREFIX + parameter.name()).orElse(null);
    }
    Object value =
        changed == null
            ? parameter.defaultValue()
            : changed.parameters().entrySet().stream()
                .filter(one -> parameter.isNamed(one.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(parameter.defaultValue());
    return value == null ? null : value.toString();
  }

  private Optional<String> text(String field) {
    return Optional.ofNullable(entered.get(field))
        .map(all -> all.get(0))
        .filter(text -> !text.isEmpty());
  }

  /** Returns what was filled in. */
  ConnectionSpec spec() {
    ConnectionSpec spec = ConnectionSpec.of(connector.id(), option.id());
    for (ConnectionParameter parameter : parameters()) {
      Optional<String> value = text(PREFIX + parameter.name());
      if (parameter.type() == ConnectionParameter.Type.BOOLEAN) {
        spec = spec.with(parameter.name(), value.isPresent());
      } else if (value.isPresent() && parameter.isSecret()) {
        spec = spec.secret(parameter.name(), Secret.of(value.get()));
      } else if (value.isPresent()) {
        spec = spec.with(parameter.name(), value.get());
      }
    }
    Optional<String> name = text(NAME).map(String::strip).filter(text -> !text.isEmpty());
    Optional<String> reach = text(REACH);
    spec = name.isPresent() ? spec.named(name.get()) : spec;
    return reach.isPresent() ? spec.sentTo(reach.get()) : spec;
  }
}
