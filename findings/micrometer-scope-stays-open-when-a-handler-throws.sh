#!/usr/bin/env bash
# Micrometer Observation 1.15.12: if a handler throws in onScopeOpened, openScope() throws as well,
# and the observation stays the current one of the thread. There is no scope that anybody could close:
# what the thread observes from then on becomes a child of it, on a pooled thread for ever.
#
# Seen with OpenJDK 17:
#   openScope: java.lang.IllegalStateException
#   current afterwards: first
#   parent of the next: first
#
# Ends with 1 if that changes.
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
      <groupId>io.micrometer</groupId>
      <artifactId>micrometer-observation</artifactId>
      <version>1.15.12</version>
    </dependency>
  </dependencies>
</project>
POM
mvn -q -B -f "$folder/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies \
  -DoutputDirectory="$folder/lib" > /dev/null

cat > "$folder/Scopes.java" <<'JAVA'
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;

class Scopes {
  public static void main(String[] arguments) {
    ObservationRegistry registry = ObservationRegistry.create();
    registry.observationConfig().observationHandler(new Faulty());
    Observation first = Observation.start("first", registry);
    try {
      first.openScope();
    } catch (IllegalStateException e) {
      System.out.println("openScope: " + e.getClass().getName());
    }
    first.stop();
    System.out.println("current afterwards: " + name(registry.getCurrentObservation()));
    Observation next = Observation.start("next", registry);
    var parent = next.getContextView().getParentObservation();
    System.out.println(
        "parent of the next: " + (parent == null ? "none" : parent.getContextView().getName()));
  }

  static String name(Observation observation) {
    return observation == null ? "none" : observation.getContextView().getName();
  }

  static class Faulty implements ObservationHandler<Observation.Context> {
    @Override
    public void onScopeOpened(Observation.Context context) {
      throw new IllegalStateException();
    }

    @Override
    public boolean supportsContext(Observation.Context context) {
      return true;
    }
  }
}
JAVA
seen=$(java -cp "$folder/lib/*" "$folder/Scopes.java")
echo "$seen"
[ "$seen" = "openScope: java.lang.IllegalStateException
current afterwards: first
parent of the next: first" ]
