package dev.connectorsdk.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** What the poms say of all that is taken from elsewhere. */
@Tag("H10")
class SupplyChainTest {

  private static final Path ROOT = Path.of("..");

  private static List<Document> poms() throws Exception {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> walk = Files.walk(ROOT, 3)) {
      walk.filter(file -> file.endsWith("pom.xml"))
          .filter(file -> !file.toString().contains("target"))
          .forEach(files::add);
    }
    List<Document> poms = new ArrayList<>();
    for (Path file : files) {
      poms.add(read(file));
    }
    return poms;
  }

  private static Document read(Path pom) throws Exception {
    return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(pom.toFile());
  }

  private static List<Element> elements(Node in, String name) {
    NodeList found =
        in instanceof Document document
            ? document.getElementsByTagName(name)
            : ((Element) in).getElementsByTagName(name);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < found.getLength(); i++) {
      elements.add((Element) found.item(i));
    }
    return elements;
  }

  /** Returns the text of an element that is directly inside another, or nothing. */
  private static String child(Element parent, String name) {
    return elements(parent, name).stream()
        .filter(element -> element.getParentNode().equals(parent))
        .map(Element::getTextContent)
        .findFirst()
        .orElse("");
  }

  @Test
  @DisplayName("H10: every version is one version, and none is made anew")
  void everyVersionIsOneVersion() throws Exception {
    Set<String> versions = new TreeSet<>();
    for (Document pom : poms()) {
      for (String kind : List.of("dependency", "plugin", "extension", "path")) {
        elements(pom, kind).forEach(element -> versions.add(child(element, "version")));
      }
      for (Element properties : elements(pom, "properties")) {
        for (Element property : elements(properties, "*")) {
          if (property.getTagName().endsWith(".version")) {
            versions.add(property.getTextContent());
          }
        }
      }
    }

    assertThat(versions)
        .hasSizeGreaterThan(20)
        .noneMatch(version -> version.matches(".*[\\[\\](),].*|LATEST|RELEASE|.*-SNAPSHOT"));
  }

  @Test
  @DisplayName("H10: every plugin of the build has its version in the parent")
  void everyPluginHasItsVersion() throws Exception {
    Set<String> managed = new TreeSet<>();
    Element management = elements(read(ROOT.resolve("pom.xml")), "pluginManagement").get(0);
    for (Element plugin : elements(management, "plugin")) {
      if (!child(plugin, "version").isEmpty()) {
        managed.add(child(plugin, "artifactId"));
      }
    }

    for (Document pom : poms()) {
      assertThat(elements(pom, "plugin"))
          .filteredOn(plugin -> child(plugin, "version").isEmpty())
          .extracting(plugin -> child(plugin, "artifactId"))
          .isSubsetOf(managed);
    }
  }

  @Test
  @DisplayName("H10: two builds give the same jars, and what does not fit its checksum breaks them")
  void theBuildIsReproducible() throws Exception {
    assertThat(elements(read(ROOT.resolve("pom.xml")), "project.build.outputTimestamp"))
        .singleElement()
        .satisfies(time -> assertThat(time.getTextContent()).matches("\\d{4}-\\d\\d-\\d\\dT.*Z"));
    assertThat(Files.readAllLines(ROOT.resolve(".mvn/maven.config")))
        .contains("--strict-checksums");
  }

  @Test
  @DisplayName("H10: the build allows no two versions of anything and no class twice")
  void theBuildAllowsNothingTwice() throws Exception {
    Document parent = read(ROOT.resolve("pom.xml"));

    for (String rule :
        List.of("dependencyConvergence", "requireUpperBoundDeps", "banDuplicateClasses")) {
      assertThat(elements(parent, rule)).as(rule).hasSize(1);
    }
  }
}
