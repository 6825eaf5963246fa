package dev.connectorsdk.internal.definition.document;

import java.util.function.BiConsumer;

/**
 * Takes what is odd about one file.
 *
 * @param file its name
 * @param sink takes the place, as a JSON pointer, and what is odd
 */
public record Warnings(String file, BiConsumer<String, String> sink) {

  /** Returns what takes warnings and forgets them. */
  public static Warnings ignored(String file) {
    return new Warnings(file, (pointer, message) -> {});
  }

  /** Adds a warning about the place at {@code pointer}. */
  public void add(String pointer, String message) {
    sink.accept(pointer, message);
  }
}
