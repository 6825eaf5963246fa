package dev.connectorsdk.internal.definition.request;

import dev.connectorsdk.internal.definition.document.DeclaredSchemas;
import dev.connectorsdk.internal.definition.document.Lookup;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Which member of an object is the list that the object is sent for: the items of a page, or the
 * events of a batch.
 *
 * @param named the member that the definition names, or {@code null} if it names none
 * @param schema what the definition declares of the object
 */
public record ListMember(@Nullable String named, JsonNode schema, DeclaredSchemas schemas) {

  /** The member that it is if nothing says more. */
  public static final String USUAL = "value";

  /**
   * Returns the member that the definition says is the list, or {@code null} if it does not: it
   * names one, declares a single list, or {@code value} among several.
   */
  public @Nullable String declared() {
    if (named != null) {
      return named;
    }
    List<String> lists =
        names(
            schemas.properties(schema).entrySet(),
            property -> schemas.type(property).equals("array"));
    return lists.size() == 1 ? lists.get(0) : Lookup.match(lists, USUAL);
  }

  /**
   * Returns the members of an object that can be its list: one at most where anything tells which
   * it is, {@code value} by itself, and several where nothing does.
   */
  public List<String> in(JsonNode object) {
    List<String> lists = names(object.properties(), JsonNode::isArray);
    String declared = declared();
    String match = declared == null ? null : Lookup.match(lists, declared);
    if (match == null && named == null) {
      match = Lookup.match(lists, USUAL);
    }
    if (match != null) {
      return List.of(match);
    }
    return declared == null ? lists : List.of();
  }

  private static List<String> names(
      Set<Map.Entry<String, JsonNode>> members, Predicate<JsonNode> fitting) {
    return members.stream()
        .filter(member -> fitting.test(member.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }
}
