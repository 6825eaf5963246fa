package dev.connectorsdk.api.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * A file that is being downloaded: its content is read from the service as somebody asks for it.
 *
 * <p>Valid until {@link FileTarget.Receiver#receive} returns, on its thread.
 */
public interface ReceivedFile {

  /** Returns what is known of the file; its size may not be. */
  FileInfo info();

  /**
   * Returns the content, always the same stream. Closing it is not needed.
   *
   * <p>Its methods throw an {@link IOException} whose cause is the {@link
   * dev.connectorsdk.api.error.ConnectorException} that the call will end with, whatever the
   * receiver does about it: when the exchange breaks off, when the file is larger than the target
   * allows, when time is up, or when the thread is interrupted.
   */
  InputStream stream();

  /**
   * Writes the content to a file, which has this name when it is whole. A file that had the name
   * before is replaced then, and stays as it was if the call fails.
   *
   * @throws IllegalStateException if a part of {@link #stream} was read, which the file would lack
   * @throws IOException if it cannot be written, or as {@link #stream} says
   */
  void saveTo(Path file) throws IOException;
}
