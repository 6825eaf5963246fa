package dev.connectorsdk.definition;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What the operations of one definition have to know of each other. */
interface Operations {

  /** Returns the operation with this id, exactly or else ignoring case. */
  @Nullable Operation find(String id);

  /** Returns what the schemas of the document say. */
  Schemas schemas();

  /** Returns the schema of what a service posts to the callback of a webhook. */
  JsonNode notification(Operation operation);

  /** Returns the description of the file picker that operations share; missing if there is none. */
  JsonNode filePicker();
}
