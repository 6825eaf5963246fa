package dev.connectorsdk.benchmark;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.BearerScheme;
import dev.connectorsdk.api.file.FileInfo;
import dev.connectorsdk.api.file.FileSource;
import dev.connectorsdk.api.file.FileTarget;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.http.HttpLimits;
import dev.connectorsdk.invocation.CallOptions;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import okio.Okio;

/**
 * How long a file takes down and up over loopback in a JVM with a heap of 64 MiB, next to the same
 * by plain OkHttp with okio, in turns.
 *
 * <p>Arguments: the size in MiB, and the number of rounds. Goal: at most 1.05 times as long.
 */
public final class FileRate {

  private static final String HEAP = "-Xmx64m";
  private static final Caller ADA = Principal.user("ada").in("dev");
  private static final ConnectionReference DRIVE = ConnectionReference.invoker("drive", "drive");

  private static final Action<Nothing, FileInfo> DOWN =
      Action.builder("down", Effect.READ, Nothing.class, FileInfo.class)
          .run((in, call) -> call.http().get("/file").download(call.target()));

  record Upload(FileSource file) {}

  private static final Action<Upload, Nothing> UP =
      Action.builder("up", Effect.IDEMPOTENT_WRITE, Upload.class)
          .run((in, call) -> call.http().put("/file").file(in.file()).send());

  private final Path folder = Files.createTempDirectory("files");
  private final Path file = folder.resolve("file");
  private final String url;
  private final OkHttpClient client = new OkHttpClient();
  private final ConnectorRuntime runtime;

  private FileRate(String url) throws IOException {
    this.url = url;
    Connector drive =
        Connector.builder("drive", url)
            .titled("Drive")
            .described("Files.")
            .version("1")
            .auth(AuthOption.of("bearer", BearerScheme.standard()))
            .action(DOWN)
            .action(UP)
            .build();
    this.runtime =
        ConnectorRuntime.builder()
            .connector(drive)
            .temporaryFiles(folder.resolve("temporary"))
            .limits(HttpLimits.standard().withCallTimeout(Duration.ofMinutes(10)))
            .build();
    runtime
        .connections()
        .create(ADA, ConnectionSpec.of("drive", "bearer").secret("token", Secret.of("t")));
  }

  /** Measures, in a process of its own. */
  public static void main(String[] args) throws Exception {
    if (args.length == 0 || !args[0].equals("here")) {
      String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
      String size = args.length > 0 && args[0].matches("\\d+") ? args[0] : "1024";
      String rounds = args.length > 1 ? args[1] : "5";
      new ProcessBuilder(
              java,
              HEAP,
              "-cp",
              System.getProperty("java.class.path"),
              FileRate.class.getName(),
              "here",
              size,
              rounds)
          .inheritIO()
          .start()
          .waitFor();
      return;
    }
    long size = Long.parseLong(args[1]) * 1024 * 1024;
    try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      serve(server, size);
      new FileRate("http://localhost:" + server.getLocalPort()).measure(Integer.parseInt(args[2]));
    }
  }

  private interface Transfer {
    void run() throws IOException;
  }

  private void measure(int rounds) throws IOException {
    tell("down", rounds, this::downByLibrary, this::downByHand);
    tell("up", rounds, this::upByLibrary, this::upByHand);
    runtime.close();
    Files.deleteIfExists(file);
  }

  /** The first round warms up. */
  private void tell(String what, int rounds, Transfer ours, Transfer theirs) throws IOException {
    double[] library = new double[rounds];
    double[] byHand = new double[rounds];
    millis(ours);
    millis(theirs);
    for (int i = 0; i < rounds; i++) {
      library[i] = millis(ours);
      byHand[i] = millis(theirs);
    }
    System.out.printf(
        Locale.ROOT,
        "%s: %.0f ms (%.0f-%.0f), by OkHttp and okio %.0f ms (%.0f-%.0f), %.3f times as long%n",
        what,
        median(library),
        library[0],
        library[rounds - 1],
        median(byHand),
        byHand[0],
        byHand[rounds - 1],
        median(library) / median(byHand));
  }

  private static double millis(Transfer transfer) throws IOException {
    long began = System.nanoTime();
    transfer.run();
    return (System.nanoTime() - began) / 1e6;
  }

  /** Also sorts. */
  private static double median(double[] times) {
    Arrays.sort(times);
    return times[times.length / 2];
  }

  private void downByLibrary() {
    runtime.invoke(
        ADA, DRIVE, DOWN, Nothing.NOTHING, CallOptions.standard().saveTo(FileTarget.of(file)));
  }

  private void upByLibrary() {
    runtime.invoke(ADA, DRIVE, UP, new Upload(FileSource.of(file)));
  }

  private void downByHand() throws IOException {
    Path part = folder.resolve("file.part");
    Request request =
        new Request.Builder()
            .url(url + "/file")
            .header("Authorization", "Bearer t")
            .header("Accept-Encoding", "identity")
            .build();
    try (Response response = client.newCall(request).execute();
        BufferedSink sink = Okio.buffer(Okio.sink(part))) {
      sink.writeAll(response.body().source());
    }
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private void upByHand() throws IOException {
    Request request =
        new Request.Builder()
            .url(url + "/file")
            .header("Authorization", "Bearer t")
            .put(RequestBody.create(file.toFile(), null))
            .build();
    try (Response response = client.newCall(request).execute()) {
      response.body().bytes();
    }
  }

  private static void serve(ServerSocket server, long size) {
    Thread acceptor =
        new Thread(
            () -> {
              while (true) {
                try {
                  Socket client = server.accept();
                  Thread thread = new Thread(() -> serve(client, size));
                  thread.setDaemon(true);
                  thread.start();
                } catch (IOException closed) {
                  return;
                }
              }
            });
    acceptor.setDaemon(true);
    acceptor.start();
  }

  private static void serve(Socket client, long size) {
    byte[] buffer = new byte[64 * 1024];
    try (client;
        InputStream in = new BufferedInputStream(client.getInputStream(), buffer.length)) {
      OutputStream out = client.getOutputStream();
      for (String head = head(in); !head.isEmpty(); head = head(in)) {
        boolean isDownload = head.startsWith("GET");
        if (!isDownload) {
          for (long left = size; left > 0; ) {
            left -= in.read(buffer, 0, (int) Math.min(left, buffer.length));
          }
        }
        long length = isDownload ? size : 0;
        out.write(("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n").getBytes(US_ASCII));
        for (long left = length; left > 0; left -= buffer.length) {
          out.write(buffer, 0, (int) Math.min(left, buffer.length));
        }
      }
    } catch (IOException gone) {
      // The client hung up.
    }
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    for (int c = in.read(); c >= 0; c = in.read()) {
      head.append((char) c);
      if (head.length() >= 4 && head.substring(head.length() - 4).equals("\r\n\r\n")) {
        return head.toString();
      }
    }
    return "";
  }
}
