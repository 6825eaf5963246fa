package dev.connectorsdk.node;

import dev.connectorsdk.fixtures.LocalServer;
import dev.connectorsdk.fixtures.NodeServer;
import java.io.IOException;
import java.util.List;

/** What there is in every Azurite, the emulator of Azure Storage. */
public final class Azurite {

  public static final String ACCOUNT = "devstoreaccount1";

  /** The published key of the account. */
  public static final String KEY =
      "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

  private Azurite() {}

  /** Starts the Blob service, which checks Shared Key signatures. */
  public static NodeServer blob() throws IOException, InterruptedException {
    return start("blob", 0);
  }

  /** Starts the Table service, which checks Shared Key signatures. */
  public static NodeServer table() throws IOException, InterruptedException {
    // It does not say which port it got.
    return start("table", LocalServer.freePort());
  }

  private static NodeServer start(String service, int port)
      throws IOException, InterruptedException {
    return NodeServer.start(
        "node_modules/azurite/dist/src/" + service + "/main.js",
        "--" + service + "Host",
        "127.0.0.1",
        "--" + service + "Port",
        Integer.toString(port),
        "--inMemoryPersistence",
        "--disableTelemetry",
        "--silent");
  }

  /** Returns names of blobs, each with something else that changes on its way into a URL. */
  public static List<String> blobNames() {
    return List.of(
        "hello.txt",
        "folder/inner/hello.txt",
        "with space & plus+ & percent% ü € 漢.txt",
        "semi;colon=equals,comma'quote(brackets)[x]~$@!*.txt",
        "what?is#this");
  }
}
