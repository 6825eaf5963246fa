package dev.connectorsdk.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * One value that is asked for when a connection is made, such as a site name or a key.
 *
 * <p>Parameters are looked up by name without regard to case, because published definitions are
 * inconsistent about it. Immutable: each method that changes something returns a copy.
 *
 * <pre>{@code
 * ConnectionParameter.text("site").titled("Site").matching("[a-z0-9-]+")
 * ConnectionParameter.secret("api_key").titled("API key")
 * }</pre>
 */
public final class ConnectionParameter {

  /** What kind of value a parameter takes. */
  public enum Type {
    /** A text. */
    TEXT,
    /** A whole number of 64 bits. */
    INTEGER,
    /** A decimal number. */
    NUMBER,
    /** True or false. */
    BOOLEAN,
    /** A text that is kept encrypted and never read back. */
    SECRET
  }

  private final String name;
  private final Type type;
  private final String title;
  private final String description;
  private final boolean required;
  private final boolean hidden;
  private final @Nullable Object defaultValue;
  private final @Nullable Pattern pattern;
  private final List<String> choices;
  private final Way way;

  /** Which connections have a parameter. */
  private enum Way {
    ANY,
    DIRECT,
    THROUGH_GATEWAY
  }

  private ConnectionParameter(Draft draft) {
    this.name = draft.name;
    this.type = draft.type;
    this.title = draft.title;
    this.description = draft.description;
    this.required = draft.required;
    this.hidden = draft.hidden;
    this.defaultValue = draft.defaultValue;
    this.pattern = draft.pattern;
    this.choices = List.copyOf(draft.choices);
    this.way = draft.way;
  }

  /** Returns a required text parameter. */
  public static ConnectionParameter text(String name) {
    return of(name, Type.TEXT);
  }

  /** Returns a required secret parameter. */
  public static ConnectionParameter secret(String name) {
    return of(name, Type.SECRET);
  }

  /** Returns a required parameter for a whole number. */
  public static ConnectionParameter integer(String name) {
    return of(name, Type.INTEGER);
  }

  /** Returns a required parameter for a decimal number. */
  public static ConnectionParameter number(String name) {
    return of(name, Type.NUMBER);
  }

  /** Returns a required parameter for true or false. */
  public static ConnectionParameter bool(String name) {
    return of(name, Type.BOOLEAN);
  }

  /**
   * Returns a required parameter.
   *
   * @param name 1 to 200 characters without control characters; unique in a connector's option
   */
  public static ConnectionParameter of(String name, Type type) {
    if (name.isBlank() || name.length() > Names.MAX_LENGTH || hasControl(name)) {
      throw new IllegalArgumentException(
          "Parameter name must be 1 to 200 characters without control characters");
    }
    Draft draft = new Draft(name, Objects.requireNonNull(type, "type"));
    return new ConnectionParameter(draft);
  }

