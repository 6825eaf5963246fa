package dev.connectorsdk.examples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.internal.ByteOrderMark;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values that somebody gives on the command line, where what stands there itself can be seen by
 * others and stays in the shell's history: {@code name=value}, {@code name=@file}, {@code
 * name=env:VARIABLE}, {@code name=text:value} for a value that looks like one of these, and {@code
 * name} alone to be asked. A file that is no text, such as a PKCS #12 file, is given in Base64.
 */
final class Given {

  private final Terminal terminal;

  Given(Terminal terminal) {
    this.terminal = terminal;
  }

  /** Returns the values by name. All are secrets: what they are is decided by who uses them. */
  Map<String, Secret> values(List<String> options) {
    Map<String, Secret> values = new LinkedHashMap<>();
    for (String option : options) {
      int equals = option.indexOf('=');
      String name = equals < 0 ? option : option.substring(0, equals);
      if (name.isBlank()) {
        throw new UsageException("a value needs a name before the =");
      }
      Secret value = equals < 0 ? asked(name) : value(name, option.substring(equals + 1));
      if (values.put(name, value) != null) {
        throw new UsageException("'" + name + "' is given twice");
      }
    }
    return values;
  }

  /** Returns one value that is written as on the right of an equals sign. */
  Secret value(String name, String written) {
    if (written.startsWith("@")) {
      return Secret.of(content(Path.of(written.substring(1))));
    }
    if (written.startsWith("env:")) {
      String variable = written.substring("env:".length());
      String value = terminal.environment().get(variable);
      if (value == null) {
        throw new UsageException(
            "'" + name + "' asks for the environment variable " + variable + ", which is not set");
      }
      if (value.length() > InputFile.LARGEST_SECRET) {
        throw new UsageException("the environment variable " + variable + " is too large");
      }
      return Secret.of(value);
    }
    return Secret.of(written.startsWith("text:") ? written.substring("text:".length()) : written);
  }

  /**
   * Editors and echo put a mark before a text, or a line break after it, that are no part of it.
   */
  private static String content(Path file) {
    byte[] content = InputFile.read(file, InputFile.LARGEST_SECRET);
    String text = ByteOrderMark.removedFrom(content);
    return isText(text, content)
        ? text.replaceFirst("\\R\\z", "")
        : Base64.getEncoder().encodeToString(content);
  }

  /** Bytes that begin like UTF-16 by chance are not ASCII in it. */
  private static boolean isText(String text, byte[] content) {
    try {
      UTF_8.newDecoder().decode(ByteBuffer.wrap(content));
      return true;
    } catch (CharacterCodingException notUtf8) {
      return text.chars().allMatch(c -> c < 0x80);
    }
  }

  private Secret asked(String name) {
    Terminal.Prompt prompt = terminal.prompt();
    Secret value = prompt == null ? null : prompt.secret(name);
    if (value == null) {
      throw new UsageException(
          "'"
              + name
              + "' has no value, and there is nobody to ask: write "
              + name
              + "=@FILE or "
              + name
              + "=env:VARIABLE");
    }
    return value;
  }

  /** Asks for a value that was not given, or returns {@code null} if there is nobody to ask. */
  @Nullable Secret ask(String label, boolean secret) {
    Terminal.Prompt prompt = terminal.prompt();
    if (prompt == null) {
      return null;
    }
    if (secret) {
      return prompt.secret(label);
    }
    String line = prompt.line(label);
    return line == null ? null : Secret.of(line);
  }
}
