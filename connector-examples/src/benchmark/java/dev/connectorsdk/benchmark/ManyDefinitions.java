package dev.connectorsdk.benchmark;

import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.definition.Definition;
import dev.connectorsdk.definition.DefinitionCatalogue;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What many definitions of one catalogue cost: using 400 of them in turn next to 100, and how much
 * of the heap those take; and opening every one, without and with the list of its actions, next to
 * Jackson's {@code readTree} of the same files. By turns, and by the least CPU time of some rounds:
 * it takes a dozen until all is compiled.
 *
 * <p>Goals: 400 take at most 1.3 times as long as 100, and 64 MB; opening takes no longer than
 * {@code readTree}. The argument names a folder of folders with definitions.
 */
public final class ManyDefinitions {

  private static final int FEW = 100;
  private static final int MANY = 400;
  private static final int ROUNDS = 20;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private ManyDefinitions() {}

  /** A piece of work that is measured. */
  private interface Work {
    void run() throws IOException;
  }

  /** Measures. */
  public static void main(String[] args) throws IOException {
    Path corpus = Path.of(args[0]);
    long before = used();
    DefinitionCatalogue catalogue = DefinitionCatalogue.load(corpus);
    List<ConnectorId> all =
        catalogue.entries().stream().map(DefinitionCatalogue.Entry::connector).toList();
    List<ConnectorId> many = all.subList(0, Math.min(MANY, all.size()));
    List<ConnectorId> few = many.subList(0, Math.min(FEW, many.size()));
    double[] inTurn =
        least(() -> few.forEach(catalogue::definition), () -> many.forEach(catalogue::definition));
    double ofFew = inTurn[0] / few.size();
    double ofMany = inTurn[1] / many.size();
    System.out.printf(
        "in turn: %.0f ns each of %d, %.0f ns each of %d, %.2f times, %.0f MB kept%n",
        ofFew, few.size(), ofMany, many.size(), ofMany / ofFew, (used() - before) / 1e6);

    List<Path> folders =
        catalogue.entries().stream().map(DefinitionCatalogue.Entry::folder).toList();
    List<Path> files = files(folders);
    double[] times =
        least(
            () -> read(files),
            () -> folders.forEach(Definition::load),
            () -> folders.forEach(folder -> Definition.load(folder).connector().actions()));
    System.out.printf("readTree: %.0f ms for %d definitions%n", times[0] / 1e6, folders.size());
    tell("opened", times[1], times[0]);
    tell("opened, and their actions listed", times[2], times[0]);
  }

  private static void tell(String what, double nanos, double byJackson) {
    System.out.printf("%s: %.0f ms, %.2f times%n", what, nanos / 1e6, nanos / byJackson);
  }

  private static List<Path> files(List<Path> folders) throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path folder : folders) {
      try (Stream<Path> inside = Files.list(folder)) {
        inside
            .filter(file -> file.toString().endsWith(".json"))
            .sorted(Comparator.naturalOrder())
            .forEach(files::add);
      }
    }
    return files;
  }

  private static void read(List<Path> files) throws IOException {
    JsonMapper mapper = JsonMapper.shared();
    for (Path file : files) {
      try {
        mapper.readTree(Files.readAllBytes(file));
      } catch (JacksonException e) {
        // As loading does, on with the next one.
      }
    }
  }

  /** Returns the least CPU time that each piece of work takes, in nanoseconds. */
  private static double[] least(Work... works) throws IOException {
    double[] least = new double[works.length];
    Arrays.fill(least, Double.MAX_VALUE);
    for (int round = 0; round < ROUNDS; round++) {
      for (int i = 0; i < works.length; i++) {
        long began = THREADS.getCurrentThreadCpuTime();
        works[i].run();
        long taken = THREADS.getCurrentThreadCpuTime() - began;
        least[i] = Math.min(least[i], (double) taken);
      }
    }
    return least;
  }

  private static long used() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
