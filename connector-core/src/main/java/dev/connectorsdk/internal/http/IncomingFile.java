package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.error.ActionFailedException;
import dev.connectorsdk.api.error.CallCancelledException;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.file.FileInfo;
import dev.connectorsdk.api.file.FileProgress;
import dev.connectorsdk.api.file.FileTarget;
import dev.connectorsdk.api.file.ReceivedFile;
import dev.connectorsdk.internal.file.NamedWhenWhole;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/** A file that comes in as the body of an answer. Belongs to one call. */
final class IncomingFile implements ReceivedFile {

  private final BufferedResponse answer;
  private final Resumption resumption;
  private final Incoming incoming;
  private final FileInfo info;
  private final Content content = new Content();
  private final ProgressSteps progress;
  private final @Nullable AnnouncedDigest digest;
  private @Nullable ConnectorException failure;

  /**
   * @param answer without its body
   * @param resumption has the body, and goes on with it when it breaks off
   */
  IncomingFile(BufferedResponse answer, Resumption resumption, @Nullable FileProgress progress) {
    this.answer = answer;
    this.resumption = resumption;
    this.incoming = resumption.incoming();
    this.info = info(answer, incoming.length());
    this.progress = new ProgressSteps(progress, info.size());
    this.digest = isFileItself(answer) ? AnnouncedDigest.of(answer) : null;
  }

  /** Digests are of the file: not of a part that was asked for, nor of what has to be unpacked. */
  private boolean isFileItself(BufferedResponse answer) {
    return answer.status() != 206 && !incoming.isPacked();
  }

  static FileInfo info(BufferedResponse answer, long size) {
    return new FileInfo(
        ContentDisposition.fileName(answer.header("Content-Disposition")),
        answer.header("Content-Type"),
        size,
        answer.header("ETag"));
  }

  /** Returns whether a stream is the content of a file that a call downloads. */
  static boolean isContent(InputStream stream) {
    return stream instanceof Content;
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
    if (progress.moved() > 0) {
      throw new IllegalStateException("A file of which a part was read is not saved");
    }
    NamedWhenWhole.write(content, file, incoming.temporaryFiles());
  }

  /** Hands the file over, and returns what is known of it afterwards. */
  FileInfo handTo(FileTarget target) {
    try {
      content.open();
      target.receive(this);
    } catch (IOException e) {
      throw failure == null ? notWritten(answer, e) : failure;
    } finally {
      incoming.close();
    }
    if (failure != null) {
      throw failure;
    }
    return info.withSize(progress.moved());
  }

  /** What a receiver does with a file is the host's or the connector's own. */
  static ConnectorException notWritten(BufferedResponse answer, IOException e) {
    if (Thread.currentThread().isInterrupted()) {
      return new CallCancelledException(answer.label());
    }
    String what = e instanceof FileSystemException ? e.toString() : e.getClass().getName();
    return new ActionFailedException(
        answer.label() + ": the file could not be written: " + what, e);
  }

  private final class Content extends InputStream {

    private @Nullable BufferedSource source;
    private boolean isWhole;

    void open() {
      source = incoming.body(0);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int most) throws IOException {
      while (true) {
        try {
          return next(bytes, from, most);
        } catch (IOException e) {
          source = rest(e);
        } catch (ConnectorException e) {
          throw broken(e);
        }
      }
    }

    private int next(byte[] bytes, int from, int most) throws IOException {
      BufferedSource open = source;
      if (open == null || !incoming.isOpen()) {
        throw failure == null ? new IllegalStateException("The call is over") : failure;
      }
      int count = isWhole ? -1 : open.read(bytes, from, most);
      if (count < 0) {
        requireWhole();
      } else if (digest != null) {
        digest.update(bytes, from, count);
      }
      progress.move(count);
      return count;
    }

    private void requireWhole() throws IOException {
      if (progress.moved() < info.size()) {
        throw new ProtocolException("The service sent less than it announced");
      }
      if (digest != null && !isWhole) {
        digest.requireMatch(answer.label());
      }
      isWhole = true;
    }

    /** Returns the rest of the file, from another answer. */
    private BufferedSource rest(IOException e) throws IOException {
      try {
        ConnectorException broken = incoming.failed(e);
        if (resumption.follows(broken, progress.moved())) {
          return incoming.body(progress.moved());
        }
        throw broken;
      } catch (ConnectorException failed) {
        throw broken(failed);
      }
    }

    /** Whatever the receiver does about it, the call ends with this. */
    private IOException broken(ConnectorException e) {
      if (failure == null) {
        failure = e;
        source = null;
      }
      return new IOException(failure.getMessage(), failure);
    }
  }
}
