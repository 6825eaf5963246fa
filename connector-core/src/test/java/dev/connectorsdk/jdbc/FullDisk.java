package dev.connectorsdk.jdbc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import org.h2.store.fs.FileBaseDefault;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/** A disk for H2 that takes nothing more once it is full. */
public final class FullDisk extends FilePathWrapper {

  private static final String SCHEME = "fulldisk";

  private static volatile boolean full;

  static FullDisk register() {
    FullDisk disk = new FullDisk();
    FilePath.register(disk);
    return disk;
  }

  String url(Path folder, String name) {
    return "jdbc:h2:" + SCHEME + ":" + folder.resolve(name).toAbsolutePath();
  }

  void fill() {
    full = true;
  }

  void free() {
    full = false;
  }

  @Override
  public String getScheme() {
    return SCHEME;
  }

  @Override
  public FileChannel open(String mode) throws IOException {
    return new Limited(getBase().open(mode));
  }

  private static final class Limited extends FileBaseDefault {

    private final FileChannel file;

    Limited(FileChannel file) {
      this.file = file;
    }

    private static void requireSpace() throws IOException {
      if (full) {
        throw new IOException("No space left on device");
      }
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public synchronized int read(ByteBuffer target, long position) throws IOException {
      return file.read(target, position);
    }

    @Override
    public synchronized int write(ByteBuffer source, long position) throws IOException {
      requireSpace();
      return file.write(source, position);
    }

    @Override
    protected void implTruncate(long size) throws IOException {
      file.truncate(size);
    }

    @Override
    protected void implCloseChannel() throws IOException {
      file.close();
    }

    @Override
    public void force(boolean metaData) throws IOException {
      requireSpace();
      file.force(metaData);
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) throws IOException {
      return file.tryLock(position, size, shared);
    }
  }
}
