package dev.connectorsdk.api.internal;

import com.fasterxml.jackson.annotation.JsonFormat;
import dev.connectorsdk.api.JsonMember;
import java.lang.reflect.Type;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.deser.Deserializers;
import tools.jackson.databind.jsontype.TypeDeserializer;
import tools.jackson.databind.jsontype.TypeSerializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.Serializers;
import tools.jackson.databind.ser.ValueSerializerModifier;
import tools.jackson.databind.ser.jdk.MapSerializer;
import tools.jackson.databind.type.MapType;
import tools.jackson.databind.type.ReferenceType;
import tools.jackson.databind.type.TypeBindings;
import tools.jackson.databind.type.TypeFactory;
import tools.jackson.databind.type.TypeModifier;

/**
 * Tells members of an object that are absent from those that are {@code null}: see {@link
 * JsonMember}. Maps, too, leave out what is absent, and write the {@code null} that was put there.
 */
final class JsonMembers extends SimpleModule {

  private static final long serialVersionUID = 1L;

  JsonMembers() {
    super("members");
    setSerializerModifier(new OfMaps());
  }

  @Override
  public void setupModule(SetupContext context) {
    super.setupModule(context);
    context.addTypeModifier(new References());
    context.addSerializers(new Writers());
    context.addDeserializers(new Readers());
  }

  private static final class References extends TypeModifier {

    @Override
    public JavaType modifyType(
        JavaType type, Type declared, TypeBindings bindings, TypeFactory factory) {
      return type.hasRawClass(JsonMember.class) && !type.isReferenceType()
          ? ReferenceType.upgradeFrom(type, type.containedTypeOrUnknown(0))
          : type;
    }
  }

  private static final class Writers implements Serializers {

    @Override
    public @Nullable ValueSerializer<?> findReferenceSerializer(
        SerializationConfig config,
        ReferenceType type,
        BeanDescription.Supplier described,
        JsonFormat.@Nullable Value format,
        @Nullable TypeSerializer contentType,
        @Nullable ValueSerializer<Object> content) {
      return type.hasRawClass(JsonMember.class)
          ? new JsonMemberWriter(type, contentType, content)
          : null;
    }
  }

  private static final class Readers implements Deserializers {

    @Override
    public @Nullable ValueDeserializer<?> findReferenceDeserializer(
        ReferenceType type,
        DeserializationConfig config,
        BeanDescription.Supplier described,
        @Nullable TypeDeserializer contentType,
        @Nullable ValueDeserializer<?> content) {
      return type.hasRawClass(JsonMember.class)
          ? new JsonMemberReader(type, contentType, content)
          : null;
    }

    @Override
    public boolean hasDeserializerFor(DeserializationConfig config, Class<?> type) {
      return type == JsonMember.class;
    }
  }

  private static final class OfMaps extends ValueSerializerModifier {

    private static final long serialVersionUID = 1L;

    @Override
    public ValueSerializer<?> modifyMapSerializer(
        SerializationConfig config,
        MapType type,
        BeanDescription.Supplier described,
        ValueSerializer<?> usual) {
      return usual instanceof MapSerializer maps
          ? maps.withContentInclusion(new Absent(), false)
          : usual;
    }
  }

  /** Equal to whatever is absent, which is how Jackson asks what a map leaves out. */
  private static final class Absent {

    @Override
    public boolean equals(@Nullable Object value) {
      return (value instanceof JsonMember<?> member && member.isAbsent())
          || (value instanceof Optional<?> optional && optional.isEmpty());
    }

    @Override
    public int hashCode() {
      return 0;
    }
  }
}
