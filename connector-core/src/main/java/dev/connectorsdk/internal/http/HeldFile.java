package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.file.FileInfo;
import dev.connectorsdk.api.file.ReceivedFile;
import dev.connectorsdk.internal.file.NamedWhenWhole;
import dev.connectorsdk.internal.file.TemporaryFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/** A file that is in memory. */
final class HeldFile implements ReceivedFile {

  private final FileInfo info;
  private final InputStream content;
  private final TemporaryFiles temporary;

  HeldFile(BufferedResponse answer, TemporaryFiles temporary) {
    byte[] bytes = answer.bytes();
    this.info = IncomingFile.info(answer, bytes.length);
    this.content = new ByteArrayInputStream(bytes);
    this.temporary = temporary;
  }

  @Override
  public FileInfo info() {
    return info;
  }

  @Override
  public InputStream stream() {
    return content;
  }

  @Override
  public void saveTo(Path file) throws IOException {
    NamedWhenWhole.write(content, file, temporary);
  }
}
