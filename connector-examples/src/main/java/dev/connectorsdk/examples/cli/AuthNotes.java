package dev.connectorsdk.examples.cli;

import dev.connectorsdk.definition.DefinitionReport;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** What to know of a way to authenticate before it is used. */
final class AuthNotes {

  private AuthNotes() {}

  /** Returns what an option does not do and what makes it weak, in words; empty if nothing. */
  static String of(DefinitionReport.Auth auth) {
    List<String> notes = new ArrayList<>();
    if (auth.limitation() != null) {
      notes.add("limited: " + auth.limitation());
    }
    if (!auth.weaknesses().isEmpty()) {
      notes.add("weak: " + String.join(", ", auth.weaknesses()));
    }
    return String.join("; ", notes);
  }

  /** Tells machines the same. */
  static void write(DefinitionReport.Auth auth, ObjectNode json) {
    json.put("limitation", auth.limitation()).put("shareable", auth.shareable());
    auth.weaknesses().forEach(json.putArray("weaknesses")::add);
  }
}
