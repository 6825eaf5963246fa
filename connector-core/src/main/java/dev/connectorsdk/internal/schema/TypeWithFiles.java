package dev.connectorsdk.internal.schema;

import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaContext;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.keyword.AbstractKeyword;
import com.networknt.schema.keyword.KeywordValidator;
import com.networknt.schema.keyword.TypeValidator;
import com.networknt.schema.path.NodePath;
import dev.connectorsdk.api.internal.EmbeddedFiles;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * The keyword {@code type}, for values in which a file may stand for its content. The validator's
 * own takes a file for a text.
 */
final class TypeWithFiles extends AbstractKeyword {

  TypeWithFiles() {
    super("type");
  }

  @Override
  public KeywordValidator newValidator(
      SchemaLocation location, JsonNode types, Schema parent, SchemaContext context) {
    return new Check(location, types, parent, context);
  }

  private static final class Check extends TypeValidator {

    private final boolean takesFiles;

    Check(SchemaLocation location, JsonNode types, Schema parent, SchemaContext context) {
      super(location, types, parent, context);
      this.takesFiles = takesFiles(types, parent.getSchemaNode());
    }

    /** Files are texts in Base64, binary texts, or objects that may be given as a text. */
    private static boolean takesFiles(JsonNode types, JsonNode schema) {
      Set<String> names = new TreeSet<>();
      if (types.isString()) {
        names.add(types.stringValue());
      }
      types.forEach(type -> names.add(type.asString("")));
      String format = schema.path("format").asString("");
      return names.contains("string")
          && (names.contains("object")
              || format.equals("binary")
              || format.equals("byte")
              || schema.path("contentEncoding").asString("").equals("base64"));
    }

    @Override
    public void validate(
        ExecutionContext execution, JsonNode value, JsonNode root, NodePath location) {
      if (takesFiles || EmbeddedFiles.of(value) == null) {
        super.validate(execution, value, root, location);
        return;
      }
      execution.addError(
          error()
              .instanceNode(value)
              .instanceLocation(location)
              .evaluationPath(execution.getEvaluationPath())
              .locale(execution.getExecutionConfig().getLocale())
              .arguments("file", getSchemaNode().toString())
              .build());
    }
  }
}
