#!/usr/bin/env bash
# json-schema-validator (networknt) 3.0.9 compiles schemas whose keywords have values that JSON Schema
# 2020-12 does not allow, as they stand in many OpenAPI 2 documents, and what becomes of such a keyword
# differs from one to the next: some mean nothing, some accept no value at all, some throw. Whoever
# takes schemas from elsewhere has to check them against the meta-schema first.
#
# Seen with OpenJDK 17:
#   {"required":true}  {}  accepted
#   {"minLength":"3"}  "a"  accepted
#   {"type":"file"}  "a"  refused
#   {"type":["string","file"]}  "a"  accepted
#   {"enum":"a"}  "a"  refused
#   {"maximum":3,"exclusiveMaximum":true}  2  SchemaException
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
      <groupId>com.networknt</groupId>
      <artifactId>json-schema-validator</artifactId>
      <version>3.0.9</version>
    </dependency>
  </dependencies>
</project>
POM
mvn -q -B -f "$folder/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies \
  -DoutputDirectory="$folder/lib" > /dev/null

cat > "$folder/Check.java" <<'JAVA'
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;

class Check {
  public static void main(String[] arguments) {
    check("{\"required\":true}", "{}");
    check("{\"minLength\":\"3\"}", "\"a\"");
    check("{\"type\":\"file\"}", "\"a\"");
    check("{\"type\":[\"string\",\"file\"]}", "\"a\"");
    check("{\"enum\":\"a\"}", "\"a\"");
    check("{\"maximum\":3,\"exclusiveMaximum\":true}", "2");
  }

  static void check(String schema, String value) {
    var registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    String verdict;
    try {
      var errors = registry.getSchema(schema, InputFormat.JSON).validate(value, InputFormat.JSON);
      verdict = errors.isEmpty() ? "accepted" : "refused";
    } catch (RuntimeException e) {
      verdict = e.getClass().getSimpleName();
    }
    System.out.println(schema + "  " + value + "  " + verdict);
  }
}
JAVA

seen=$(java -cp "$folder/lib/*" "$folder/Check.java" 2> /dev/null)
echo "json-schema-validator 3.0.9, $(java -version 2>&1 | head -n 1)"
echo "$seen"
[ "$seen" = '{"required":true}  {}  accepted
{"minLength":"3"}  "a"  accepted
{"type":"file"}  "a"  refused
{"type":["string","file"]}  "a"  accepted
{"enum":"a"}  "a"  refused
{"maximum":3,"exclusiveMaximum":true}  2  SchemaException' ]
