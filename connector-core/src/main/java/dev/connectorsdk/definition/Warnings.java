package dev.connectorsdk.definition;

import dev.connectorsdk.definition.DefinitionReport.Warning;
import java.util.List;

/** Collects what is odd about one file. Those of a definition's files share a list. */
record Warnings(String file, List<Warning> all) {

  /** Adds a warning about the place at {@code pointer}. */
  void add(String pointer, String message) {
    all.add(new Warning(file, pointer, message));
  }
}
