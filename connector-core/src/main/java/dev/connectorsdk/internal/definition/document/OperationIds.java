package dev.connectorsdk.internal.definition.document;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Names the operations of one document, so that no two have the same name. */
public final class OperationIds {

  public static final Set<String> METHODS =
      Set.of("get", "put", "post", "delete", "options", "head", "patch");

  private final Set<String> ids = new HashSet<>();

  /** Returns the id of an operation that declares none. */
  public static String substitute(String methodKey, String path) {
    return Lookup.upper(methodKey) + " " + path;
  }

  /** Returns whether an operation declares an id that can be used. */
  public static boolean isDeclared(@Nullable String declared) {
    return declared != null && !declared.isBlank();
  }

  /** Returns the id itself, or with a number if an earlier operation has it. */
  public String unique(String id) {
    if (ids.add(id)) {
      return id;
    }
    int number = 2;
    while (!ids.add(id + "-" + number)) {
      number++;
    }
    return id + "-" + number;
  }
}
