package dev.connectorsdk.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.AzureSharedKeyScheme;
import dev.connectorsdk.api.file.FileInfo;
import dev.connectorsdk.api.file.FileSource;
import dev.connectorsdk.api.file.FileTarget;
import dev.connectorsdk.api.http.ChunkedUpload;
import dev.connectorsdk.api.http.HttpResponse;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.fixtures.LocalServer;
import dev.connectorsdk.fixtures.NodeServer;
import dev.connectorsdk.http.AddressPolicy;
import dev.connectorsdk.invocation.CallOptions;
import dev.connectorsdk.node.Azurite;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Files up and down at servers that nobody here wrote, over a network that breaks off. */
@ExtendWith(NodeServer.Installed.class)
@Tag("F7")
class FileServersTest {

  record NewFile(String name, FileSource content) {}

  private static final Caller ADA = Principal.user("ada").in("dev");
  private static final int SIZE = 3_000_000;
  private static final int CUT = 1_000_000;

  private static final Action<String, FileInfo> DOWNLOAD =
      Action.builder("download", Effect.READ, String.class, FileInfo.class)
          .run((path, call) -> call.http().callEncoded("GET", path).download(call.target()));

  private static final Action<NewFile, Nothing> UPLOAD =
      Action.builder("upload", Effect.IDEMPOTENT_WRITE, NewFile.class)
          .run(
              (in, call) ->
                  call.http()
                      .callEncoded("PUT", in.name())
                      .header("x-ms-blob-type", "BlockBlob")
                      .file(in.content())
                      .send());

  private static final Action<NewFile, Nothing> UPLOAD_BY_TUS =
      Action.builder("uploadByTus", Effect.WRITE, NewFile.class)
          .run(
              (in, call) -> {
                HttpResponse opened =
                    call.http()
                        .post("/tus")
                        .header("Tus-Resumable", "1.0.0")
                        .header("Upload-Length", Long.toString(in.content().size()))
                        .send();
                call.http().upload(opened, in.content(), ChunkedUpload.tus().inChunksOf(2 * CUT));
              });

  @TempDir static Path served;
  private static NodeServer files;
  private static NodeServer azurite;

  @TempDir Path folder;
  private final byte[] content = new byte[SIZE];

