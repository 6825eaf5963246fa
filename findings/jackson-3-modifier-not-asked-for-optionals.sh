#!/usr/bin/env bash
# Jackson 3.2.4 asks a ValueDeserializerModifier about the deserializers of numbers, texts, dates, arrays
# and collections, but not about those of OptionalInt, OptionalLong and OptionalDouble, and neither calls
# modifyReferenceDeserializer for Optional and AtomicReference, the reference types that it knows itself.
# A rule that is put into the mapper by a modifier (of numbers, say) is silently not kept for such values.
#
# Seen with OpenJDK 17, reading a record with one component of each type:
#   asked about: Instant, Integer, List, String, int, int[]
#   not asked about: AtomicReference, Optional, OptionalDouble, OptionalInt, OptionalLong
#
# Ends with 1 if that is no longer so.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat > "$folder/pom.xml" <<'POM'
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId>
  <artifactId>finding</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>tools.jackson.core</groupId>
      <artifactId>jackson-databind</artifactId>
      <version>3.2.4</version>
    </dependency>
  </dependencies>
</project>
POM
mvn -q -B -f "$folder/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies \
  -DoutputDirectory="$folder/lib" > /dev/null

cat > "$folder/Check.java" <<'JAVA'
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.ValueDeserializerModifier;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.type.ArrayType;
import tools.jackson.databind.type.CollectionType;
import tools.jackson.databind.type.ReferenceType;

class Check {
  record Values(
      int number,
      Integer boxed,
      String text,
      Instant instant,
      int[] array,
      List<Integer> list,
      OptionalInt optionalInt,
      OptionalLong optionalLong,
      OptionalDouble optionalDouble,
      Optional<String> optional,
      AtomicReference<String> reference) {}

  static final Set<Class<?>> ASKED = new java.util.HashSet<>();

  public static void main(String[] arguments) {
    var module = new SimpleModule();
    module.setDeserializerModifier(new Noting());
    JsonMapper.builder().addModule(module).build().readValue("{\"number\":1}", Values.class);
    Set<String> asked = new TreeSet<>();
    Set<String> notAsked = new TreeSet<>();
    for (var component : Values.class.getRecordComponents()) {
      (ASKED.contains(component.getType()) ? asked : notAsked).add(component.getType().getSimpleName());
    }
    System.out.println("asked about: " + String.join(", ", asked));
    System.out.println("not asked about: " + String.join(", ", notAsked));
  }

  static class Noting extends ValueDeserializerModifier {
    @Override
    public ValueDeserializer<?> modifyDeserializer(
        DeserializationConfig config, BeanDescription.Supplier bean, ValueDeserializer<?> made) {
      ASKED.add(bean.getBeanClass());
      return made;
    }

    @Override
    public ValueDeserializer<?> modifyReferenceDeserializer(
        DeserializationConfig config,
        ReferenceType type,
        BeanDescription.Supplier bean,
        ValueDeserializer<?> made) {
      ASKED.add(type.getRawClass());
      return made;
    }

    @Override
    public ValueDeserializer<?> modifyArrayDeserializer(
        DeserializationConfig config,
        ArrayType type,
        BeanDescription.Supplier bean,
        ValueDeserializer<?> made) {
      ASKED.add(type.getRawClass());
      return made;
    }

    @Override
    public ValueDeserializer<?> modifyCollectionDeserializer(
        DeserializationConfig config,
        CollectionType type,
        BeanDescription.Supplier bean,
        ValueDeserializer<?> made) {
      ASKED.add(List.class);
      return made;
    }
  }
}
JAVA

seen=$(java -cp "$folder/lib/*" "$folder/Check.java")
echo "jackson-databind 3.2.4, $(java -version 2>&1 | head -n 1)"
echo "$seen"
[ "$seen" = 'asked about: Instant, Integer, List, String, int, int[]
not asked about: AtomicReference, Optional, OptionalDouble, OptionalInt, OptionalLong' ]
