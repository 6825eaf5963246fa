package dev.connectorsdk.examples.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** A file that pages use. */
enum Asset {
  STYLE("console.css", "text/css; charset=utf-8"),
  SCRIPT("console.js", "text/javascript; charset=utf-8");

  private final String path;
  private final String type;
  private final String text;

  Asset(String path, String type) {
    this.path = path;
    this.type = type;
    try (InputStream file = Asset.class.getResourceAsStream(path)) {
      this.text = new String(Objects.requireNonNull(file, path).readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String path() {
    return path;
  }

  String type() {
    return type;
  }

  String text() {
    return text;
  }

  /** Returns what changes with the content, so that browsers keep no former one. */
  String version() {
    return Integer.toHexString(text.hashCode());
  }
}