  FileServersTest() {
    new Random(5).nextBytes(content);
  }

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    files = NodeServer.start("files.mjs", served.toString());
    azurite = Azurite.blob();
  }

  @AfterAll
  static void stop() {
    for (NodeServer server : new NodeServer[] {files, azurite}) {
      if (server != null) {
        server.close();
      }
    }
  }

  /** A way to a server that breaks off once, after so many bytes in one direction. */
  private static LocalServer network(NodeServer server, boolean cutsRequests) {
    AtomicInteger left = new AtomicInteger(CUT);
    AtomicInteger unlimited = new AtomicInteger(Integer.MAX_VALUE);
    URI url = URI.create(server.url());
    return new LocalServer(
        client -> {
          try (Socket to = new Socket(url.getHost(), url.getPort())) {
            LocalServer.daemon(
                () -> {
                  pass(client.getInputStream(), to, cutsRequests ? left : unlimited);
                  client.close();
                });
            pass(to.getInputStream(), client, cutsRequests ? unlimited : left);
          }
        });
  }

  /** Passes bytes on until somebody hangs up, or the last of those that are left has passed. */
  private static void pass(InputStream in, Socket to, AtomicInteger left) throws IOException {
    OutputStream out = to.getOutputStream();
    byte[] buffer = new byte[16 * 1024];
    for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
      int before = left.get();
      if (before > 0 && before <= count) {
        out.write(buffer, 0, before);
        left.set(0);
        to.close();
        return;
      }
      left.addAndGet(before > 0 && before < Integer.MAX_VALUE ? -count : 0);
      out.write(buffer, 0, count);
      out.flush();
    }
  }

  private static ConnectorRuntime runtime(LocalServer network, String path) {
    Connector connector =
        Connector.builder("files", "http://127.0.0.1:" + network.port() + path)
            .auth(AuthOption.none())
            .auth(AuthOption.azureSharedKey(AzureSharedKeyScheme.blob()))
            .action(DOWNLOAD)
            .action(UPLOAD)
            .action(UPLOAD_BY_TUS)
            .build();
    return ConnectorRuntime.builder()
        .connector(connector)
        .addressPolicy(AddressPolicy.allowAll())
        .sleeper(pause -> {})
        .build();
  }

  private ConnectorRuntime anonymous(LocalServer network) {
    ConnectorRuntime runtime = runtime(network, "");
    runtime.connections().create(ADA, ConnectionSpec.of("files", "none"));
    return runtime;
  }

  private ConnectorRuntime azure(LocalServer network) {
    ConnectorRuntime runtime = runtime(network, "/" + Azurite.ACCOUNT);
    runtime
        .connections()
        .create(
            ADA,
            ConnectionSpec.of("files", "sharedKey")
                .with("account_name", Azurite.ACCOUNT)
                .secret("access_key", Secret.of(Azurite.KEY)));
    return runtime;
  }

  private static <I, O> O call(
      ConnectorRuntime runtime, Action<I, O> action, I input, CallOptions options) {
    return runtime.invoke(
        ADA, ConnectionReference.invoker("my-files", "files"), action, input, options);
  }

  private void downloads(ConnectorRuntime runtime, String path) {
    Path file = folder.resolve("file");

    FileInfo info =
        call(runtime, DOWNLOAD, path, CallOptions.standard().saveTo(FileTarget.of(file)));

    assertThat(file).hasBinaryContent(content);
    assertThat(info.size()).isEqualTo(SIZE);
  }

  @Test
  void expressGoesOnWithAFile() throws IOException {
    Files.write(served.resolve("a.bin"), content);
    try (LocalServer network = network(files, false);
        ConnectorRuntime runtime = anonymous(network)) {
      downloads(runtime, "/static/a.bin");

      assertThat(network.connections()).isEqualTo(2);
    }
  }

  @Test
  void expressTakesAFileOnceMore() throws IOException {
    Path source = Files.write(folder.resolve("source"), content);
    try (LocalServer network = network(files, true);
        ConnectorRuntime runtime = anonymous(network)) {
      NewFile given = new NewFile("/uploads/b.bin", FileSource.of(source));

      call(runtime, UPLOAD, given, CallOptions.standard());

      assertThat(served.resolve("b.bin")).hasBinaryContent(content);
      assertThat(network.connections()).isEqualTo(2);
    }
  }

  @Test
  void azureStorageTakesAStreamAndGoesOnWithABlob() throws IOException {
    try (LocalServer network = network(azurite, false);
        ConnectorRuntime runtime = azure(network)) {
      NewFile container = new NewFile("/box?restype=container", FileSource.of(new byte[0]));
      call(runtime, UPLOAD, container, CallOptions.standard());
      FileSource stream = FileSource.of(new ByteArrayInputStream(content), SIZE);
      call(runtime, UPLOAD, new NewFile("/box/a.bin", stream), CallOptions.standard());
      int before = network.connections();

      downloads(runtime, "/box/a.bin");

      assertThat(network.connections()).isEqualTo(before + 1);
    }
  }

  @Test
  void tusGoesOnWithAStreamWhereItBrokeOff() throws IOException {
    try (LocalServer network = network(files, true);
        ConnectorRuntime runtime = anonymous(network)) {
      FileSource stream = FileSource.of(new ByteArrayInputStream(content), SIZE);

      call(runtime, UPLOAD_BY_TUS, new NewFile("c.bin", stream), CallOptions.standard());
    }

    assertThat(served)
        .isDirectoryContaining(
            file -> {
              try {
                return Files.size(file) == SIZE && Files.mismatch(file, written()) < 0;
              } catch (IOException e) {
                return false;
              }
            });
  }

  private Path written() throws IOException {
    return Files.write(folder.resolve("expected"), content);
  }
}
