package dev.connectorsdk.examples.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.file.FileInfo;
import dev.connectorsdk.api.file.FileTarget;
import dev.connectorsdk.api.file.ReceivedFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes an answer of what an action returned: an object, with files and what is large as resources.
 * For one call.
 */
final class AnswerContent {

  /** What an agent can read at once, and a line of 10 MiB holds in any case. */
  private static final int MOST = 1024 * 1024;

  /** So many files are resources; the others stay in the answer, which is one if it is large. */
  private static final int MOST_FILES = 50;

  private static final int LONGEST_NAME = 200;

  private static final String TYPE = "$content-type";
  private static final String CONTENT = "$content";
  private static final String NAME = "$filename";
  private static final String RESOURCE = "resource";
  private static final String ANY_TYPE = "application/octet-stream";

  private final KeptAnswers answers;
  private final Principal caller;
  private final String tool;
  private final List<KeptAnswer> kept = new ArrayList<>();
  private @Nullable KeptAnswer downloaded;

  AnswerContent(KeptAnswers answers, Principal caller, String tool) {
    this.answers = answers;
    this.caller = caller;
    this.tool = tool;
  }

  /** Returns where a file goes that the call downloads. */
  FileTarget target() {
    return FileTarget.of(this::receive).limitedTo(KeptAnswers.LARGEST);
  }

  private void receive(ReceivedFile file) throws IOException {
    FileInfo info = file.info();
    byte[] content = file.stream().readAllBytes();
    downloaded = keep(info.name(), info.contentType(), content);
  }

  private KeptAnswer keep(@Nullable String name, @Nullable String type, byte[] content) {
    // Both go into links, which nothing else limits, and which have to have a name.
    String known = name == null || name.isBlank() ? tool : Tool.shortened(name, LONGEST_NAME);
    String mediaType =
        type == null || type.isBlank() || type.length() > LONGEST_NAME ? ANY_TYPE : type;
    KeptAnswer one = answers.keep(caller, known, mediaType, content);
    kept.add(one);
    return one;
  }

  /** Returns the answer. */
  ToolAnswer of(JsonNode output) {
    JsonNode content = withoutFiles(output);
    ObjectNode whole = asObject(content);
    KeptAnswer file = downloaded;
    if (file != null) {
      JsonNode body = whole.path("body");
      (body instanceof ObjectNode object ? object : whole).put(RESOURCE, file.uri());
    }
    return fitting(whole);
  }

  /** Returns the answer with a content that has no files, which is a resource if it is large. */
  ToolAnswer fitting(ObjectNode whole) {
    byte[] bytes = whole.toString().getBytes(UTF_8);
    if (bytes.length <= MOST) {
      return new ToolAnswer(false, whole.toString(), whole, kept);
    }
    if (bytes.length > KeptAnswers.LARGEST) {
      return ToolAnswer.error(
          "The tool has done its work, and its answer of "
              + bytes.length
              + " bytes is too large to be handed over. Ask for less of it, such as a page.");
    }
    KeptAnswer large = keep(tool + ".json", "application/json", bytes);
    ObjectNode link = JsonNodeFactory.instance.objectNode();
    link.put(RESOURCE, large.uri()).put("size", large.size());
    return new ToolAnswer(false, "The answer is large: read " + large.uri(), link, kept);
  }

  private static ObjectNode asObject(JsonNode content) {
    if (content instanceof ObjectNode object) {
      return object;
    }
    ObjectNode wrapper = JsonNodeFactory.instance.objectNode();
    if (content.isArray()) {
      wrapper.set("items", content);
    } else if (!content.isNull() && !content.isMissingNode()) {
      wrapper.set("value", content);
    }
    return wrapper;
  }

  private JsonNode withoutFiles(JsonNode node) {
    if (node instanceof ObjectNode object) {
      JsonNode content = object.path(CONTENT);
      if (object.path(TYPE).isString() && content.isString()) {
        return file(object, content.stringValue());
      }
      for (String name : List.copyOf(object.propertyNames())) {
        object.set(name, withoutFiles(object.get(name)));
      }
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        array.set(i, withoutFiles(array.get(i)));
      }
    }
    return node;
  }

  private JsonNode file(ObjectNode file, String base64) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      return file; // no file, after all
    }
    if (bytes.length > KeptAnswers.LARGEST || kept.size() >= MOST_FILES) {
      return file;
    }
    KeptAnswer one = keep(file.path(NAME).asString(null), file.path(TYPE).asString(), bytes);
    ObjectNode link = file.deepCopy();
    link.remove(CONTENT);
    link.put("$size", bytes.length).put(RESOURCE, one.uri());
    return link;
  }
}
