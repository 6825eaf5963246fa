package dev.connectorsdk.runtime;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SuddenEndOfDeliveriesTest extends SuddenEndOfDeliveriesContract {

  @TempDir private Path folder;

  @Override
  String url() {
    return "jdbc:h2:file:" + folder.toAbsolutePath().resolve("store");
  }
}
