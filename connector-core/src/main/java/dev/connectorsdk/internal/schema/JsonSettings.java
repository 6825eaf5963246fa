package dev.connectorsdk.internal.schema;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.file.FileSource;
import dev.connectorsdk.api.internal.TypedJson;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.deser.DeserializationContextExt;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.node.TreeBuildingGenerator;
import tools.jackson.databind.ser.std.StdSerializer;

/**
 * How a runtime reads and writes JSON. Services are not trusted: what they send is limited in
 * depth, length and number of tokens before anything is made of it.
 */
public final class JsonSettings {

  /** How deep arrays and objects may be nested. */
  static final int MAX_DEPTH = 200;

  private static final int MAX_STRING_LENGTH = 10 * 1024 * 1024;
  private static final int MAX_NUMBER_LENGTH = 1_000;
  private static final int MAX_NAME_LENGTH = 1_000;
  private static final long MAX_TOKENS = 1_000_000;

  private JsonSettings() {}

  /**
   * Returns a new mapper. A runtime makes one and passes it down.
   *
   * <p>Values are read and written as {@link TypedJson} says. Messages of its exceptions can quote
   * what was read, so they are not for callers or logs. The length of a document is limited by
   * whoever reads it from the network.
   */
  public static JsonMapper newMapper() {
    var builder =
        TypedJson.set(
                JsonMapper.builder(
                    JsonFactory.builder()
                        .streamReadConstraints(limits())
                        .recyclerPool(new JsonBuffers())
                        .build()))
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .addModule(
                new SimpleModule("secrets")
                    .addSerializer(new SecretWriter())
                    .addDeserializer(Secret.class, new SecretReader()))
            .addModule(
                new SimpleModule("files")
                    .addSerializer(new FileWriter())
                    .addDeserializer(FileSource.class, new FileReader()));
    return new TypedMapper(builder);
  }

  private static StreamReadConstraints limits() {
    return StreamReadConstraints.builder()
        .maxNestingDepth(MAX_DEPTH)
        .maxStringLength(MAX_STRING_LENGTH)
        .maxNumberLength(MAX_NUMBER_LENGTH)
        .maxNameLength(MAX_NAME_LENGTH)
        .maxTokenCount(MAX_TOKENS)
        .build();
  }

  /**
   * Throws Jackson's own exception for a number whose exponent a {@code BigDecimal} cannot have,
   * where Jackson lets a {@link NumberFormatException} through.
   */
  private static final class TypedMapper extends JsonMapper {

    private static final long serialVersionUID = 1L;

    TypedMapper(Builder builder) {
      super(builder);
    }

    @Override
    protected Object _readMapAndClose(
        DeserializationContextExt context, JsonParser parser, JavaType type) {
      try {
        return super._readMapAndClose(context, parser, type);
      } catch (NumberFormatException e) {
        throw outOfRange(parser);
      }
    }

    @Override
    protected JsonNode _readTreeAndClose(DeserializationContextExt context, JsonParser parser) {
      try {
        return super._readTreeAndClose(context, parser);
      } catch (NumberFormatException e) {
        throw outOfRange(parser);
      }
    }

    private static StreamReadException outOfRange(JsonParser parser) {
      return new StreamReadException(parser, "A number has an exponent that is out of range");
    }
  }

  private static final class SecretWriter extends StdSerializer<Secret> {

    SecretWriter() {
      super(Secret.class);
    }

    @Override
    public void serialize(Secret value, JsonGenerator generator, SerializationContext context) {
      context.reportMappingProblem("A Secret is not written as JSON");
    }
  }

  private static final class SecretReader extends StdDeserializer<Secret> {

    SecretReader() {
      super(Secret.class);
    }

    @Override
    public Secret deserialize(JsonParser parser, DeserializationContext context) {
      return context.reportInputMismatch(Secret.class, "A Secret is not read from JSON");
    }
  }

  /** In a tree a file is itself; elsewhere it cannot be, and its name is not its content. */
  private static final class FileWriter extends StdSerializer<FileSource> {

    FileWriter() {
      super(FileSource.class);
    }

    @Override
    public void serialize(FileSource value, JsonGenerator generator, SerializationContext context) {
      if (generator instanceof TreeBuildingGenerator) {
        generator.writeEmbeddedObject(value);
      } else {
        context.reportMappingProblem("A file is not written as JSON");
      }
    }
  }

  private static final class FileReader extends StdDeserializer<FileSource> {

    FileReader() {
      super(FileSource.class);
    }

    @Override
    public FileSource deserialize(JsonParser parser, DeserializationContext context) {
      return parser.currentToken() == JsonToken.VALUE_EMBEDDED_OBJECT
              && parser.getEmbeddedObject() instanceof FileSource file
          ? file
          : FileSource.of(parser.getBinaryValue());
    }
  }
}
