package dev.connectorsdk.release;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** The pom of a staged module, and what Maven Central wants to read there. */
record StagedPom(Path file, Document document) {

  /** What a module may have from its parent. */
  private static final List<String> INHERITED =
      List.of(
          "url",
          "licenses/license/name",
          "licenses/license/url",
          "developers/developer/name",
          "scm/connection",
          "scm/url");

  /** Not in what is published: it would decide where others download from. */
  private static final List<String> UNWANTED = List.of("repositories", "pluginRepositories");

  /** Where versions are. */
  private static final List<String> VERSIONS =
      List.of("version", "parent/version", "dependencies/dependency/version");

  static StagedPom read(Path file) throws IOException {
    try {
      var factory = DocumentBuilderFactory.newInstance();
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      return new StagedPom(file, factory.newDocumentBuilder().parse(file.toFile()));
    } catch (ParserConfigurationException | SAXException e) {
      throw new IOException(file + " is no pom", e);
    }
  }

  boolean isJar() {
    return text("packaging").orElse("jar").equals("jar");
  }

  /** Returns the file of this module whose name ends like that. */
  Path beside(String end) {
    String name = file.getFileName().toString();
    return file.resolveSibling(name.substring(0, name.length() - ".pom".length()) + end);
  }

  List<String> problems(List<StagedPom> all) {
    List<String> problems = new ArrayList<>();
    for (String own : List.of("name", "description")) {
      if (text(own).isEmpty()) {
        problems.add(artifact() + " has no " + own);
      }
    }
    Optional<StagedPom> parent = parent(all);
    if (text("parent/artifactId").isPresent() && parent.isEmpty()) {
      problems.add(artifact() + " has a parent that is not staged");
    }
    for (String element : INHERITED) {
      if (text(element).or(() -> parent.flatMap(p -> p.text(element))).isEmpty()) {
        problems.add(artifact() + " has no " + element);
      }
    }
    for (String element : UNWANTED) {
      if (!nodes(element).isEmpty()) {
        problems.add(artifact() + " has " + element);
      }
    }
    if (VERSIONS.stream()
        .flatMap(path -> nodes(path).stream())
        .anyMatch(version -> version.endsWith("-SNAPSHOT"))) {
      problems.add(artifact() + " is a snapshot, or needs one");
    }
    managed().stream()
        .filter(module -> all.stream().noneMatch(pom -> pom.artifact().equals(module)))
        .forEach(module -> problems.add(artifact() + " names " + module + ", which is not staged"));
    return problems;
  }

  private String artifact() {
    return text("artifactId").orElse(file.toString());
  }

  private Optional<StagedPom> parent(List<StagedPom> all) {
    return text("parent/artifactId")
        .flatMap(wanted -> all.stream().filter(pom -> pom.artifact().equals(wanted)).findFirst());
  }

  /** Returns our own modules in this pom's managed dependencies. */
  private List<String> managed() {
    return nodes(
        "dependencyManagement/dependencies/dependency[starts-with(groupId, 'dev.connectorsdk')]"
            + "/artifactId");
  }

  private Optional<String> text(String path) {
    return nodes(path).stream().filter(text -> !text.isBlank()).findFirst();
  }

  private List<String> nodes(String path) {
    try {
      var xpath = XPathFactory.newInstance().newXPath();
      var found = (NodeList) xpath.evaluate("/project/" + path, document, XPathConstants.NODESET);
      List<String> texts = new ArrayList<>();
      for (int i = 0; i < found.getLength(); i++) {
        texts.add(found.item(i).getTextContent().strip());
      }
      return texts;
    } catch (XPathExpressionException e) {
      throw new IllegalArgumentException(path, e);
    }
  }
}
