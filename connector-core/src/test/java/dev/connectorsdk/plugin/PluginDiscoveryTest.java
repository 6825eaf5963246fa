package dev.connectorsdk.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.groups.Tuple.tuple;

import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.spi.ConnectorProvider;
import dev.connectorsdk.plugin.PluginDiscovery.Discovery;
import dev.connectorsdk.plugin.PluginDiscovery.Problem;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.runtime.RuntimeBuilder;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.module.ModuleFinder;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class PluginDiscoveryTest {

  private static final String SERVICE_FILE =
      "META-INF/services/" + ConnectorProvider.class.getName();

  private static final String GOOD =
      """
      package p;
      public class %s implements dev.connectorsdk.api.spi.ConnectorProvider {
        %s
        public java.util.List<dev.connectorsdk.api.Connector> connectors() {
          return java.util.List.of();
        }
      }
      """;

  @TempDir Path folder;

  @Test
  @Tag("H6")
  void oneGoodPluginIsFoundAmongFiveBrokenOnes() throws Exception {
    List<URL> jars = new ArrayList<>();
    jars.add(jar("missing.jar", "p.Missing", Map.of()));
    byte[] newer = compile("p.Newer", good("Newer", "")).get("p/Newer.class");
    newer[7] = 99;
    jars.add(jar("newer.jar", "p.Newer", Map.of("p/Newer.class", newer)));
    jars.add(plugin("constructor.jar", "Constructor", "throw new IllegalStateException(\"no\");"));
    jars.add(
        jar(
            "static.jar",
            "p.Static",
            compile("p.Static", good("Static", "static int x = 1 / 0;"))));
    Map<String, byte[]> dependent =
        compile(
            "p.Dependent",
            good("Dependent", "public Dependent() { Library.use(); }")
                + "class Library { static void use() {} }");
    dependent.remove("p/Library.class");
    jars.add(jar("dependent.jar", "p.Dependent", dependent));
    jars.add(plugin("good.jar", "Good", ""));

    Discovery discovery = find(jars);

    assertThat(names(discovery)).containsExactly("p.Good");
    assertThat(discovery.problems())
        .extracting(Problem::provider, problem -> fileName(problem), Problem::problem)
        .containsExactly(
            tuple(
                "p.Missing",
                "missing.jar",
                "It could not be loaded: ServiceConfigurationError,"
                    + " dev.connectorsdk.api.spi.ConnectorProvider: Provider p.Missing not found."),
            tuple("p.Newer", "newer.jar", problemOf(discovery, "p.Newer")),
            tuple(
                "p.Constructor",
                "constructor.jar",
                "It could not be created: IllegalStateException, no."),
            tuple(
                "p.Static",
                "static.jar",
                "It could not be created: ArithmeticException, / by zero."),
            tuple(
                "p.Dependent",
                "dependent.jar",
                "It could not be created: NoClassDefFoundError, p/Library."));
    assertThat(problemOf(discovery, "p.Newer"))
        .startsWith("It could not be loaded: UnsupportedClassVersionError, p/Newer has been");
  }

  @Test
  @Timeout(60)
  @DisplayName("H6: a plugin that takes too long is left alone, and the others are found")
  void aPluginThatTakesTooLongIsLeftAlone() throws Exception {
    String forEver =
        "try { new java.util.concurrent.CountDownLatch(1).await(); }"
            + " catch (InterruptedException e) {}";
    List<URL> jars = List.of(plugin("slow.jar", "Slow", forEver), plugin("good.jar", "Good", ""));

    Discovery discovery;
    Thread.currentThread().interrupt();
    try (URLClassLoader loader = loader(jars)) {
      discovery = PluginDiscovery.find(loader, Duration.ofSeconds(1));
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }

    assertThat(names(discovery)).containsExactly("p.Good");
    assertThat(discovery.problems())
        .extracting(Problem::provider, problem -> fileName(problem), Problem::problem)
        .containsExactly(
            tuple(
                "p.Slow",
                "slow.jar",
                "It could not be created: TimeoutException, it took longer than 1 s."));
  }

  @Test
  @Tag("H6")
  void aBrokenServiceFileDoesNotHideOtherFiles() throws Exception {
    List<URL> jars =
        List.of(
            jar("a.jar", "this is no name", Map.of()),
            jar("b.jar", "java.lang.String\nalso/wrong", Map.of()),
            plugin("good.jar", "Good", ""));

    Discovery discovery = find(jars);

    assertThat(discovery.providers()).hasSize(1);
    assertThat(discovery.problems())
        .extracting(problem -> fileName(problem))
        .containsExactly("a.jar", "b.jar");
  }

  @Test
  void aClassThatIsNoProviderIsReported() throws Exception {
    Discovery discovery =
        find(List.of(jar("a.jar", "p.Other", compile("p.Other", "package p; class Other {}"))));

    assertThat(discovery.providers()).isEmpty();
    assertThat(discovery.problems())
        .singleElement()
        .hasToString(
            "Provider p.Other in "
                + folder.resolve("a.jar").toUri().toURL()
                + ": It could not be loaded: ServiceConfigurationError,"
                + " dev.connectorsdk.api.spi.ConnectorProvider: p.Other not a"
                + " subtype.");
  }

  @Test
  void aProviderWithoutPublicConstructorIsReported() throws Exception {
    Discovery discovery =
        find(
            List.of(
                jar(
                    "a.jar",
                    "p.Closed",
                    compile("p.Closed", good("Closed", "private Closed() {}")))));

    assertThat(discovery.problems())
        .singleElement()
        .extracting(Problem::provider)
        .isEqualTo("p.Closed");
  }

  @Test
  void nothingIsFoundWhereNothingIs() throws Exception {
    assertThat(find(List.of())).isEqualTo(new Discovery(List.of(), List.of()));
  }

  @Test
  @Timeout(10)
  void aClassLoaderThatAlwaysFailsEndsInOneProblem() {
    ClassLoader failing =
        new ClassLoader(null) {
          @Override
          public Enumeration<URL> getResources(String name) throws IOException {
            throw new IOException("disk gone");
          }
        };

    assertThat(PluginDiscovery.find(failing).problems())
        .singleElement()
        .hasToString(
            "Provider (unknown) in (unknown): It could not be loaded: IOException, disk gone.");
  }

  @Test
  void whatTheVirtualMachineCannotGoOnAfterIsThrown() throws Exception {
    List<URL> jars = List.of(plugin("a.jar", "Full", "throw new OutOfMemoryError(\"full\");"));

    assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> find(jars));
  }

  /** A plugin for the connector {@code tickets}, of which running anything leaves a trace. */
  private URL tracing(String name, String type, Path trace) throws IOException {
    String source =
        """
        package p;
        public class %s implements dev.connectorsdk.api.spi.ConnectorProvider {
          static { %s }
          public java.util.List<dev.connectorsdk.api.Connector> connectors() {
            return java.util.List.of(
                dev.connectorsdk.api.Connector.builder("tickets", "https://evil.test").build());
          }
        }
        """
            .formatted(type, touching(trace));
    return jar(name, "p." + type, compile("p." + type, source));
  }

  private static String sha256(URL jar) throws Exception {
    byte[] content = Files.readAllBytes(Path.of(jar.toURI()));
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
  }

  private Discovery find(URL jar, AllowedPlugins allowed) throws IOException {
    try (URLClassLoader loader = loader(List.of(jar))) {
      return PluginDiscovery.find(loader, allowed);
    }
  }

  @Test
  @DisplayName("H7: of a jar whose hash is one bit off nothing has run, and the report says why")
  void aJarWhoseHashIsOneBitOffDoesNotRun() throws Exception {
    Path trace = folder.resolve("trace");
    URL jar = tracing("evil.jar", "Evil", trace);
    String digest = sha256(jar);
    char flipped = Character.forDigit(Character.digit(digest.charAt(63), 16) ^ 1, 16);

    Discovery refused = find(jar, AllowedPlugins.none().sha256(digest.substring(0, 63) + flipped));

    assertThat(refused.providers()).isEmpty();
    assertThat(refused.problems())
        .singleElement()
        .hasToString(
            "Provider p.Evil in "
                + jar
                + ": Its jar is not among the allowed plugins; its SHA-256 is "
                + digest
                + ".");
    assertThat(trace).doesNotExist();

    Discovery allowed = find(jar, AllowedPlugins.none().sha256(digest.toUpperCase(Locale.ROOT)));
    assertThat(allowed.problems()).isEmpty();
    assertThat(allowed.providers()).hasSize(1);
    assertThat(trace).exists();
  }

  @Test
  @DisplayName(
      "H7: a jar that claims the id of a known connector does not run unless it is allowed")
  void aJarThatClaimsAKnownConnectorDoesNotRun() throws Exception {
    Path trace = folder.resolve("trace");
    URL jar = tracing("evil.jar", "Evil", trace);
    Connector known = Connector.builder("tickets", "https://tickets.example").build();
    try (URLClassLoader loader = loader(List.of(jar))) {
      var builder = ConnectorRuntime.builder().connector(known).discover(loader);

      try (ConnectorRuntime runtime = builder.allowedPlugins(AllowedPlugins.none()).build()) {
        assertThat(runtime.pluginProblems())
            .anyMatch(problem -> problem.toString().contains("p.Evil"))
            .allMatch(problem -> problem.problem().contains("not among the allowed plugins"));
      }
      assertThat(trace).doesNotExist();

      AllowedPlugins evil = AllowedPlugins.none().sha256(sha256(jar));
      var custom = ConnectorRuntime.builder().connector(known, "dev").discover(loader);
      for (RuntimeBuilder either : List.of(builder, custom)) {
        try (ConnectorRuntime runtime = either.allowedPlugins(evil).build()) {
          assertThat(runtime.pluginProblems())
              .anyMatch(p -> p.problem().equals("the connector id 'tickets' is taken already"));
          assertThat(runtime.connector(Principal.user("ada").in("dev"), known.id()))
              .isSameAs(known);
        }
      }
    }
  }

  private static String touching(Path trace) {
    return "try { java.nio.file.Files.writeString(java.nio.file.Path.of(\"%s\"), \"x\"); }"
            .formatted(trace)
        + " catch (java.io.IOException e) { throw new Error(e); }";
  }

  /** A module whose provider method is declared to return p.Good, a class of somebody else. */
  private ClassLoader borrowing(URL goodJar, Path trace) throws IOException {
    Path declared =
        module(
            "declared",
            "exports dev.connectorsdk.api.spi; exports p;",
            "dev.connectorsdk.api.spi.ConnectorProvider",
            "public interface ConnectorProvider {}",
            "p.Good",
            "public class Good implements dev.connectorsdk.api.spi.ConnectorProvider {}");
    Path evil =
        module(
            "evil",
            "requires declared;"
                + " provides dev.connectorsdk.api.spi.ConnectorProvider with evil.Factory;",
            "evil.Factory",
            """
            public class Factory {
              static { %1$s }
              public static p.Good provider() { %1$s return new p.Good(); }
            }
            """
                .formatted(touching(trace)));
    ClassLoader good = new URLClassLoader(new URL[] {goodJar}, getClass().getClassLoader());
    ClassLoader ofEvil =
        new URLClassLoader(new URL[] {evil.toUri().toURL()}, good) {
          @Override
          protected Class<?> findClass(String module, String name) {
            try {
              return loadClass(name);
            } catch (ClassNotFoundException e) {
              return null;
            }
          }
        };
    ClassLoader ofDeclared = new URLClassLoader(new URL[0], null);
    ModuleLayer boot = ModuleLayer.boot();
    var modules =
        boot.configuration()
            .resolve(ModuleFinder.of(declared, evil), ModuleFinder.of(), Set.of("evil"));
    ModuleLayer.Controller layer =
        ModuleLayer.defineModules(
            modules, List.of(boot), name -> name.equals("evil") ? ofEvil : ofDeclared);
    Module module = layer.layer().findModule("evil").orElseThrow();
    layer.addReads(module, good.getUnnamedModule());
    layer.addReads(module, getClass().getModule());
    return ofEvil;
  }

  /** Compiles a module of classes, each a name and its source without the package. */
  private Path module(String name, String directives, String... classes) throws IOException {
    Path sources = Files.createDirectories(folder.resolve("module-" + name));
    List<String> arguments = new ArrayList<>(List.of("-proc:none", "-p", folder + "/modules"));
    Path out = folder.resolve("modules/" + name);
    arguments.addAll(List.of("-d", out.toString()));
    Path info = sources.resolve("module-info.java");
    Files.writeString(info, "module " + name + " { " + directives + " }");
    arguments.add(info.toString());
    for (int i = 0; i < classes.length; i += 2) {
      Path file = sources.resolve(classes[i].replace('.', '/') + ".java");
      Files.createDirectories(file.getParent());
      String inPackage = classes[i].substring(0, classes[i].lastIndexOf('.'));
      Files.writeString(file, "package " + inPackage + ";\n" + classes[i + 1]);
      arguments.add(file.toString());
    }
    int result =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, arguments.toArray(String[]::new));
    assertThat(result).isZero();
    return out;
  }

  @Test
  @DisplayName("H7: a module that says it makes providers of an allowed jar does not run")
  void aModuleThatBorrowsAClassDoesNotRun() throws Exception {
    Path trace = folder.resolve("trace");
    URL good = plugin("good.jar", "Good", "");
    ClassLoader borrowing = borrowing(good, trace);

    Discovery all = PluginDiscovery.find(borrowing);
    assertThat(trace).as("it runs where everything is allowed").exists();
    assertThat(all.providers()).hasSizeGreaterThan(1);
    Files.delete(trace);

    Discovery allowed = PluginDiscovery.find(borrowing, AllowedPlugins.none().sha256(sha256(good)));

    assertThat(trace).doesNotExist();
    assertThat(names(allowed)).containsExactly("p.Good");
    assertThat(allowed.problems())
        .extracting(Problem::problem)
        .contains("It is declared more than once, and was made once.");
  }

  @Test
  @DisplayName("H7: a jar or a folder may be named by its place")
  void aPlaceMayBeNamed() throws Exception {
    URL good = plugin("good.jar", "Good", "");
    URL other = plugin("other.jar", "Other", "");
    Path classes = folder.resolve("work-p.Good");
    Path service = Files.createDirectories(classes.resolve(SERVICE_FILE).getParent());
    Files.writeString(service.resolve(ConnectorProvider.class.getName()), "p.Good");
    AllowedPlugins goods = AllowedPlugins.none().jar(folder.resolve("./good.jar"));

    assertThat(find(good, goods).providers()).hasSize(1);
    assertThat(find(other, goods).providers()).isEmpty();
    assertThat(find(other, goods.jar(folder.resolve("gone.jar"))).providers()).isEmpty();
    assertThat(find(classes.toUri().toURL(), goods).problems())
        .singleElement()
        .extracting(Problem::problem)
        .isEqualTo("Its folder is not among the allowed plugins.");
    assertThat(find(classes.toUri().toURL(), goods.jar(classes)).providers()).hasSize(1);
  }

  @Test
  void whatIsNoDigestIsRefused() {
    for (String bad : List.of("", "abc", "g".repeat(64), "a".repeat(65))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> AllowedPlugins.none().sha256(bad))
          .withMessageStartingWith("A SHA-256 has 64 hexadecimal digits");
    }
  }

  private URLClassLoader loader(List<URL> jars) {
    return new URLClassLoader(jars.toArray(URL[]::new), getClass().getClassLoader());
  }

  private static List<String> names(Discovery discovery) {
    return discovery.providers().stream().map(each -> each.getClass().getName()).toList();
  }

  private static String problemOf(Discovery discovery, String provider) {
    return discovery.problems().stream()
        .filter(problem -> problem.provider().equals(provider))
        .findFirst()
        .orElseThrow()
        .problem();
  }

  private static String fileName(Problem problem) {
    return problem.location().replaceFirst(".*/", "");
  }

  private Discovery find(List<URL> jars) throws IOException {
    try (URLClassLoader loader = loader(jars)) {
      return PluginDiscovery.find(loader);
    }
  }

  /** Returns the source of a provider that has this in it too. */
  private static String good(String type, String code) {
    return GOOD.formatted(type, code);
  }

  /** Makes a jar with a provider whose constructor runs {@code code}. */
  private URL plugin(String name, String type, String code) throws IOException {
    String constructor = "public %s() { if (true) { %s } }".formatted(type, code);
    return jar(name, "p." + type, compile("p." + type, good(type, constructor)));
  }

  private URL jar(String name, String serviceFile, Map<String, byte[]> classes) throws IOException {
    Path jar = folder.resolve(name);
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file)) {
      out.putNextEntry(new JarEntry(SERVICE_FILE));
      out.write(serviceFile.getBytes(StandardCharsets.UTF_8));
      for (Map.Entry<String, byte[]> type : classes.entrySet()) {
        out.putNextEntry(new JarEntry(type.getKey()));
        out.write(type.getValue());
      }
    }
    return jar.toUri().toURL();
  }

  /** Compiles one source and returns the classes by their names in a jar. */
  private Map<String, byte[]> compile(String type, String source) throws IOException {
    Path work = Files.createDirectories(folder.resolve("work-" + type));
    Path file = work.resolve(type.substring(type.lastIndexOf('.') + 1) + ".java");
    Files.writeString(file, source);
    int result =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-proc:none",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                work.toString(),
                file.toString());
    assertThat(result).isZero();
    Map<String, byte[]> classes = new LinkedHashMap<>();
    try (var files = Files.walk(work)) {
      for (Path path : files.filter(f -> f.toString().endsWith(".class")).toList()) {
        classes.put(work.relativize(path).toString().replace('\\', '/'), Files.readAllBytes(path));
      }
    }
    return classes;
  }
}
