#!/usr/bin/env bash
# MockWebServer of OkHttp 5.5.1: the WebSocket that its server side gets has a method `cancel`, which
# throws a NullPointerException. So a test cannot have its server drop a line without a closing frame
# by the method that is made for it; on the client's side the same method works.
#
# Seen with OpenJDK 17:
#   server side: java.lang.NullPointerException
#   client side: cancelled
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
      <groupId>com.squareup.okhttp3</groupId>
      <artifactId>mockwebserver3</artifactId>
      <version>5.5.1</version>
    </dependency>
    <dependency>
      <groupId>com.squareup.okhttp3</groupId>
      <artifactId>okhttp-jvm</artifactId>
      <version>5.5.1</version>
    </dependency>
  </dependencies>
</project>
POM
mvn -q -B -f "$folder/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies \
  -DoutputDirectory="$folder/lib" > /dev/null

cat > "$folder/Cancel.java" <<'JAVA'
import java.util.concurrent.CountDownLatch;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;

class Cancel {
  public static void main(String[] args) throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    StringBuilder seen = new StringBuilder();
    MockWebServer server = new MockWebServer();
    server.enqueue(
        new MockResponse.Builder()
            .webSocketUpgrade(
                new WebSocketListener() {
                  @Override
                  public void onOpen(WebSocket socket, Response response) {
                    try {
                      socket.cancel();
                      seen.append("cancelled");
                    } catch (RuntimeException e) {
                      seen.append(e.getClass().getName());
                    }
                    over.countDown();
                  }
                })
            .build());
    server.start();
    OkHttpClient client = new OkHttpClient();
    WebSocket socket =
        client.newWebSocket(
            new Request.Builder().url(server.url("/")).build(), new WebSocketListener() {});
    over.await();
    System.out.println("server side: " + seen);
    socket.cancel();
    System.out.println("client side: cancelled");
    client.dispatcher().executorService().shutdown();
    client.connectionPool().evictAll();
    server.close();
    System.exit(0);
  }
}
JAVA
cd "$folder"
seen=$(java -cp "lib/*" Cancel.java 2> /dev/null)
echo "$seen"
[ "$seen" = 'server side: java.lang.NullPointerException
client side: cancelled' ]
