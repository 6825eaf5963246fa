package dev.connectorsdk.internal.definition.trigger;

import dev.connectorsdk.api.internal.JsonPointers;
import dev.connectorsdk.internal.definition.request.Parameter;
import java.util.Arrays;
import java.util.List;

/**
 * An input of a trigger's operation that the runtime fills in, so that nobody is asked for it.
 *
 * @param parameter the name of the parameter
 * @param path of the member in a body; empty for the parameter as a whole
 */
public record FilledInput(String parameter, List<String> path) {

  public FilledInput {
    path = List.copyOf(path);
  }

  /** Returns a parameter as a whole. */
  static FilledInput whole(String parameter) {
    return new FilledInput(parameter, List.of());
  }

  /** Returns what callers of the operation call {@code input}, such as {@code body/hook/url}. */
  public static FilledInput of(String input) {
    String[] names = input.split("/", -1);
    return new FilledInput(
        names[0], Arrays.stream(names).skip(1).map(JsonPointers::unescape).toList());
  }

  /** Returns what callers of the operation call it. */
  public String input() {
    StringBuilder input = new StringBuilder(parameter);
    path.forEach(name -> input.append('/').append(JsonPointers.escape(name)));
    return input.toString();
  }

  boolean isOf(Parameter declared) {
    return declared.name().equalsIgnoreCase(parameter);
  }

  boolean isWhole() {
    return path.isEmpty();
  }

  /** Returns whether an operation has such a parameter, which is a body if a member is meant. */
  public boolean fits(List<Parameter> declared) {
    return declared.stream()
        .anyMatch(one -> one.name().equals(parameter) && (isWhole() || one.isBody()));
  }
}
