package dev.connectorsdk.api.file;

/** Is told how far the transfer of a file has come, on the thread of the call. */
@FunctionalInterface
public interface FileProgress {

  /**
   * Called now and then while bytes move, and once when the last one has. What it throws ends the
   * call.
   *
   * @param bytes how many have moved so far
   * @param total how many there are, or -1 if that is unknown
   */
  void moved(long bytes, long total);
}
