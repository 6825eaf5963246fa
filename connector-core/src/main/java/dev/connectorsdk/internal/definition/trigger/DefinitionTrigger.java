package dev.connectorsdk.internal.definition.trigger;

import dev.connectorsdk.api.Form;
import dev.connectorsdk.api.Shape;
import dev.connectorsdk.internal.schema.MadeWhenAsked;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** What every kind of trigger says of itself: what its operation says. */
abstract class DefinitionTrigger implements MadeWhenAsked {

  final TriggerOperation trigger;

  DefinitionTrigger(TriggerOperation trigger) {
    this.trigger = trigger;
  }

  public String id() {
    return trigger.operation().id();
  }

  public String title() {
    return trigger.operation().declared().title();
  }

  public String description() {
    return trigger.operation().declared().description();
  }

  public Set<String> tags() {
    return trigger.operation().declared().tags();
  }

  public boolean isDeprecated() {
    return trigger.operation().declared().isDeprecated();
  }

  public boolean isInternal() {
    return trigger.operation().declared().isInternal();
  }

  public Shape<JsonNode> configuration() {
    return trigger.configuration();
  }

  public Shape<JsonNode> event() {
    return trigger.event();
  }

  public Optional<Form> form() {
    return Optional.of(trigger.form());
  }

  @Override
  public String toString() {
    return id();
  }
}
