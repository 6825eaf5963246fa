#!/usr/bin/env bash
# OkHttp 5.5.1: an answer with `Content-Encoding: gzip` and no body cannot be read. Services send it
# to POST and DELETE, since a proxy adds the header whatever the length. The request has succeeded
# then, and its answer ends in an EOFException, like a broken connection: whoever repeats on that
# sends a write twice. Node.js reads an empty text.
#
# Seen with OpenJDK 17 and Node.js 20:
#   OkHttp, Content-Length: 0: status 202, java.io.EOFException
#   OkHttp, chunked: status 202, java.io.EOFException
#   fetch, Content-Length: 0: status 202, ""
#   fetch, chunked: status 202, ""
#
# Ends with 1 if that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "${server:-}" 2> /dev/null; rm -rf "$folder"' EXIT
cat > "$folder/pom.xml" <<'POM'
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId>
  <artifactId>finding</artifactId>
  <version>1</version>
  <dependencies>
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

cat > "$folder/serve.cjs" <<'JS'
const server = require('http').createServer((request, answer) => {
  answer.writeHead(202, {
    'content-encoding': 'gzip',
    ...(request.url === '/chunked' ? {'transfer-encoding': 'chunked'} : {'content-length': 0}),
  });
  answer.end();
});
server.listen(0, '127.0.0.1', () => {
  require('fs').writeFileSync('port.new', String(server.address().port));
  require('fs').renameSync('port.new', 'port');
});
JS
cat > "$folder/Read.java" <<'JAVA'
import java.io.IOException;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

class Read {
  public static void main(String[] url) throws IOException {
    OkHttpClient client = new OkHttpClient();
    Request request =
        new Request.Builder().url(url[0]).post(RequestBody.create(new byte[0])).build();
    try (Response response = client.newCall(request).execute()) {
      System.out.print("status " + response.code() + ", ");
      System.out.println('"' + response.body().string() + '"');
    } catch (IOException e) {
      System.out.println(e.getClass().getName());
    }
    client.dispatcher().executorService().shutdown();
    client.connectionPool().evictAll();
  }
}
JAVA
cat > "$folder/read.cjs" <<'JS'
fetch(process.argv[2], {method: 'POST'}).then(async answer =>
  console.log(`status ${answer.status}, ${JSON.stringify(await answer.text())}`));
JS
cd "$folder"
node serve.cjs &
server=$!
until [ -s port ]; do sleep 0.1; done
base=http://127.0.0.1:$(cat port)
java=(java -cp "lib/*" Read.java)
seen="OkHttp, Content-Length: 0: $("${java[@]}" "$base/")
OkHttp, chunked: $("${java[@]}" "$base/chunked")
fetch, Content-Length: 0: $(node read.cjs "$base/")
fetch, chunked: $(node read.cjs "$base/chunked")"
echo "$seen"
[ "$seen" = 'OkHttp, Content-Length: 0: status 202, java.io.EOFException
OkHttp, chunked: status 202, java.io.EOFException
fetch, Content-Length: 0: status 202, ""
fetch, chunked: status 202, ""' ]
