package dev.connectorsdk.examples.console;

import dev.connectorsdk.examples.console.SchemaForm.Group;
import dev.connectorsdk.examples.console.SchemaForm.Input;
import dev.connectorsdk.examples.console.SchemaForm.Leaf;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What was filled in, as the input of an operation. Fields that were left empty are left out, and
 * so is a group of which nothing was filled in, unless the operation needs it.
 */
final class TryInput {

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private final Map<String, List<String>> entered;
  private final Map<String, String> faults = new TreeMap<>();
  private final ObjectNode json;

  private TryInput(SchemaForm form, Map<String, List<String>> entered) {
    this.entered = entered;
    this.json = object(form.inputs());
  }

  static TryInput of(SchemaForm form, Map<String, List<String>> entered) {
    return new TryInput(form, entered);
  }

  /**
   * Returns the name of the field for a value. Secrets have names of their own: what was entered as
   * one stays one, even if the schema is not at hand any more when the form arrives.
   */
  static String field(Leaf leaf) {
    return (leaf.kind().isSecret() ? "s" : "i") + leaf.pointer();
  }

  ObjectNode json() {
    return json;
  }

  /** Returns what is no number or no JSON, by pointer. */
  Map<String, String> faults() {
    return faults;
  }

  private ObjectNode object(List<Input> inputs) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    for (Input input : inputs) {
      if (input instanceof Group group) {
        ObjectNode inner = object(group.inputs());
        if (!inner.isEmpty() || group.required()) {
          object.set(name(group.pointer()), inner);
        }
      } else if (input instanceof Leaf leaf) {
        JsonNode value = value(leaf);
        if (value != null) {
          object.set(name(leaf.pointer()), value);
        }
      }
    }
    return object;
  }

  private static String name(String pointer) {
    String last = pointer.substring(pointer.lastIndexOf('/') + 1);
    return last.replace("~1", "/").replace("~0", "~");
  }

  private @Nullable JsonNode value(Leaf leaf) {
    String text = entered.getOrDefault(field(leaf), List.of("")).get(0);
    if (text.isEmpty()) {
      return null;
    }
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    try {
      return switch (leaf.kind()) {
        case TEXT, SECRET, DATE -> nodes.stringNode(text);
        case YES_OR_NO -> nodes.booleanNode(text.equals("true"));
        case INTEGER -> nodes.numberNode(new BigInteger(limited(text)));
        case NUMBER -> nodes.numberNode(new BigDecimal(limited(text)));
        case CHOICE -> choice(leaf.schema(), text);
        case JSON, SECRET_JSON -> MAPPER.readTree(text);
      };
    } catch (NumberFormatException e) {
      faults.put(leaf.pointer(), "is no number");
    } catch (JacksonException e) {
      faults.put(leaf.pointer(), problem(e, leaf.kind().isSecret()));
    }
    return null;
  }

  private static String problem(JacksonException e, boolean isSecret) {
    TokenStreamLocation at = e.getLocation();
    return at == null
        ? "is nested too deeply, or has too long a number, name or text"
        : "is no JSON, line %d, column %d: %s"
            .formatted(
                at.getLineNr(),
                at.getColumnNr(),
                isSecret ? "it is not shown" : e.getOriginalMessage());
  }

  /** Numbers of a million digits take their time to be read. */
  private static String limited(String text) {
    if (text.length() > 100) {
      throw new NumberFormatException();
    }
    return text.strip();
  }

  /** Returns the value whose text was chosen: choices need not be texts. */
  private static JsonNode choice(JsonNode schema, String text) {
    return schema
        .path("enum")
        .valueStream()
        .filter(one -> text(one).equals(text))
        .findFirst()
        .orElse(JsonNodeFactory.instance.stringNode(text));
  }

  /** Returns a value as it stands in a field. */
  static String text(JsonNode value) {
    return value.isString() ? value.stringValue() : value.toString();
  }
}
