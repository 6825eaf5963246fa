package dev.connectorsdk.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.spi.ConnectorProvider;
import dev.connectorsdk.examples.cli.Shell.Run;
import dev.connectorsdk.testkit.ConnectorTest;
import dev.connectorsdk.testkit.ContractTest;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NewTest {

  @TempDir private Path folder;

  private Run make(String... arguments) {
    List<String> always =
        List.of("new", "--into", folder.toString(), "--sdk-version", "0.1.0-SNAPSHOT");
    return new Shell().run(Shell.arguments(always, arguments));
  }

  @Test
  void theProjectCompilesIsFoundAndKeepsTheContract() throws Exception {
    Run made = make("acme-tickets", "--package", "com.example.tickets");

    Path project = folder.resolve("acme-tickets");
    assertThat(made.code()).isZero();
    assertThat(made.out()).isEqualTo(project + System.lineSeparator());
    Path classes = compiled(project);
    try (URLClassLoader loader =
        new URLClassLoader(
            new URL[] {
              classes.toUri().toURL(), project.resolve("src/main/resources/").toUri().toURL()
            },
            NewTest.class.getClassLoader())) {
      assertThat(ServiceLoader.load(ConnectorProvider.class, loader))
          .anySatisfy(
              plugin ->
                  assertThat(plugin.connectors())
                      .extracting(connector -> connector.id().value())
                      .containsExactly("acme-tickets"));
      for (DynamicTest rule : contract(loader)) {
        rule.getExecutable().execute();
      }
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  private Path compiled(Path project) throws IOException {
    Path classes = Files.createDirectory(folder.resolve("classes"));
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-d",
                classes.toString(),
                "--release",
                "17",
                "-proc:none",
                "-Xlint:all",
                "-Werror",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path"))));
    try (Stream<Path> files = Files.walk(project)) {
      files.map(Path::toString).filter(file -> file.endsWith(".java")).forEach(arguments::add);
    }
    int code =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, arguments.toArray(String[]::new));
    assertThat(code).isZero();
    return classes;
  }

  /** Returns the tests that the plugin's own test class inherits. */
  private static List<DynamicTest> contract(ClassLoader loader) throws Exception {
    Class<?> type = loader.loadClass("com.example.tickets.AcmeTicketsPluginTest");
    Constructor<?> constructor = type.getDeclaredConstructor();
    constructor.setAccessible(true);
    ContractTest test = (ContractTest) constructor.newInstance();
    Field field = type.getDeclaredField("service");
    field.setAccessible(true);
    return test.keepsTheContract(((ConnectorTest) field.get(test)).contract()).toList();
  }

  @Test
  void thePluginAndItsTestAreShort() throws IOException {
    make("acme");

    assertThat(linesOfCode("src/main/java/connectors/acme/AcmePlugin.java"))
        .isLessThanOrEqualTo(40);
    assertThat(linesOfCode("src/test/java/connectors/acme/AcmePluginTest.java"))
        .isLessThanOrEqualTo(10);
  }

  @Test
  void aNameThatJavaHasTakenMakesAPackageAllTheSame() throws IOException {
    assertThat(make("switch").code()).isZero();
    assertThat(folder.resolve("switch/src/main/java/connectors/switch_/SwitchPlugin.java"))
        .content()
        .startsWith("package connectors.switch_;");

    Run refused = make("acme", "--package", "com.example.new");
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("--package must have no keywords of Java in it");
    assertThat(folder.resolve("acme")).doesNotExist();
  }

  /** Counts what is written by hand: no imports, no Javadoc, no empty lines. */
  private long linesOfCode(String file) throws IOException {
    return Files.readAllLines(folder.resolve("acme").resolve(file)).stream()
        .filter(line -> !line.isBlank() && !line.matches("(import|package) .*|/\\*\\*.*"))
        .count();
  }

  @Test
  void nothingIsOverwrittenAndNothingIsLeftHalfWritten() throws IOException {
    Path there = Files.createDirectory(folder.resolve("acme"));
    Files.writeString(there.resolve("pom.xml"), "mine");

    Run made = make("acme");

    assertThat(made.code()).isEqualTo(1);
    assertThat(made.err()).contains("is there already; nothing was written");
    assertThat(there.resolve("pom.xml")).hasContent("mine");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(there);
    }
  }

  @Test
  void aProjectThatCannotBeWrittenToItsEndIsNotBegun() {
    Run made = make("acme", "--package", "com." + "x".repeat(300)); // No folder has such a name.

    assertThat(made.code()).isEqualTo(1);
    assertThat(made.err()).isNotBlank().doesNotContain("at dev.connectorsdk");
    assertThat(folder).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Acme", "acme_x", "../acme", "-acme-", "acme/x", "1acme"})
  void aNameThatIsNoneIsRefused(String name) {
    Run made = make("--", name);

    assertThat(made.code()).isEqualTo(2);
    assertThat(folder).isEmptyDirectory();
  }
}
