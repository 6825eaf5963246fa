package dev.connectorsdk.internal.definition.document;

/** Ids made from names that files and folders happen to have. */
public final class DefinitionNames {

  private static final int MAX_LENGTH = 180;

  private DefinitionNames() {}

  /**
   * Returns {@code name} with what an id may not hold replaced by dashes, or {@code otherwise} if
   * nothing is left. Shorter than an id may be, so that there is room for a suffix.
   */
  public static String sanitised(String name, String otherwise) {
    String id = name.replaceAll("[^A-Za-z0-9._-]+", "-").replaceAll("^[^A-Za-z0-9]+", "");
    id = id.substring(0, Math.min(id.length(), MAX_LENGTH)).replaceAll("-+$", "");
    return id.isEmpty() ? otherwise : id;
  }
}
