package dev.connectorsdk;

import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import java.io.File;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The packaged jars on the module path, under a host and a plugin that have a {@code module-info}
 * each; their sources are in {@code src/modules/java}.
 */
@WireMockTest
class ModulePathIT {

  private static final String SOURCES = "src/modules/java";

  @TempDir private Path folder;

  private record Run(int code, String output) {}

  @ParameterizedTest
  @ValueSource(ints = {17, 25})
  void aHostFindsAPluginAndCallsItsAction(int version, WireMockRuntimeInfo service)
      throws Exception {
    Optional<Path> jdk = jdk(version);
    assumeTrue(
        jdk.isPresent(),
        () ->
            "NOT TESTED on the module path of JDK %d: none is beside this JDK; JAVA_HOME_%d names one"
                .formatted(version, version));
    stubFor(post("/token").willReturn(okJson("{\"access_token\":\"t\",\"expires_in\":60}")));
    stubFor(
        get("/tickets/1")
            .withHeader("Authorization", equalTo("Bearer t"))
            .willReturn(okJson("{\"id\":\"1\",\"title\":\"Printer on fire\"}")));
    String classes = folder.resolve("classes").toString();

    Run compiled =
        run(
            jdk.get().resolve("bin/javac"),
            "--module-path",
            jars(),
            "-Xlint:all",
            "-Werror",
            "--module-source-path",
            SOURCES,
            "--module",
            "host,tickets",
            "-d",
            classes);
    Run ran =
        run(
            jdk.get().resolve("bin/java"),
            "--module-path",
            classes + File.pathSeparator + jars(),
            "--module",
            "host/host.Main",
            service.getHttpBaseUrl());

    assertThat(compiled).isEqualTo(new Run(0, ""));
    assertThat(ran.output()).endsWith("{\"id\":\"1\",\"title\":\"Printer on fire\"}\n");
    assertThat(ran.code()).isZero();
  }

  @Test
  void whatIsNotExportedDoesNotCompileInAHost() throws Exception {
    TreeMap<String, String> hidden = new TreeMap<>();
    hidden.putAll(hiddenTypes("dev.connectorsdk.api"));
    hidden.putAll(hiddenTypes("dev.connectorsdk.core"));
    DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();

    compiler
        .getTask(
            null,
            null,
            problems,
            List.of("--module-path", jars(), "-proc:none", "-d", folder.toString()),
            null,
            List.of(
                source("module-info", Files.readString(Path.of(SOURCES, "host/module-info.java"))),
                source("Curious", "package host; class Curious {" + fields(hidden) + "}")))
        .call();

    assertThat(hidden).containsKey("dev.connectorsdk.api.internal").hasSizeGreaterThan(5);
    assertThat(problems.getDiagnostics())
        .extracting(Diagnostic::getCode)
        .containsOnly("compiler.err.package.not.visible");
    assertThat(problems.getDiagnostics()).hasSameSizeAs(hidden.keySet());
  }

  /** Returns a type of each package that a module shows to nobody or to friends alone. */
  private static Map<String, String> hiddenTypes(String module) throws IOException {
    ModuleReference reference =
        ModuleFinder.of(paths().toArray(Path[]::new)).find(module).orElseThrow();
    Set<String> shown =
        reference.descriptor().exports().stream()
            .filter(export -> !export.isQualified())
            .map(ModuleDescriptor.Exports::source)
            .collect(Collectors.toUnmodifiableSet());
    try (ModuleReader reader = reference.open();
        Stream<String> files = reader.list()) {
      return files
          .filter(file -> file.matches("[^$-]+\\.class"))
          .map(file -> file.replace(".class", "").replace('/', '.'))
          .filter(type -> !shown.contains(packageOf(type)))
          .collect(Collectors.toMap(ModulePathIT::packageOf, type -> type, (one, other) -> one));
    }
  }

  private static String packageOf(String type) {
    return type.substring(0, type.lastIndexOf('.'));
  }

  private static String fields(Map<String, String> types) {
    StringBuilder fields = new StringBuilder();
    types
        .values()
        .forEach(type -> fields.append(type).append(" f").append(fields.length()).append(';'));
    return fields.toString();
  }

  private static JavaFileObject source(String name, String text) {
    URI uri = URI.create("string:///" + name + ".java");
    return new SimpleJavaFileObject(uri, JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return text;
      }
    };
  }

  /** Returns what a host gets with connector-core, as the build has written it down. */
  private static List<Path> paths() throws IOException {
    String dependencies = Files.readString(Path.of("target/module-path.txt"));
    List<Path> paths = new ArrayList<>();
    paths.add(Path.of(System.getProperty("connector-core.jar")));
    Stream.of(dependencies.split(File.pathSeparator)).map(Path::of).forEach(paths::add);
    return paths;
  }

  private static String jars() throws IOException {
    return paths().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }

  /**
   * Returns this JDK if it is of that version, else the one that the environment names or a
   * neighbour.
   */
  private static Optional<Path> jdk(int version) throws IOException {
    List<Path> homes = new ArrayList<>();
    Path here = Path.of(System.getProperty("java.home"));
    homes.add(here);
    Optional.ofNullable(System.getenv("JAVA_HOME_" + version)).map(Path::of).ifPresent(homes::add);
    try (Stream<Path> neighbours = Files.list(here.resolveSibling("."))) {
      neighbours.sorted().forEach(homes::add);
    }
    return homes.stream().filter(home -> isJdk(home, version)).findFirst();
  }

  private static boolean isJdk(Path home, int version) {
    Path release = home.resolve("release");
    try {
      return Files.exists(home.resolve("bin/javac"))
          && Files.exists(release)
          && Files.readString(release).contains("JAVA_VERSION=\"" + version + ".");
    } catch (IOException e) {
      return false;
    }
  }

  private Run run(Path program, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.addAll(List.of(arguments));
    Path output = folder.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    // A JVM says that it has found options there.
    builder.environment().keySet().removeAll(Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
    Process process = builder.start();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    return new Run(process.exitValue(), Files.readString(output));
  }
}
