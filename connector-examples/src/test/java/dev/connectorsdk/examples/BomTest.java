package dev.connectorsdk.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

class BomTest {

  private static Document pom(String folder) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(Path.of("..", folder, "pom.xml").toFile());
  }

  private static List<String> texts(Document pom, String element) {
    NodeList found = pom.getElementsByTagName(element);
    return IntStream.range(0, found.getLength())
        .mapToObj(i -> found.item(i).getTextContent())
        .toList();
  }

  @Test
  void managesAllOurModulesButTheExamplesAndNothingElse() throws Exception {
    Document bom = pom("connector-api/connector-bom");
    List<String> modules =
        texts(pom("."), "module").stream()
            .map(module -> module.replaceAll(".*/", ""))
            .filter(module -> !List.of("connector-bom", "connector-examples").contains(module))
            .toList();

    assertThat(texts(bom, "artifactId")).startsWith("connector-bom").hasSize(modules.size() + 1);
    assertThat(texts(bom, "artifactId")).containsAll(modules);
    assertThat(texts(bom, "groupId")).containsOnly("dev.connectorsdk");
  }

  /** An import brings what the imported pom inherits: the versions of a whole build. */
  @Test
  void inheritsNothing() throws Exception {
    assertThat(texts(pom("connector-api/connector-bom"), "parent")).isEmpty();
  }

  @Test
  void hasTheVersionOfTheModules() throws Exception {
    assertThat(texts(pom("connector-api/connector-bom"), "version").get(0))
        .isEqualTo(texts(pom("."), "version").get(0));
  }
}
