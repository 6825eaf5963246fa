#!/usr/bin/env bash
# The MCP Java SDK 2.1.0: a HttpServletStreamableServerTransportProvider sweeps its idle sessions on a
# scheduler of its own (Schedulers.newSingle). closeGracefully() and destroy() stop the sweep, but not the
# scheduler, which nobody else can reach: each server that was closed leaves a thread. It is no daemon, so
# a JVM whose main has returned stays, too. With sessionSweepInterval(null) there is no such thread, and
# no sweep.
#
# Seen with OpenJDK 17, threads named streamable-http-server-transport-session-sweeper-N:
#   swept: 20 servers open 20 threads, closed 20 (20 no daemons)
#   not swept: 20 servers open 0 threads, closed 0 (0 no daemons)
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
      <groupId>io.modelcontextprotocol.sdk</groupId>
      <artifactId>mcp</artifactId>
      <version>2.1.0</version>
    </dependency>
    <dependency>
      <groupId>jakarta.servlet</groupId>
      <artifactId>jakarta.servlet-api</artifactId>
      <version>6.1.0</version>
    </dependency>
  </dependencies>
</project>
POM
cat > "$folder/Check.java" <<'JAVA'
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.server.transport.HttpServletStreamableServerTransportProvider;
import java.util.ArrayList;
import java.util.List;

class Check {
  public static void main(String[] arguments) throws Exception {
    // Threads that stay would be counted again, so those without come first.
    String without = look("not swept", HttpServletStreamableServerTransportProvider.builder()
        .sessionSweepInterval(null));
    System.out.println(look("swept", HttpServletStreamableServerTransportProvider.builder()));
    System.out.println(without);
    System.exit(0);
  }

  static String look(String name, HttpServletStreamableServerTransportProvider.Builder builder)
      throws Exception {
    List<HttpServletStreamableServerTransportProvider> transports = new ArrayList<>();
    List<McpSyncServer> servers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      HttpServletStreamableServerTransportProvider transport = builder.mcpEndpoint("/mcp").build();
      transports.add(transport);
      servers.add(McpServer.sync(transport).serverInfo("finding", "1").build());
    }
    int open = sweepers().size();
    servers.forEach(McpSyncServer::closeGracefully);
    transports.forEach(transport -> transport.closeGracefully().block());
    transports.forEach(HttpServletStreamableServerTransportProvider::destroy);
    servers.clear();
    transports.clear();
    System.gc();
    Thread.sleep(2000);
    List<Thread> closed = sweepers();
    long staying = closed.stream().filter(thread -> !thread.isDaemon()).count();
    return name + ": 20 servers open " + open + " threads, closed " + closed.size() + " (" + staying
        + " no daemons)";
  }

  static List<Thread> sweepers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().contains("session-sweeper-"))
        .toList();
  }
}
JAVA
mvn -q -B -f "$folder/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies \
  -DoutputDirectory="$folder/lib" > /dev/null
seen=$(java -cp "$folder/lib/*" "$folder/Check.java" 2> /dev/null)
echo "mcp 2.1.0, $(java -version 2>&1 | head -n 1)"
echo "$seen"
[ "$seen" = 'swept: 20 servers open 20 threads, closed 20 (20 no daemons)
not swept: 20 servers open 0 threads, closed 0 (0 no daemons)' ]
