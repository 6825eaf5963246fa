#!/usr/bin/env bash
# Jackson 3.2.4, DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS: readTree throws a plain
# java.lang.NumberFormatException, which is no JacksonException, for a JSON number whose exponent
# does not fit into an int. Whoever catches JacksonException around untrusted JSON misses it. The
# same text is read without the feature, and the largest exponent that fits is read with it.
#
# Seen with OpenJDK 17:
#   1e2147483647  DecimalNode
#   1e2147483648  java.lang.NumberFormatException
#   1e2147483648 without the feature  DoubleNode
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

cat > "$folder/Read.java" <<'JAVA'
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

class Read {
  public static void main(String[] arguments) {
    JsonMapper exact =
        JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();
    System.out.println("1e2147483647  " + read(exact, "1e2147483647"));
    System.out.println("1e2147483648  " + read(exact, "1e2147483648"));
    System.out.println(
        "1e2147483648 without the feature  " + read(new JsonMapper(), "1e2147483648"));
  }

  static String read(JsonMapper mapper, String json) {
    try {
      return mapper.readTree(json).getClass().getSimpleName();
    } catch (RuntimeException e) {
      return e.getClass().getName();
    }
  }
}
JAVA

seen=$(java -cp "$folder/lib/*" "$folder/Read.java")
echo "Jackson 3.2.4, $(java -version 2>&1 | head -n 1)"
echo "$seen"
[ "$seen" = "1e2147483647  DecimalNode
1e2147483648  java.lang.NumberFormatException
1e2147483648 without the feature  DoubleNode" ]
