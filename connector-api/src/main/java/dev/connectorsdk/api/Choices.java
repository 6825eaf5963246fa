package dev.connectorsdk.api;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a person may choose for one input.
 *
 * @param kind where the choices come from
 * @param choices in the order of the service; empty while other inputs are missing
 * @param waitingFor the paths of the inputs that have to be filled in first, such as {@code
 *     workspace} or {@code body/project}; the service is not asked while there are any
 */
public record Choices(Kind kind, List<Choice> choices, Set<String> waitingFor) {

  public Choices {
    Objects.requireNonNull(kind, "kind");
    choices = List.copyOf(choices);
    waitingFor = Set.copyOf(waitingFor);
  }

  /** Returns the answer for an input that takes any value. */
  public static Choices none() {
    return new Choices(Kind.NONE, List.of(), Set.of());
  }

  /** Returns a complete list of choices. */
  public static Choices of(Kind kind, List<Choice> choices) {
    return new Choices(kind, choices, Set.of());
  }

  /** Returns the answer while the inputs at {@code paths} are missing. */
  public static Choices waitingFor(Kind kind, Set<String> paths) {
    return new Choices(kind, List.of(), paths);
  }

  /** Where choices come from. */
  public enum Kind {
    /** There are none: the input is filled in freely. */
    NONE,
    /** The connector knows them; the service is not asked. */
    FIXED,
    /** The service is asked for a list. */
    LIST,
    /** The service is asked level by level; a choice that {@link Choice#isParent} can be opened. */
    TREE
  }

  /**
   * One thing to choose.
   *
   * @param value what becomes the input
   * @param title what people read
   * @param fullTitle the title that also says where it is, such as a path, or {@code null}
   * @param isParent whether there are further choices below it
   * @param isSelectable whether it may be chosen itself
   * @param item what the service said about it; it is needed again to open the choice
   */
  public record Choice(
      JsonNode value,
      String title,
      @Nullable String fullTitle,
      boolean isParent,
      boolean isSelectable,
      JsonNode item) {

    public Choice {
      Objects.requireNonNull(value, "value");
      Objects.requireNonNull(title, "title");
      Objects.requireNonNull(item, "item");
    }

    /** Returns a choice of a list. */
    public static Choice of(JsonNode value, String title) {
      return new Choice(value, title, null, false, true, value);
    }
  }
}
