package dev.connectorsdk.node;

import java.util.List;

/** What there is in every Azurite, the emulator of Azure Storage. */
public final class Azurite {

  public static final String ACCOUNT = "devstoreaccount1";

  /** The published key of the account. */
  public static final String KEY =
      "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

  private Azurite() {}

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
