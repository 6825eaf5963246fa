package dev.connectorsdk.api;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Collects what every operation has.
 *
 * @param <B> the builder itself
 */
abstract class OperationBuilder<B> {

  final String id;
  String title;
  String description = "";
  boolean deprecated;
  boolean internal;
  Set<String> tags = Set.of();
  @Nullable Form form;

  OperationBuilder(String what, String id) {
    Names.require(what, id);
    this.id = id;
    this.title = id;
  }

  abstract B self();

  /** Sets the name that people read. The default is the id. */
  public B titled(String title) {
    this.title = Objects.requireNonNull(title, "title");
    return self();
  }

  /** Sets what the operation does, in a few sentences for people and for agents. */
  public B described(String description) {
    this.description = Objects.requireNonNull(description, "description");
    return self();
  }

  /** Declares that new work should not use the operation any more. */
  public B deprecated() {
    this.deprecated = true;
    return self();
  }

  /** Declares that the operation is a helper that people are not offered. */
  public B internal() {
    this.internal = true;
    return self();
  }

  /** Sets the words by which operations are sorted and chosen. */
  public B tagged(String... tags) {
    this.tags = Set.copyOf(List.of(tags));
    return self();
  }

  /** Sets what helps people to fill in the input or configuration. */
  public B form(Form form) {
    this.form = Objects.requireNonNull(form, "form");
    return self();
  }
}
