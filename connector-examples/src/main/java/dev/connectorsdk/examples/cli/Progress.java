package dev.connectorsdk.examples.cli;

import dev.connectorsdk.api.file.FileProgress;
import java.util.List;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** Shows how far long work has come, if somebody is there to see it. */
final class Progress {

  private static final int LONG_WORK = 10;

  private Progress() {}

  /** Returns the same elements, which move a bar on the terminal while they are gone through. */
  static <T> Iterable<T> over(List<T> work, String task, Terminal terminal) {
    if (!terminal.isErrInteractive() || work.size() < LONG_WORK) {
      return work;
    }
    return ProgressBar.wrap(work, bar(task, terminal));
  }

  private static ProgressBarBuilder bar(String task, Terminal terminal) {
    return new ProgressBarBuilder()
        .setTaskName(task)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(100)
        .clearDisplayOnFinish()
        .setConsumer(new ConsoleProgressBarConsumer(terminal.err(), terminal.width() - 1));
  }

  /** Returns what shows a bar for each file that moves. */
  static OfFiles ofFiles(Terminal terminal) {
    return new OfFiles(terminal);
  }

  /** How far the files of a call have come, one after another. */
  static final class OfFiles implements AutoCloseable {

    private final Terminal terminal;
    private @Nullable ProgressBar bar;
    private String shown = "";

    private OfFiles(Terminal terminal) {
      this.terminal = terminal;
    }

    /** Returns what is told how far a file has come. */
    FileProgress of(String task) {
      return terminal.isErrInteractive()
          ? (bytes, total) -> bar(task, total).stepTo(bytes)
          : (bytes, total) -> {};
    }

    private ProgressBar bar(String task, long total) {
      ProgressBar known = bar;
      if (known != null && shown.equals(task)) {
        return known;
      }
      close();
      known = Progress.bar(task, terminal).setInitialMax(total).setUnit("KiB", 1024).build();
      bar = known;
      shown = task;
      return known;
    }

    @Override
    public void close() {
      if (bar != null) {
        bar.close();
        bar = null;
      }
    }
  }
}
