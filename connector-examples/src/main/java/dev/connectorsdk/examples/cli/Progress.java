package dev.connectorsdk.examples.cli;

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

  /** Returns what shows a bar from the first bytes of a file on. */
  static OfFile ofFile(String task, Terminal terminal) {
    return new OfFile(task, terminal);
  }

  /** How far a file has come. */
  static final class OfFile implements AutoCloseable {

    private final String task;
    private final Terminal terminal;
    private @Nullable ProgressBar bar;

    private OfFile(String task, Terminal terminal) {
      this.task = task;
      this.terminal = terminal;
    }

    /** As a file's progress tells. */
    void moved(long bytes, long total) {
      if (terminal.isErrInteractive()) {
        ProgressBar shown = bar;
        if (shown == null) {
          shown = bar(task, terminal).setInitialMax(total).setUnit("KiB", 1024).build();
          bar = shown;
        }
        shown.stepTo(bytes);
      }
    }

    @Override
    public void close() {
      if (bar != null) {
        bar.close();
      }
    }
  }
}