  private static boolean hasControl(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (Character.isISOControl(name.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  /** Returns a copy with the label that a form shows. The default is the name. */
  public ConnectionParameter titled(String title) {
    Draft draft = new Draft(this);
    draft.title = title;
    return new ConnectionParameter(draft);
  }

  /** Returns a copy with one or two sentences on what to enter and where to find it. */
  public ConnectionParameter described(String description) {
    Draft draft = new Draft(this);
    draft.description = description;
    return new ConnectionParameter(draft);
  }

  /** Returns a copy that may be left out. */
  public ConnectionParameter optional() {
    Draft draft = new Draft(this);
    draft.required = false;
    return new ConnectionParameter(draft);
  }

  /** Returns a copy that forms do not show: its value is the default or comes from the sign-in. */
  public ConnectionParameter hidden() {
    Draft draft = new Draft(this);
    draft.hidden = true;
    return new ConnectionParameter(draft);
  }

  /**
   * Returns a copy with the value that is used where none is given.
   *
   * @param value a {@link String}, {@link Number} or {@link Boolean} that fits the type
   * @throws IllegalArgumentException if the parameter is secret
   */
  public ConnectionParameter withDefault(Object value) {
    if (type == Type.SECRET) {
      throw new IllegalArgumentException("Secret parameter '" + name + "' cannot have a default");
    }
    Draft draft = new Draft(this);
    draft.defaultValue = Objects.requireNonNull(value, "value");
    return new ConnectionParameter(draft);
  }

  /**
   * Returns a copy whose text must match {@code regex} as a whole. A parameter that stands in a
   * host name accepts one DNS label unless it says otherwise here.
   *
   * @throws IllegalArgumentException if {@code regex} is not a regular expression
   */
  public ConnectionParameter matching(String regex) {
    Draft draft = new Draft(this);
    try {
      draft.pattern = Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "Parameter '" + name + "': not a regular expression: " + regex, e);
    }
    return new ConnectionParameter(draft);
  }

  /** Returns a copy that accepts only these texts. */
  public ConnectionParameter oneOf(String... choices) {
    Draft draft = new Draft(this);
    draft.choices = List.of(choices);
    return new ConnectionParameter(draft);
  }

  /** Returns a copy that connections have which lead through no gateway, and no others. */
  public ConnectionParameter onlyDirect() {
    Draft draft = new Draft(this);
    draft.way = Way.DIRECT;
    return new ConnectionParameter(draft);
  }

  /** Returns a copy that connections through a gateway have, and no others. */
  public ConnectionParameter onlyThroughGateway() {
    Draft draft = new Draft(this);
    draft.way = Way.THROUGH_GATEWAY;
    return new ConnectionParameter(draft);
  }

  /**
   * Returns whether a connection is asked for this; if not, it takes no value for it either.
   *
   * @param throughGateway whether the connection leads through a gateway
   */
  public boolean isFor(boolean throughGateway) {
    return switch (way) {
      case ANY -> true;
      case DIRECT -> !throughGateway;
      case THROUGH_GATEWAY -> throughGateway;
    };
  }

  /** Returns the name by which the connector refers to the value. */
  public String name() {
    return name;
  }

  /** Returns whether {@code name} is the name of this parameter, whatever the case. */
  public boolean isNamed(String name) {
    return this.name.equalsIgnoreCase(name);
  }

  /** Returns what kind of value this takes. */
  public Type type() {
    return type;
  }

  /** Returns whether the value is kept encrypted and never read back. */
  public boolean isSecret() {
    return type == Type.SECRET;
  }

  /** Returns the label that a form shows. */
  public String title() {
    return title;
  }

  /** Returns what to enter and where to find it; empty if the author did not say. */
  public String description() {
    return description;
  }

  /** Returns whether a connection needs a value. */
  public boolean isRequired() {
    return required;
  }

  /** Returns whether forms leave this out. */
  public boolean isHidden() {
    return hidden;
  }

  /** Returns the value that is used where none is given, or {@code null}. */
  public @Nullable Object defaultValue() {
    return defaultValue;
  }

  /** Returns the pattern that a text must match as a whole, or {@code null} if there is none. */
  public @Nullable Pattern pattern() {
    return pattern;
  }

  /** Returns the only texts that are accepted; empty if all are. */
  public List<String> choices() {
    return choices;
  }

  @Override
  public String toString() {
    return name + " (" + type.name().toLowerCase(Locale.ROOT) + ")";
  }

  private static final class Draft {
    final String name;
    final Type type;
    String title;
    String description = "";
    boolean required = true;
    boolean hidden;
    @Nullable Object defaultValue;
    @Nullable Pattern pattern;
    List<String> choices = new ArrayList<>();
    Way way = Way.ANY;

    Draft(String name, Type type) {
      this.name = name;
      this.type = type;
      this.title = name;
    }

    Draft(ConnectionParameter from) {
      this(from.name, from.type);
      title = from.title;
      description = from.description;
      required = from.required;
      hidden = from.hidden;
      defaultValue = from.defaultValue;
      pattern = from.pattern;
      choices = from.choices;
      way = from.way;
    }
  }
}
