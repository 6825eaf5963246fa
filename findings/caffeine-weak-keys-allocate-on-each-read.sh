#!/usr/bin/env bash
# Caffeine 3.3.1: a cache with weakKeys() makes an object of 24 bytes for each read, hits included,
# also once everything is compiled. A cache with strong keys makes none. The key of a read is
# wrapped in a reference to look it up by identity, and that does not go away by escape analysis.
#
# Seen with OpenJDK 17 and 25:
#   strong keys: 0 bytes for each hit
#   weak keys: 24 bytes for each hit
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
      <groupId>com.github.ben-manes.caffeine</groupId>
      <artifactId>caffeine</artifactId>
      <version>3.3.1</version>
    </dependency>
  </dependencies>
</project>
POM
mvn -q -B -f "$folder/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies \
  -DoutputDirectory="$folder/lib" > /dev/null

cat > "$folder/Hits.java" <<'JAVA'
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

class Hits {
  static final int READS = 1_000_000;
  static Object read;

  public static void main(String[] arguments) {
    System.out.println("strong keys: " + bytes(Caffeine.newBuilder().build()));
    System.out.println("weak keys: " + bytes(Caffeine.newBuilder().weakKeys().build()));
  }

  static String bytes(Cache<Object, Object> cache) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Object key = new Object();
    cache.put(key, "value");
    for (int i = 0; i < 10; i++) {
      readAll(cache, key);
    }
    long before = threads.getCurrentThreadAllocatedBytes();
    readAll(cache, key);
    return (threads.getCurrentThreadAllocatedBytes() - before) / READS + " bytes for each hit";
  }

  static void readAll(Cache<Object, Object> cache, Object key) {
    for (int i = 0; i < READS; i++) {
      read = cache.getIfPresent(key);
    }
  }
}
JAVA
seen=$(java -cp "$folder/lib/*" "$folder/Hits.java")
echo "$seen"
[ "$seen" = "strong keys: 0 bytes for each hit
weak keys: 24 bytes for each hit" ]
