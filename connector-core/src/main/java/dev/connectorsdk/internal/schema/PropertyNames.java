package dev.connectorsdk.internal.schema;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.BeanPropertyDefinition;
import tools.jackson.databind.introspect.ClassIntrospector;
import tools.jackson.databind.json.JsonMapper;

/** What the mapper calls the properties of a type, so that a schema names them as JSON does. */
final class PropertyNames {

  private final JsonMapper mapper;

  PropertyNames(JsonMapper mapper) {
    this.mapper = mapper;
  }

  /** Returns the JSON names of a type's properties, by the names that they have in Java. */
  Map<String, String> of(Class<?> type) {
    JavaType java = mapper.constructType(type);
    ClassIntrospector introspector = mapper.deserializationConfig().classIntrospectorInstance();
    Map<String, String> names = new HashMap<>();
    for (BeanPropertyDefinition property :
        introspector
            .introspectForDeserialization(java, introspector.introspectClassAnnotations(java))
            .findProperties()) {
      names.put(property.getInternalName(), property.getName());
    }
    return names;
  }

  /** Returns the type that stands for {@code type} in JSON, or {@code null} if it has its own. */
  @Nullable Class<?> standIn(Class<?> type) {
    JavaType java = mapper.constructType(type);
    ClassIntrospector introspector = mapper.serializationConfig().classIntrospectorInstance();
    AnnotatedMember value =
        introspector
            .introspectForSerialization(java, introspector.introspectClassAnnotations(java))
            .findJsonValueAccessor();
    return value == null ? null : value.getRawType();
  }
}
