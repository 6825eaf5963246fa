package dev.connectorsdk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Account;
import dev.connectorsdk.api.ListCursor;
import dev.connectorsdk.api.OverlappingCursor;
import dev.connectorsdk.api.event.AuditRecord;
import dev.connectorsdk.api.file.FileInfo;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a native image is told of the library: what it reads and writes by reflection. */
class NativeImageTest {

  private static final String FOLDER = "/META-INF/native-image/dev.connectorsdk/";

  private static JsonNode metadata(String module) {
    String file = FOLDER + module + "/reachability-metadata.json";
    try (InputStream in = NativeImageTest.class.getResourceAsStream(file)) {
      return JsonMapper.shared().readTree(new String(in.readAllBytes(), UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> types(String module) {
    return metadata(module).path("reflection").values().stream()
        .map(entry -> entry.path("type").asString())
        .toList();
  }

  @Test
  void namesWhatTheRuntimeItselfKeepsAsJsonWithAllThatIsInIt() {
    Set<String> needed = new TreeSet<>();
    for (Class<?> root :
        List.of(
            AuditRecord.class,
            ListCursor.class,
            OverlappingCursor.class,
            OverlappingCursor.Earlier.class,
            OverlappingCursor.Reading.class,
            Account.class,
            FileInfo.class)) {
      collect(root, needed);
    }

    assertThat(types("connector-api")).containsAll(needed);
  }

  private static void collect(Type type, Set<String> needed) {
    if (type instanceof ParameterizedType generic) {
      collect(generic.getRawType(), needed);
      for (Type argument : generic.getActualTypeArguments()) {
        collect(argument, needed);
      }
    } else if (type instanceof Class<?> plain
        && plain.getName().startsWith("dev.connectorsdk.")
        && needed.add(plain.getName())
        && plain.isRecord()) {
      for (RecordComponent component : plain.getRecordComponents()) {
        collect(component.getGenericType(), needed);
      }
    }
  }

  @Test
  void namesNothingThatIsNotThere() {
    List<String> all = new ArrayList<>(types("connector-api"));
    all.addAll(types("connector-core"));

    assertThat(all).doesNotHaveDuplicates().allSatisfy(Class::forName);
  }

  @Test
  void hasEveryScriptOfTheTables() throws Exception {
    List<PathMatcher> globs =
        metadata("connector-core").path("resources").values().stream()
            .map(entry -> "glob:" + entry.path("glob").asString())
            .map(FileSystems.getDefault()::getPathMatcher)
            .toList();
    Path resources = Path.of("src/main/resources");
    try (Stream<Path> files = Files.walk(resources.resolve("dev"))) {
      assertThat(files.filter(Files::isRegularFile).map(resources::relativize))
          .hasSizeGreaterThan(15)
          .allMatch(file -> globs.stream().anyMatch(glob -> glob.matches(file)));
    }
  }
}
