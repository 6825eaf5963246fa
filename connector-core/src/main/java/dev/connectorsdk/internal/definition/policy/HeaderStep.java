package dev.connectorsdk.internal.definition.policy;

import dev.connectorsdk.internal.definition.policy.PolicyText.Source;

/** {@code setheader}. */
record HeaderStep(String name, PolicyText value, Existing existing) implements MessageStep {

  static MessageStep read(PolicyArguments arguments) {
    return new HeaderStep(
        arguments.plain("name").trim(), arguments.text("value"), arguments.existing());
  }

  @Override
  public void apply(Message message) {
    String present = message.header(name);
    if (existing == Existing.SKIP && present != null) {
      return;
    }
    boolean appended = existing == Existing.APPEND && present != null && !present.isEmpty();
    boolean callerControlled =
        message.isCallerControlled(value) || (appended && message.isHeaderCallerControlled(name));
    String text = message.text(value, null).trim();
    message.setHeader(name, appended ? present + "," + text : text, callerControlled);
  }

  @Override
  public void note(CallerChoices choices) {
    boolean hasSay =
        choices.hasSayIn(value)
            || (existing != Existing.OVERRIDE && choices.hasSayIn(Source.HEADERS, name));
    choices.set(Source.HEADERS, name, hasSay);
  }

  @Override
  public boolean sends(String connectionParameter, String header) {
    return name.equalsIgnoreCase(header) && value.asksForParameter(connectionParameter);
  }
}
