#!/usr/bin/env bash
# The MCP Java SDK 2.1.0 writes its questions to people (elicitation, both modes) with the Jackson that it
# brings, 3.1.4. With Jackson 3.2.4, as a host's dependency management may have it, all else is written,
# but each question is an exception: ElicitRequest declares "mode" as the id of its type, and both records
# have a property of that name, which 3.2 refuses. A server's sync call then waits for its whole time-out.
#
# Seen with OpenJDK 17:
#   jackson 3.1.4: tool written, form written, url written
#   jackson 3.2.4: tool written, form InvalidDefinitionException, url InvalidDefinitionException
#
# Ends with 1 if that is no longer so.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat > "$folder/Check.java" <<'JAVA'
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.spec.McpSchema;
import java.util.Map;

class Check {
  public static void main(String[] arguments) throws Exception {
    Map<String, Object> schema = Map.of("type", "object", "properties", Map.of());
    System.out.println(
        "jackson " + tools.jackson.databind.cfg.PackageVersion.VERSION
            + ": tool " + write(McpSchema.Tool.builder("add", schema).build())
            + ", form " + write(McpSchema.ElicitFormRequest.builder("Go on?", schema).build())
            + ", url " + write(
                McpSchema.ElicitUrlRequest.builder("Sign in", "https://app.example/in", "1").build()));
  }

  static String write(Object value) {
    try {
      McpJsonDefaults.getMapper().writeValueAsString(value);
      return "written";
    } catch (Exception e) {
      Throwable cause = e;
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      return cause.getClass().getSimpleName();
    }
  }
}
JAVA

check() {
  mkdir "$folder/$1"
  cat > "$folder/$1/pom.xml" <<POM
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId>
  <artifactId>finding</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>tools.jackson.core</groupId>
      <artifactId>jackson-databind</artifactId>
      <version>$1</version>
    </dependency>
    <dependency>
      <groupId>tools.jackson.core</groupId>
      <artifactId>jackson-core</artifactId>
      <version>$1</version>
    </dependency>
    <dependency>
      <groupId>io.modelcontextprotocol.sdk</groupId>
      <artifactId>mcp</artifactId>
      <version>2.1.0</version>
    </dependency>
  </dependencies>
</project>
POM
  mvn -q -B -f "$folder/$1/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies \
    -DoutputDirectory="$folder/$1/lib" > /dev/null
  java -cp "$folder/$1/lib/*" "$folder/Check.java" 2> /dev/null
}

seen="$(check 3.1.4)
$(check 3.2.4)"
echo "mcp 2.1.0, $(java -version 2>&1 | head -n 1)"
echo "$seen"
[ "$seen" = 'jackson 3.1.4: tool written, form written, url written
jackson 3.2.4: tool written, form InvalidDefinitionException, url InvalidDefinitionException' ]
