package dev.connectorsdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Compares the bill of materials with what a host gets with connector-core. */
@Tag("H10")
class BillOfMaterialsIT {

  private static final Path BILL = Path.of("target/bom.json");

  private static Map<String, String> listed() throws IOException {
    Map<String, String> digests = new TreeMap<>();
    JsonNode bill = JsonMapper.shared().readTree(Files.readAllBytes(BILL));
    for (JsonNode component : bill.path("components")) {
      String file = component.path("name").asString() + "-" + component.path("version").asString();
      String digest = "";
      for (JsonNode hash : component.path("hashes")) {
        if (hash.path("alg").asString().equals("SHA-256")) {
          digest = hash.path("content").asString();
        }
      }
      digests.put(file + ".jar", digest);
    }
    return digests;
  }

  private static List<Path> jars() throws IOException {
    String paths = Files.readString(Path.of("target/module-path.txt")).strip();
    return List.of(paths.split(File.pathSeparator)).stream().map(Path::of).toList();
  }

  private static String digest(Path jar) throws Exception {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(jar));
    return HexFormat.of().formatHex(digest);
  }

  @Test
  @DisplayName("H10: every jar that a host gets is listed with its digest, and nothing else is")
  void everyJarIsListedWithItsDigest() throws Exception {
    assumeTrue(
        Files.exists(BILL),
        "NOT TESTED whether the bill of materials is whole: none is made offline or without checks");
    Map<String, String> present = new TreeMap<>();
    for (Path jar : jars()) {
      present.put(jar.getFileName().toString(), digest(jar));
    }

    assertThat(present).hasSizeGreaterThan(10);
    assertThat(listed()).isEqualTo(present);
  }
}
