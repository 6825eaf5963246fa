package dev.connectorsdk.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
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

  private static List<String> managed(Document bom) {
    NodeList dependencies = bom.getElementsByTagName("dependency");
    return IntStream.range(0, dependencies.getLength())
        .mapToObj(i -> (Element) dependencies.item(i))
        .map(dependency -> text(dependency, "groupId") + ":" + text(dependency, "artifactId"))
        .toList();
  }

  private static String text(Element dependency, String element) {
    return dependency.getElementsByTagName(element).item(0).getTextContent();
  }

  @Test
  void managesAllOurModulesButTheExamplesAndNothingElse() throws Exception {
    Document bom = pom("connector-api/connector-bom");
    List<String> modules =
        texts(pom("."), "module").stream()
            .map(module -> module.replaceAll(".*/", ""))
            .filter(module -> !List.of("connector-bom", "connector-examples").contains(module))
            .map(module -> "dev.connectorsdk:" + module)
            .toList();

    assertThat(managed(bom)).containsExactlyInAnyOrderElementsOf(modules);
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
