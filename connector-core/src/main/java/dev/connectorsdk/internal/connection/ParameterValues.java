package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.InvalidInputException.Fault;
import dev.connectorsdk.api.internal.BoundedMatch;
import dev.connectorsdk.api.internal.JsonPointers;
import dev.connectorsdk.internal.http.TemplateValues;
import dev.connectorsdk.internal.http.UrlTemplate;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks what somebody entered against what a connector asks for, and keeps secrets apart. */
final class ParameterValues {

  private static final int MAX_DIGITS = 100;
  private static final int MAX_LENGTH = 64 * 1024;

  private final Map<String, Object> plain = new LinkedHashMap<>();
  private final Map<String, Secret> secrets = new LinkedHashMap<>();
  private final List<Fault> faults = new ArrayList<>();

  private ParameterValues() {}

  static @Nullable ConnectionParameter find(List<ConnectionParameter> declared, String name) {
    for (ConnectionParameter parameter : declared) {
      if (parameter.isNamed(name)) {
        return parameter;
      }
    }
    return null;
  }

  /** Returns what fills a connection's values into URL templates. */
  static TemplateValues lookup(List<ConnectionParameter> declared, Map<String, Object> plain) {
    return name -> {
      ConnectionParameter parameter = find(declared, name);
      Object value = parameter == null ? null : plain.get(parameter.name());
      return parameter == null
          ? null
          : new UrlTemplate.Value(parameter, value == null ? null : value.toString());
    };
  }

  /**
   * Returns the checked values.
   *
   * @param throughGateway whether the connection leads through a gateway
   * @param kept secrets that stay as they are unless a new value was entered
   * @throws InvalidInputException naming every fault
   */
  static ParameterValues check(
      Connector connector,
      List<ConnectionParameter> declared,
      boolean throughGateway,
      Map<String, Object> entered,
      Map<String, Secret> kept) {
    ParameterValues values = new ParameterValues();
    entered.forEach(
        (name, value) -> values.take(find(declared, name), throughGateway, name, value));
    for (ConnectionParameter parameter : declared) {
      if (parameter.isFor(throughGateway)) {
        values.complete(parameter, kept);
      }
    }
    if (!values.faults.isEmpty()) {
      throw new InvalidInputException(
          "a connection of connector '" + connector.id() + "'", values.faults);
    }
    return values;
  }

  private void take(
      @Nullable ConnectionParameter parameter, boolean throughGateway, String name, Object value) {
    if (parameter == null) {
      fault(name, "is not a parameter of this connector and auth option");
      return;
    }
    if (!parameter.isFor(throughGateway)) {
      fault(
          name,
          throughGateway
              ? "is only for connections that lead through no gateway"
              : "is only for connections through a gateway");
      return;
    }
    if (plain.containsKey(parameter.name()) || secrets.containsKey(parameter.name())) {
      fault(name, "is given twice");
      return;
    }
    if (!isSimple(value)) {
      fault(name, "must be a text, a number or a truth value");
      return;
    }
    String text = value instanceof Secret secret ? secret.reveal() : value.toString();
    if (text.length() > MAX_LENGTH) {
      fault(name, "is longer than " + MAX_LENGTH + " characters");
    } else if (parameter.isSecret()) {
      putSecret(parameter, text);
    } else if (value instanceof Secret) {
      fault(name, "is not a secret parameter and would be readable; give it as a plain value");
    } else {
      putPlain(parameter, value);
    }
  }

  /** What else there is may hold itself, or have no end. */
  private static boolean isSimple(Object value) {
    return value instanceof String
        || value instanceof Number
        || value instanceof Boolean
        || value instanceof Secret;
  }

  private void putSecret(ConnectionParameter parameter, String text) {
    if (checkText(parameter, text)) {
      secrets.put(parameter.name(), Secret.of(text));
    }
  }

  private void putPlain(ConnectionParameter parameter, Object value) {
    Object converted = convert(parameter, value);
    if (converted != null) {
      plain.put(parameter.name(), converted);
    }
  }

  private @Nullable Object convert(ConnectionParameter parameter, Object value) {
    return switch (parameter.type()) {
      case TEXT, SECRET -> checkText(parameter, value.toString()) ? value.toString() : null;
      case BOOLEAN -> bool(parameter, value.toString().strip());
      case INTEGER -> number(parameter, value.toString().strip(), "a whole number", Long::valueOf);
      case NUMBER ->
          number(
              parameter,
              value.toString().strip(),
              "a number",
              text -> new BigDecimal(text.length() > MAX_DIGITS ? "" : text));
    };
  }

  private @Nullable Boolean bool(ConnectionParameter parameter, String text) {
    if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) {
      return Boolean.valueOf(text);
    }
    fault(parameter.name(), "must be true or false");
    return null;
  }

  private @Nullable Number number(
      ConnectionParameter parameter, String text, String kind, Function<String, Number> reader) {
    try {
      return reader.apply(text);
    } catch (NumberFormatException e) {
      fault(parameter.name(), "must be " + kind);
      return null;
    }
  }

  private boolean checkText(ConnectionParameter parameter, String text) {
    Pattern pattern = parameter.pattern();
    if (pattern != null && !matches(parameter, pattern, text)) {
      return false;
    }
    if (!parameter.choices().isEmpty() && !parameter.choices().contains(text)) {
      fault(parameter.name(), "must be one of " + parameter.choices());
      return false;
    }
    return true;
  }

  private boolean matches(ConnectionParameter parameter, Pattern pattern, String text) {
    switch (BoundedMatch.matches(pattern, text)) {
      case YES -> {
        return true;
      }
      case NO -> fault(parameter.name(), "must match " + pattern);
      case TOO_COMPLEX ->
          fault(
              parameter.name(), "cannot be checked against the pattern '" + pattern + "' in time");
    }
    return false;
  }

  private void complete(ConnectionParameter parameter, Map<String, Secret> kept) {
    String name = parameter.name();
    if (plain.containsKey(name) || secrets.containsKey(name) || hasFault(name)) {
      return;
    }
    Object standard = parameter.defaultValue();
    Secret keep = kept.get(name);
    if (keep != null && parameter.isSecret()) {
      secrets.put(name, keep);
    } else if (standard != null) {
      putPlain(parameter, standard);
    } else if (parameter.isRequired()) {
      fault(name, "is required");
    }
  }

  private boolean hasFault(String name) {
    return faults.stream().anyMatch(f -> f.path().equalsIgnoreCase(JsonPointers.child("", name)));
  }

  private void fault(String name, String problem) {
    faults.add(new Fault(JsonPointers.child("", name), problem));
  }

  Map<String, Object> plain() {
    return Collections.unmodifiableMap(plain);
  }

  Map<String, Secret> secrets() {
    return Collections.unmodifiableMap(secrets);
  }
}
