package dev.connectorsdk.internal.definition.document;

import dev.connectorsdk.api.error.DefinitionException;

/**
 * How large and how odd a document may be. What is more is refused before anything is made of it.
 */
public final class DefinitionLimits {

  public static final int OPERATIONS = 5_000;
  static final int OBJECTS = 50_000;
  static final int ENUM_VALUES = 10_000;
  static final int REFERENCE_CHAIN = 500;

  private DefinitionLimits() {}

  /** Returns whether a reference stays inside its document. */
  static boolean isLocal(String reference) {
    return reference.equals("#") || reference.startsWith("#/");
  }

  static DefinitionException foreignReference(String file, String pointer) {
    return new DefinitionException(
        file, 0, 0, "the reference at " + pointer + " does not point into this file (#/...)");
  }

  public static DefinitionException notOpenApi2(String file) {
    return new DefinitionException(
        file, 0, 0, "is not an OpenAPI 2.0 document (\"swagger\": \"2.0\")");
  }

  public static DefinitionException withoutPaths(String file) {
    return new DefinitionException(file, 0, 0, "has no object called paths");
  }

  public static DefinitionException withoutProperties(String file) {
    return new DefinitionException(file, 0, 0, "has no object called properties");
  }

  public static DefinitionException tooManyOperations(String file) {
    return tooComplex(file, "more than 5,000 operations");
  }

  static DefinitionException tooManyObjects(String file) {
    return tooComplex(file, "it has more than 50,000 objects");
  }

  static DefinitionException enumTooLong(String file, String pointer) {
    return tooComplex(file, "the list at " + pointer + " has more than 10,000 values");
  }

  static DefinitionException chainTooLong(String file, String pointer) {
    return tooComplex(file, "from " + pointer + " schemas lead into each other over 500 times");
  }

  private static DefinitionException tooComplex(String file, String problem) {
    return new DefinitionException(file, 0, 0, "the document is too complex: " + problem);
  }
}
