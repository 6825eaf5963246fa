package dev.connectorsdk.examples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The body of an answer: JSON, text, or a file with its content in Base64. */
final class AnswerBody {

  private AnswerBody() {}

  /** Returns what stands in a file after the body was written to it. */
  static byte[] bytes(JsonNode body) {
    byte[] file = file(body);
    if (file != null) {
      return file;
    }
    if (body.isMissingNode() || body.isNull()) {
      return new byte[0];
    }
    return (body.isString() ? body.stringValue() : Json.pretty(body) + "\n").getBytes(UTF_8);
  }

  /** Prints the body for a person or a pipe. */
  static void print(JsonNode body, Terminal terminal) {
    if (body.isMissingNode() || body.isNull()) {
      return;
    }
    byte[] file = file(body);
    if (file != null) {
      if (terminal.isOutInteractive()) {
        throw new FailedException(
            "the answer is a file of "
                + file.length
                + " bytes ("
                + body.path("$content-type").asString("")
                + "): write it with --output FILE");
      }
      terminal.out().writeBytes(file);
      return;
    }
    String text = body.isString() ? body.stringValue() : Json.pretty(body);
    terminal.out().println(terminal.isOutInteractive() ? Terminal.manyLines(text) : text);
  }

  private static byte @Nullable [] file(JsonNode body) {
    JsonNode content = body.path("$content");
    if (!content.isString()) {
      return null;
    }
    try {
      return Base64.getDecoder().decode(content.stringValue());
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
