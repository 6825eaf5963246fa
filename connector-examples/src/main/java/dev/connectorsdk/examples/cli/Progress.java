package dev.connectorsdk.examples.cli;

import java.util.List;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows how far long work has come, if somebody is there to see it. */
final class Progress {

  private static final int LONG_WORK = 10;

  private Progress() {}

  /** Returns the same elements, which move a bar on the terminal while they are gone through. */
  static <T> Iterable<T> over(List<T> work, String task, Terminal terminal) {
    if (!terminal.isErrInteractive() || work.size() < LONG_WORK) {
      return work;
    }
    return ProgressBar.wrap(
        work,
        new ProgressBarBuilder()
            .setTaskName(task)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(100)
            .clearDisplayOnFinish()
            .setConsumer(new ConsoleProgressBarConsumer(terminal.err(), terminal.width() - 1)));
  }
}
