package dev.connectorsdk.release;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StagedFilesTest {

  private static final String PARENT =
      """
      <project>
        <groupId>dev.connectorsdk</groupId>
        <artifactId>parent</artifactId>
        <version>0.1.0</version>
        <packaging>pom</packaging>
        <name>Parent</name>
        <description>Rules.</description>
        <url>https://connectorsdk.dev</url>
        <licenses><license><name>Apache</name><url>https://apache.org</url></license></licenses>
        <developers><developer><name>We</name></developer></developers>
        <scm><connection>scm:git:https://c</connection><url>https://c</url></scm>
      </project>
      """;

  private static final String MODULE =
      """
      <project>
        <parent>
          <groupId>dev.connectorsdk</groupId>
          <artifactId>parent</artifactId>
          <version>0.1.0</version>
        </parent>
        <artifactId>module</artifactId>
        <name>Module</name>
        <description>Code.</description>
      </project>
      """;

  private static final List<String> JARS =
      List.of("module-0.1.0.jar", "module-0.1.0-sources.jar", "module-0.1.0-javadoc.jar");

  @TempDir private Path folder;

  @BeforeEach
  void stage() throws Exception {
    stage(folder);
  }

  private static void stage(Path folder) throws Exception {
    pom(folder, "parent", PARENT);
    pom(folder, "module", MODULE);
    jar(folder, JARS.get(0), "Module.class");
    jar(folder, JARS.get(1), "Module.java");
    jar(folder, JARS.get(2), "index.html");
  }

  private static void pom(Path folder, String name, String text) throws Exception {
    write(folder.resolve(name + "-0.1.0.pom"), text.getBytes(UTF_8));
  }

  private static void jar(Path folder, String name, String entry) throws Exception {
    Path file = folder.resolve(name);
    try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
      ZipEntry inside = new ZipEntry(entry);
      inside.setTime(0);
      zip.putNextEntry(inside);
    }
    write(file, Files.readAllBytes(file));
  }

  private static void write(Path file, byte[] content) throws Exception {
    Files.write(file, content);
    Files.writeString(sibling(file, ".asc"), "-----BEGIN PGP SIGNATURE-----\n…");
    Files.writeString(sibling(file, ".md5"), digest("MD5", content));
    Files.writeString(sibling(file, ".sha1"), digest("SHA-1", content));
  }

  private static Path sibling(Path file, String end) {
    return file.resolveSibling(file.getFileName() + end);
  }

  private static String digest(String algorithm, byte[] content) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
  }

  private List<String> problems() throws IOException {
    return new StagedFiles(folder).problems();
  }

  @Test
  void aWholeReleaseHasNoProblem() throws Exception {
    assertThat(problems()).isEmpty();
  }

  @Test
  void anEmptyFolderIsNoRelease(@TempDir Path empty) throws Exception {
    assertThat(new StagedFiles(empty).problems()).containsExactly(empty + ": nothing is staged");
  }

  @ParameterizedTest
  @CsvSource({
    "name, parent has no name",
    "description, parent has no description",
    "url, parent has no url",
    "license, parent has no licenses/license/name",
    "developer, parent has no developers/developer/name",
    "connection, parent has no scm/connection"
  })
  void whatAPomHasToSayIsMissed(String element, String problem) throws Exception {
    pom(folder, "parent", PARENT.replaceFirst("(?s)<" + element + ">.*?</" + element + ">", ""));

    assertThat(problems()).contains(problem);
  }

  @ParameterizedTest
  @ValueSource(strings = {"name", "description"})
  void aModuleHasANameAndADescriptionOfItsOwn(String element) throws Exception {
    pom(folder, "module", MODULE.replaceFirst("<" + element + ">.*?</" + element + ">", ""));

    assertThat(problems()).containsExactly("module has no " + element);
  }

  @Test
  void whatAModuleInheritsIsStagedToo() throws Exception {
    Files.delete(folder.resolve("parent-0.1.0.pom"));

    assertThat(problems()).contains("module has a parent that is not staged", "module has no url");
  }

  @Test
  void whatTheBomNamesIsStaged() throws Exception {
    String managed =
        """
        <dependencyManagement><dependencies><dependency>
          <groupId>dev.connectorsdk</groupId><artifactId>other</artifactId>
        </dependency></dependencies></dependencyManagement></project>
        """;
    pom(folder, "parent", PARENT.replace("</project>", managed));

    assertThat(problems()).containsExactly("parent names other, which is not staged");
  }

  @ParameterizedTest
  @CsvSource({
    "parent, 'parent is a snapshot, or needs one'",
    "module, 'module is a snapshot, or needs one'"
  })
  void aSnapshotIsNoRelease(String pom, String problem) throws Exception {
    String text = pom.equals("parent") ? PARENT : MODULE;
    pom(folder, pom, text.replace("0.1.0", "0.1.0-SNAPSHOT"));

    assertThat(problems()).containsExactly(problem);
  }

  @Test
  void aPomDoesNotSayWhereToDownloadFrom() throws Exception {
    pom(folder, "module", MODULE.replace("</project>", "<repositories/></project>"));

    assertThat(problems()).containsExactly("module has repositories");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void eachJarIsThereAndHasSomethingInIt(int index) throws Exception {
    String jar = JARS.get(index);
    jar(folder, jar, "readme.txt");
    assertThat(problems()).singleElement().asString().startsWith(jar + " has no ");

    Files.delete(folder.resolve(jar));
    assertThat(problems()).containsExactly(jar + " is missing");
  }

  @Test
  void everyFileIsSigned() throws Exception {
    for (String name : List.of("parent-0.1.0.pom", JARS.get(2))) {
      Path signature = folder.resolve(name + ".asc");
      Files.writeString(signature, "signed by me");
      assertThat(problems()).containsExactly(name + ".asc is no signature");

      Files.delete(signature);
      assertThat(problems()).containsExactly(name + " is not signed");
      stage();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {".md5", ".sha1"})
  void everyFileHasItsChecksums(String kind) throws Exception {
    Path checksum = folder.resolve(JARS.get(0) + kind);
    Files.writeString(checksum, "00");
    assertThat(problems()).containsExactly(checksum.getFileName() + " is of another file");

    Files.delete(checksum);
    assertThat(problems()).containsExactly(checksum.getFileName() + " is missing");
  }

  @Test
  void twoBuildsMakeTheSameFiles(@TempDir Path again) throws Exception {
    stage(again);
    assertThat(new StagedFiles(folder).differences(again)).isEmpty();

    jar(again, JARS.get(0), "Other.class");
    Files.delete(again.resolve(JARS.get(1)));
    assertThat(new StagedFiles(folder).differences(again))
        .containsExactly(
            JARS.get(1) + " is another one in " + again,
            JARS.get(0) + " is another one in " + again);
  }
}
