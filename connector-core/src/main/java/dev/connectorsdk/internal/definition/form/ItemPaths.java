package dev.connectorsdk.internal.definition.form;

import dev.connectorsdk.api.Choices.Choice;
import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.internal.definition.document.Lookup;
import dev.connectorsdk.internal.definition.document.PathString;
import dev.connectorsdk.internal.definition.document.Scalars;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Where in an answer the choices are. A path that is {@code null} was not given.
 *
 * @param items the list; the answer itself if not given
 * @param value the value inside an item; the item itself if not given
 * @param title the title inside an item; the value if not given
 * @param parent says which items have items below them, or {@code null} if none has
 */
record ItemPaths(
    @Nullable String items,
    @Nullable String value,
    @Nullable String title,
    @Nullable String fullTitle,
    @Nullable String parent,
    boolean canSelectParents,
    boolean canSelectLeaves) {

  private static ItemPaths flat(
      @Nullable String items, @Nullable String value, @Nullable String title) {
    return new ItemPaths(items, value, title, null, null, true, true);
  }

  static ItemPaths ofValues(JsonNode values) {
    return flat(
        Lookup.findText(values, "value-collection"),
        Lookup.findText(values, "value-path"),
        Lookup.findText(values, "value-title"));
  }

  static ItemPaths ofList(JsonNode list) {
    return flat(
        Lookup.findText(list, "itemsPath"),
        Lookup.findText(list, "itemValuePath"),
        Lookup.findText(list, "itemTitlePath"));
  }

  static ItemPaths ofTree(JsonNode part, JsonNode tree) {
    JsonNode settings = Lookup.find(tree, "settings");
    JsonNode parents = Lookup.find(settings, "canSelectParentNodes");
    JsonNode leaves = Lookup.find(settings, "canSelectLeafNodes");
    JsonNode filter = Lookup.find(part, "itemIsParent");
    return new ItemPaths(
        Lookup.findText(part, "itemsPath"),
        Lookup.findText(part, "itemValuePath"),
        Lookup.findText(part, "itemTitlePath"),
        Lookup.findText(part, "itemFullTitlePath"),
        filter == null ? null : FixedChoices.textOf(filter),
        parents == null || Lookup.isTrue(parents),
        leaves == null || Lookup.isTrue(leaves));
  }

  /**
   * @param part how to open or browse
   * @param values what the input says beside {@code capability}
   */
  static ItemPaths ofPicker(JsonNode part, JsonNode picker, JsonNode values) {
    JsonNode folders = Lookup.find(Lookup.find(values, "parameters"), "isFolder");
    return new ItemPaths(
        first("value-collection", part, values, picker),
        first("value-path", values, part, picker),
        first("value-title", values, part, picker),
        null,
        first("value-folder-property", part, picker, values),
        folders == null || Lookup.isTrue(folders),
        folders == null || !Lookup.isTrue(folders));
  }

  private static @Nullable String first(String name, JsonNode... places) {
    for (JsonNode place : places) {
      String text = Lookup.findText(place, name);
      if (text != null) {
        return text;
      }
    }
    return null;
  }

  /**
   * Returns the choices in an answer. Items without the value are left out.
   *
   * @throws ResponseException if there is something else where the list should be
   */
  List<Choice> choices(JsonNode answer, String operation) {
    JsonNode list = items == null ? answer : PathString.at(answer, items);
    if (list.isMissingNode() || list.isNull()) {
      return List.of();
    }
    if (!list.isArray()) {
      throw new ResponseException(
          "The answer of operation '"
              + operation
              + "' has no list of choices at '"
              + (items == null ? "" : items)
              + "'");
    }
    List<Choice> choices = new ArrayList<>();
    for (JsonNode item : list) {
      JsonNode chosen = inside(item, value);
      if (!chosen.isMissingNode() && !chosen.isNull()) {
        choices.add(choice(item, chosen));
      }
    }
    return choices;
  }

  private Choice choice(JsonNode item, JsonNode chosen) {
    JsonNode named = title == null ? chosen : inside(item, title);
    String text = Scalars.text(named);
    JsonNode full = fullTitle == null ? null : PathString.at(item, fullTitle);
    boolean isParent = parent != null && !parent.isBlank() && ItemFilter.matches(parent, item);
    return new Choice(
        chosen,
        text == null || text.isBlank() ? FixedChoices.textOf(chosen) : text,
        full == null ? null : Scalars.text(full),
        isParent,
        isParent ? canSelectParents : canSelectLeaves,
        item);
  }

  private static JsonNode inside(JsonNode item, @Nullable String path) {
    // A list of texts has nothing inside its items, whatever the path says.
    return path == null || !item.isContainer() ? item : PathString.at(item, path);
  }
}
