package dev.connectorsdk.api;

import java.util.Optional;
import java.util.Set;

/** What every operation has that a builder made. */
abstract class BuiltOperation {

  private final String id;
  private final String title;
  private final String description;
  private final boolean deprecated;
  private final boolean internal;
  private final Set<String> tags;
  private final Optional<Form> form;

  BuiltOperation(OperationBuilder<?> from) {
    this.id = from.id;
    this.title = from.title;
    this.description = from.description;
    this.deprecated = from.deprecated;
    this.internal = from.internal;
    this.tags = from.tags;
    this.form = Optional.ofNullable(from.form);
  }

  public final String id() {
    return id;
  }

  public final String title() {
    return title;
  }

  public final String description() {
    return description;
  }

  public final boolean isDeprecated() {
    return deprecated;
  }

  public final boolean isInternal() {
    return internal;
  }

  public final Set<String> tags() {
    return tags;
  }

  public final Optional<Form> form() {
    return form;
  }

  @Override
  public final String toString() {
    return id;
  }
}
