package dev.connectorsdk.examples.mcp;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;

/** Another service, which some policies keep apart from the desk. */
final class Mail {

  record Letter(String text) {}

  private Mail() {}

  static Connector at(String baseUrl) {
    return Connector.builder("mail", baseUrl)
        .titled("Mail")
        .auth(AuthOption.none())
        .action(
            Action.builder("send", Effect.WRITE, Letter.class)
                .titled("Send a letter")
                .run((letter, call) -> call.http().post("/letters").json(letter).send()))
        .build();
  }
}
