package dev.connectorsdk.examples.console;

import dev.connectorsdk.api.Choices;
import dev.connectorsdk.api.Choices.Choice;
import dev.connectorsdk.api.Choices.Kind;
import dev.connectorsdk.api.FormSchema;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.examples.console.SchemaForm.Leaf;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What the service offers to choose from, where an operation has it asked. */
final class TryChoices {

  private static final int MOST = 500;

  private final Visit visit;
  private final TryTarget target;
  private final JsonNode inputs;
  private final boolean any;
  private final boolean asks;
  private boolean asked;

  private TryChoices(Visit visit, TryTarget target, JsonNode inputs) {
    this.visit = visit;
    this.target = target;
    this.inputs = inputs;
    this.any = target.action().form().isPresent();
    this.asks = any && visit.isForm();
  }

  /**
   * Returns the choices that follow from what was filled in. The service is asked once a form was
   * sent: opening a page, which any link does, calls nothing and binds nothing.
   *
   * @param inputs so far
   */
  static TryChoices of(Visit visit, TryTarget target, JsonNode inputs) {
    return new TryChoices(visit, target, inputs);
  }

  /** Returns whether something of the form follows from what the service says, or may. */
  boolean isAsked() {
    return asked || (any && !asks);
  }

  /** Returns what the input looks like, as far as the service says so. */
  FormSchema input(JsonNode otherwise) {
    if (!asks) {
      return FormSchema.of(otherwise);
    }
    try {
      FormSchema known =
          visit
              .runtime()
              .forms()
              .input(visit.caller(), target.reference(visit), target.action().id(), inputs);
      asked |= !known.isComplete() || !known.schema().equals(otherwise);
      return known;
    } catch (ConnectorException e) {
      return FormSchema.of(otherwise);
    }
  }

  /** Returns the field with the choices that the service offers for it, if it offers any. */
  Field offeredFor(Leaf leaf, Field field) {
    if (!asks) {
      return field;
    }
    try {
      Choices choices =
          visit
              .runtime()
              .forms()
              .choices(
                  visit.caller(),
                  target.reference(visit),
                  target.action().id(),
                  leaf.pointer().substring(1),
                  inputs);
      asked |= choices.kind() == Kind.LIST || choices.kind() == Kind.TREE;
      return offered(leaf, field, choices);
    } catch (ConnectorException e) {
      asked = true;
      return field.hint("The choices could not be loaded: " + e.getMessage());
    }
  }

  private static Field offered(Leaf leaf, Field field, Choices choices) {
    if (!choices.waitingFor().isEmpty()) {
      return field.hint(
          "There are choices once this is filled in: "
              + String.join(", ", choices.waitingFor())
              + ".");
    }
    if (choices.choices().isEmpty() || choices.choices().size() > MOST) {
      return field;
    }
    Map<String, String> titles = new LinkedHashMap<>();
    choices.choices().stream()
        .filter(Choice::isSelectable)
        .forEach(choice -> titles.put(TryInput.text(choice.value()), choice.title()));
    return Field.choice(field.name(), field.title(), TryForm.offered(leaf, titles));
  }
}
