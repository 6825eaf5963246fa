package dev.connectorsdk.internal.definition.document;

import dev.connectorsdk.api.error.DefinitionException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The text of a document that {@link DefinitionScan} has gone through, and whose objects are read
 * when they are first asked for. Once half of it has been read the rest is too, and the text no
 * longer kept. Safe for use by several threads.
 */
final class DocumentText {

  private final String file;
  private final int from;
  private byte @Nullable [] text;
  private @Nullable CompactTree tree;
  private final List<UnreadMembers> parts = new ArrayList<>();
  private int read;

  /**
   * @param file its name, for messages
   * @param from where in {@code text} the offsets of parts begin
   */
  DocumentText(String file, byte[] text, int from) {
    this.file = file;
    this.text = text;
    this.from = from;
  }

  /** Returns the object at this place, of which nothing is read yet. */
  synchronized ObjectNode object(long start, long end) {
    UnreadMembers members = new UnreadMembers(this, from + (int) start, from + (int) end);
    parts.add(members);
    return new ObjectNode(JsonNodeFactory.instance, members);
  }

  /** Reads the value at this place. */
  synchronized JsonNode value(long start, long end) {
    return parsed(from + (int) start, from + (int) end, parser -> tree().read(parser));
  }

  /** Reads a part, unless another thread has. */
  synchronized void read(UnreadMembers part) {
    if (part.isRead()) {
      return;
    }
    fill(part);
    if (text != null && read > text.length / 2) {
      parts.forEach(this::fill);
      parts.clear();
      text = null;
      tree = null;
    }
  }

  private void fill(UnreadMembers part) {
    if (!part.isRead()) {
      part.set(parsed(part.start, part.end, parser -> tree().members(parser)));
      read += part.end - part.start;
    }
  }

  private CompactTree tree() {
    CompactTree known = tree;
    if (known == null) {
      known = new CompactTree();
      tree = known;
    }
    return known;
  }

  private <T> T parsed(int start, int end, Function<JsonParser, T> reader) {
    try (JsonParser parser = TolerantJson.parser(Objects.requireNonNull(text), start, end)) {
      parser.nextToken();
      return reader.apply(parser);
    } catch (JacksonException e) { // Its message and its cause quote the text.
      throw new DefinitionException(file, 0, 0, "cannot be read again");
    }
  }
}
