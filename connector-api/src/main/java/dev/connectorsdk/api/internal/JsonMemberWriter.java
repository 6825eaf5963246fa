package dev.connectorsdk.api.internal;

import dev.connectorsdk.api.JsonMember;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.jsontype.TypeSerializer;
import tools.jackson.databind.ser.std.ReferenceTypeSerializer;
import tools.jackson.databind.type.ReferenceType;
import tools.jackson.databind.util.NameTransformer;

/** Writes the value of a {@link JsonMember} as its own type is written. */
final class JsonMemberWriter extends ReferenceTypeSerializer<JsonMember<?>> {

  JsonMemberWriter(
      ReferenceType type,
      @Nullable TypeSerializer contentType,
      @Nullable ValueSerializer<Object> content) {
    super(type, false, contentType, content);
  }

  private JsonMemberWriter(
      JsonMemberWriter base,
      BeanProperty property,
      TypeSerializer contentType,
      ValueSerializer<?> content,
      NameTransformer unwrapper) {
    super(base, property, contentType, content, unwrapper, null, false);
  }

  @Override
  protected ReferenceTypeSerializer<JsonMember<?>> withResolved(
      BeanProperty property,
      TypeSerializer contentType,
      ValueSerializer<?> content,
      NameTransformer unwrapper) {
    return new JsonMemberWriter(this, property, contentType, content, unwrapper);
  }

  /** What is said of content that is {@code null} or empty is not for a member that is neither. */
  @Override
  public ReferenceTypeSerializer<JsonMember<?>> withContentInclusion(
      Object suppressed, boolean suppressNulls) {
    return this;
  }

  @Override
  public boolean isEmpty(SerializationContext context, JsonMember<?> member) {
    return member.isAbsent();
  }

  @Override
  protected boolean _isValuePresent(JsonMember<?> member) {
    return member.hasValue();
  }

  @Override
  protected @Nullable Object _getReferenced(JsonMember<?> member) {
    return _getReferencedIfPresent(member);
  }

  @Override
  protected @Nullable Object _getReferencedIfPresent(JsonMember<?> member) {
    return member.hasValue() ? member.value() : null;
  }
}
