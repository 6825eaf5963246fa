package dev.connectorsdk.release;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

/**
 * What Maven Central asks of a release, checked on the files before anybody uploads them: the
 * upload itself finds out one thing at a time.
 *
 * @param folder a local Maven repository
 */
record StagedFiles(Path folder) {

  private static final List<String> ATTACHED = List.of("", "-sources", "-javadoc");
  private static final Map<String, String> CHECKSUMS = Map.of(".md5", "MD5", ".sha1", "SHA-1");

  /**
   * Prints what is wrong with a folder, and with a second one, which files differ. Ends the process
   * with 1 if there is anything.
   */
  public static void main(String[] folders) throws IOException {
    StagedFiles staged = new StagedFiles(Path.of(folders[0]));
    List<String> problems =
        folders.length == 1 ? staged.problems() : staged.differences(Path.of(folders[1]));
    problems.forEach(System.err::println);
    if (!problems.isEmpty()) {
      System.exit(1);
    }
    System.out.println(staged.folder + ": all is well");
  }

  List<String> problems() throws IOException {
    List<String> problems = new ArrayList<>();
    List<StagedPom> poms = new ArrayList<>();
    for (Path file : files(name -> name.endsWith(".pom"))) {
      poms.add(StagedPom.read(file));
    }
    if (poms.isEmpty()) {
      problems.add(folder + ": nothing is staged");
    }
    for (StagedPom pom : poms) {
      problems.addAll(pom.problems(poms));
      if (pom.isJar()) {
        problems.addAll(jars(pom));
      }
    }
    for (Path file : files(StagedFiles::isRelease)) {
      problems.addAll(sidecars(file));
    }
    return problems;
  }

  /** Returns what two builds of the same sources have made otherwise, signatures left out. */
  List<String> differences(Path other) throws IOException {
    List<String> differences = new ArrayList<>();
    for (Path file : files(StagedFiles::isRelease)) {
      Path twin = other.resolve(folder.relativize(file));
      if (!Files.exists(twin) || Files.mismatch(file, twin) >= 0) {
        differences.add(folder.relativize(file) + " is another one in " + other);
      }
    }
    return differences;
  }

  private static boolean isRelease(String name) {
    return name.endsWith(".pom") || name.endsWith(".jar") || name.endsWith(".json");
  }

  private List<Path> files(Predicate<String> named) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile)
          .filter(file -> named.test(file.getFileName().toString()))
          .sorted()
          .toList();
    }
  }

  private List<String> jars(StagedPom pom) {
    List<String> problems = new ArrayList<>();
    for (String classifier : ATTACHED) {
      Path jar = pom.beside(classifier + ".jar");
      String wanted =
          switch (classifier) {
            case "-sources" -> ".java";
            case "-javadoc" -> "index.html";
            default -> ".class";
          };
      if (!Files.exists(jar)) {
        problems.add(name(jar) + " is missing");
      } else if (!has(jar, wanted)) {
        problems.add(name(jar) + " has no " + wanted);
      }
    }
    return problems;
  }

  private static boolean has(Path jar, String wanted) {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      return zip.stream().anyMatch(entry -> entry.getName().endsWith(wanted));
    } catch (IOException e) {
      throw new UncheckedIOException(jar.toString(), e);
    }
  }

  private List<String> sidecars(Path file) throws IOException {
    List<String> problems = new ArrayList<>();
    Path signature = beside(file, ".asc");
    if (!Files.exists(signature)) {
      problems.add(name(file) + " is not signed");
    } else if (!Files.readString(signature).startsWith("-----BEGIN PGP SIGNATURE-----")) {
      problems.add(name(signature) + " is no signature");
    }
    for (Map.Entry<String, String> kind : CHECKSUMS.entrySet()) {
      Path checksum = beside(file, kind.getKey());
      if (!Files.exists(checksum)) {
        problems.add(name(checksum) + " is missing");
      } else if (!Arrays.equals(
          digest(kind.getValue(), file),
          HexFormat.of().parseHex(Files.readString(checksum).strip()))) {
        problems.add(name(checksum) + " is of another file");
      }
    }
    return problems;
  }

  private static Path beside(Path file, String extension) {
    return file.resolveSibling(file.getFileName() + extension);
  }

  private static byte[] digest(String algorithm, Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance(algorithm);
      byte[] buffer = new byte[8192];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }
}
