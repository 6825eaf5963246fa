package dev.connectorsdk.benchmark;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * What a call and its parts cost next to the same by hand, as ratios: the JMH benchmarks in rounds,
 * in each of which every benchmark has a JVM of its own, so that what disturbs the machine for a
 * while disturbs both sides.
 */
public final class CallCosts {

  private static final List<Row> ROWS =
      List.of(
          new Row("typed action", "InvokeBenchmark.get", "InvokeBenchmark.getByHand"),
          new Row("definition", "DefinitionBenchmark.get", "DefinitionBenchmark.getByHand"),
          new Row(
              "definition, policies",
              "DefinitionBenchmark.getPoliced",
              "DefinitionBenchmark.getByHand"),
          new Row("resolve", "ResolveBenchmark.embedded", "TokenBenchmark.cacheRead"),
          new Row("token", "TokenBenchmark.token", "TokenBenchmark.cacheRead"));

  private CallCosts() {}

  /** A benchmark, and the one that is 1.00. */
  private record Row(String name, String benchmark, String baseline) {

    private Cost cost(Map<String, Cost> costs) {
      return costs.get(benchmark);
    }

    private Cost base(Map<String, Cost> costs) {
      return costs.get(baseline);
    }
  }

  /** Of one operation. */
  private record Cost(double nanos, double bytes) {}

  /**
   * Measures.
   *
   * @param args how many rounds
   */
  public static void main(String[] args) throws RunnerException {
    int rounds = Integer.parseInt(args[0]);
    List<Map<String, Cost>> measured = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      measured.add(round());
    }
    System.out.printf("%-24s %8s %8s %10s%n", "", "time", "bytes", "B");
    for (Row row : ROWS) {
      double time = median(measured, costs -> row.cost(costs).nanos() / row.base(costs).nanos());
      double bytes = median(measured, costs -> row.cost(costs).bytes() / row.base(costs).bytes());
      double absolute = median(measured, costs -> row.cost(costs).bytes());
      System.out.printf(
          "%-24s %8.2f %8s %10.0f%n",
          row.name(),
          time,
          median(measured, costs -> row.base(costs).bytes()) < 1 ? "-" : "%.2f".formatted(bytes),
          absolute);
    }
  }

  private static Map<String, Cost> round() throws RunnerException {
    Map<String, Cost> costs = new HashMap<>();
    for (String benchmark :
        new TreeSet<>(
            ROWS.stream().flatMap(row -> Stream.of(row.benchmark(), row.baseline())).toList())) {
      costs.put(benchmark, measure(benchmark));
    }
    return costs;
  }

  private static Cost measure(String benchmark) throws RunnerException {
    Options options =
        new OptionsBuilder()
            .include("\\." + benchmark.replace(".", "\\.") + "$")
            .forks(1)
            .warmupIterations(3)
            .measurementIterations(3)
            .addProfiler(GCProfiler.class)
            .verbosity(VerboseMode.SILENT)
            .build();
    RunResult result = new Runner(options).runSingle();
    return new Cost(
        result.getPrimaryResult().getScore(),
        result.getSecondaryResults().get("gc.alloc.rate.norm").getScore());
  }

  private static double median(
      List<Map<String, Cost>> rounds, ToDoubleFunction<Map<String, Cost>> value) {
    double[] values = rounds.stream().mapToDouble(value).sorted().toArray();
    return values[values.length / 2];
  }
}
