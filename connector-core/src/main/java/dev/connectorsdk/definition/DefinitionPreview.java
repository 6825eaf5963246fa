package dev.connectorsdk.definition;

import java.util.List;
import java.util.Objects;

/**
 * What saving a definition does, to be shown to whoever confirms it.
 *
 * @param text what is to be saved
 * @param replaced the version that it replaces; 0 if it is new
 * @param report what of it can be used, and what cannot and why
 * @param moved for each way to authenticate whose credentials would go elsewhere, or in another
 *     way, than by the replaced version: which it is, and before and after. Owners of such
 *     connections have to enter them again, or to sign in again
 */
public record DefinitionPreview(
    DefinitionText text, long replaced, DefinitionReport report, List<Moved> moved) {

  public DefinitionPreview {
    Objects.requireNonNull(text, "text");
    Objects.requireNonNull(report, "report");
    moved = List.copyOf(moved);
  }

  /**
   * A way to authenticate whose credentials go elsewhere.
   *
   * @param authOption its id
   * @param before as {@link DefinitionReport#reach} has it of the replaced version
   * @param after as {@link DefinitionReport#reach} has it
   */
  public record Moved(String authOption, String before, String after) {}
}
