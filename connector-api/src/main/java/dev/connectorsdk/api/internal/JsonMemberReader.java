package dev.connectorsdk.api.internal;

import dev.connectorsdk.api.JsonMember;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.std.ReferenceTypeDeserializer;
import tools.jackson.databind.jsontype.TypeDeserializer;

/** Reads a {@link JsonMember}: absent, {@code null}, or a value as its own type is read. */
final class JsonMemberReader extends ReferenceTypeDeserializer<JsonMember<?>> {

  JsonMemberReader(
      JavaType type,
      @Nullable TypeDeserializer contentType,
      @Nullable ValueDeserializer<?> content) {
    super(type, null, contentType, content);
  }

  @Override
  protected ReferenceTypeDeserializer<JsonMember<?>> withResolved(
      TypeDeserializer contentType, ValueDeserializer<?> content) {
    return new JsonMemberReader(_fullType, contentType, content);
  }

  @Override
  public JsonMember<?> getNullValue(DeserializationContext context) {
    return JsonMember.ofNull();
  }

  @Override
  public Object getAbsentValue(DeserializationContext context) {
    return JsonMember.absent();
  }

  @Override
  public Object getEmptyValue(DeserializationContext context) {
    return JsonMember.absent();
  }

  @Override
  public JsonMember<?> referenceValue(@Nullable Object content) {
    return JsonMember.ofNullable(content);
  }

  @Override
  public JsonMember<?> updateReference(JsonMember<?> member, @Nullable Object content) {
    return referenceValue(content);
  }

  @Override
  public @Nullable Object getReferenced(JsonMember<?> member) {
    return member.toOptional().orElse(null);
  }
}
