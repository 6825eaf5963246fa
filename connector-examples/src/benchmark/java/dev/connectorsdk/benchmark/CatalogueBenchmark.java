package dev.connectorsdk.benchmark;

import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.definition.Definition;
import dev.connectorsdk.definition.DefinitionCatalogue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Loading a catalogue of definitions, from a JVM that has just started, next to Jackson's trees of
 * the same files; and opening one definition of it. The counter {@code retainedBytes} is what the
 * result keeps on the heap, summed over all forks.
 *
 * <p>Budget: at most the time of the trees, and a tenth of their memory. The folder is the corpus
 * of the tests; {@code -p corpus=...} names another.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
@Fork(5)
public class CatalogueBenchmark {

  /** A folder of folders with definitions. */
  @Param("../../shared/corpus/power-platform")
  public String corpus;

  private final List<Path> files = new ArrayList<>();

  /** Lists the files, so that neither side has to look for them. */
  @Setup
  public void list() throws IOException {
    try (Stream<Path> all = Files.walk(Path.of(corpus), 2)) {
      all.filter(file -> file.toString().endsWith(".json")).sorted().forEach(files::add);
    }
  }

  /** What is on the heap because of a result. */
  @AuxCounters(AuxCounters.Type.EVENTS)
  @State(Scope.Thread)
  public static class Heap {

    /** Bytes. */
    public long retainedBytes;

    void measure(Runnable load) {
      long before = used();
      load.run();
      retainedBytes = used() - before;
    }

    private static long used() {
      MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
      for (int i = 0; i < 3; i++) {
        memory.gc();
      }
      return memory.getHeapMemoryUsage().getUsed();
    }
  }

  /** Loads the catalogue. */
  @Benchmark
  public DefinitionCatalogue catalogue() {
    return DefinitionCatalogue.load(Path.of(corpus));
  }

  /** Reads all files into trees; those that are not JSON are left out. */
  @Benchmark
  public List<JsonNode> trees() throws IOException {
    JsonMapper mapper = JsonMapper.shared();
    List<JsonNode> trees = new ArrayList<>();
    for (Path file : files) {
      try {
        trees.add(mapper.readTree(Files.readAllBytes(file)));
      } catch (JacksonException e) {
        // As loading does, on with the next one.
      }
    }
    return trees;
  }

  /** What the catalogue keeps. */
  @Benchmark
  public void catalogueHeap(Heap heap, Blackhole hole) {
    List<Object> kept = new ArrayList<>();
    heap.measure(() -> kept.add(catalogue()));
    hole.consume(kept);
  }

  /** What the trees keep. */
  @Benchmark
  public void treesHeap(Heap heap, Blackhole hole) {
    List<Object> kept = new ArrayList<>();
    heap.measure(
        () -> {
          try {
            kept.add(trees());
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    hole.consume(kept);
  }

  /** A loaded catalogue. */
  @State(Scope.Benchmark)
  public static class Loaded {

    private DefinitionCatalogue catalogue;
    private List<ConnectorId> ids;
    private int next;

    /** Loads it. */
    @Setup
    public void load(CatalogueBenchmark benchmark) {
      catalogue = DefinitionCatalogue.load(Path.of(benchmark.corpus));
      ids = catalogue.entries().stream().map(DefinitionCatalogue.Entry::connector).toList();
    }

    ConnectorId next() {
      return ids.get(next++ % ids.size());
    }
  }

  /** Opens the definitions one after the other, each for the first time. */
  @Benchmark
  @BenchmarkMode(Mode.AverageTime)
  @Warmup(iterations = 1, time = 1)
  @Measurement(iterations = 3, time = 1)
  @Fork(1)
  public Definition open(Loaded loaded) {
    return loaded.catalogue.definition(loaded.next());
  }
}
