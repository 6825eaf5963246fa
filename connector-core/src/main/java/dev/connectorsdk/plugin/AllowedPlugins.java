package dev.connectorsdk.plugin;

import dev.connectorsdk.api.internal.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The jars that plugins may come from, named by their place or by what is in them. No code of a
 * provider in another jar runs.
 *
 * <pre>{@code
 * AllowedPlugins.none().jar(Path.of("plugins/tasks.jar")).sha256("9f86d081884c7d65...")
 * }</pre>
 *
 * <p>A jar is judged by its file when plugins are looked for: whoever can change that file while
 * the application runs, or what else is on the class path, is trusted. Libraries of a plugin need
 * not be named. The provider method of a module counts if it is declared to return a class of that
 * module. Immutable.
 */
public final class AllowedPlugins {

  private static final int SHA256_HEX_DIGITS = 64;
  private static final int BUFFER_BYTES = 16 * 1024;
  private static final long LARGEST_BYTES = 512L * 1024 * 1024;
  private static final AllowedPlugins NONE = new AllowedPlugins(Set.of(), Set.of());

  private final Set<Path> jars;
  private final Set<String> digests;

  private AllowedPlugins(Set<Path> jars, Set<String> digests) {
    this.jars = Set.copyOf(jars);
    this.digests = Set.copyOf(digests);
  }

  /** Returns the empty list, which allows nothing. */
  public static AllowedPlugins none() {
    return NONE;
  }

  /**
   * Returns a copy that also allows the plugins of this jar, or of this folder of classes, whatever
   * is in it.
   */
  public AllowedPlugins jar(Path jar) {
    Set<Path> more = new HashSet<>(jars);
    more.add(Objects.requireNonNull(jar, "jar"));
    return new AllowedPlugins(more, digests);
  }

  /**
   * Returns a copy that also allows the plugins of every jar with this SHA-256, wherever it is.
   *
   * @param digest 64 hexadecimal digits, as {@code sha256sum} prints them
   * @throws IllegalArgumentException if it is something else
   */
  public AllowedPlugins sha256(String digest) {
    String lower = digest.toLowerCase(Locale.ROOT);
    if (lower.length() != SHA256_HEX_DIGITS || !lower.chars().allMatch(HexFormat::isHexDigit)) {
      throw new IllegalArgumentException(
          "A SHA-256 has " + SHA256_HEX_DIGITS + " hexadecimal digits: " + digest);
    }
    Set<String> more = new HashSet<>(digests);
    more.add(lower);
    return new AllowedPlugins(jars, more);
  }

  /** Returns why a provider must not be created, as a sentence, or {@code null} if it may. */
  @Nullable String refusal(Class<?> provider) {
    Path file = file(provider);
    if (file == null) {
      return "It is in no file, and so not among the allowed plugins.";
    }
    if (jars.stream().anyMatch(jar -> isSame(jar, file))) {
      return null;
    }
    if (Files.isDirectory(file)) {
      return "Its folder is not among the allowed plugins.";
    }
    String digest = digest(file);
    if (digest == null) {
      return "Its jar is not among the allowed plugins, and its SHA-256 is not known: it cannot be"
          + " read, or is larger than 512 MiB.";
    }
    return digests.contains(digest)
        ? null
        : "Its jar is not among the allowed plugins; its SHA-256 is " + digest + ".";
  }

  private static @Nullable Path file(Class<?> provider) {
    CodeSource source = provider.getProtectionDomain().getCodeSource();
    URL location = source == null ? null : source.getLocation();
    if (location == null || !location.getProtocol().equals("file")) {
      return null;
    }
    try {
      return Path.of(location.toURI());
    } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException e) {
      return null;
    }
  }

  private static boolean isSame(Path one, Path other) {
    try {
      return Files.isSameFile(one, other);
    } catch (IOException e) {
      return false;
    }
  }

  private static @Nullable String digest(Path jar) {
    try {
      return Files.isRegularFile(jar) && Files.size(jar) <= LARGEST_BYTES ? sha256(jar) : null;
    } catch (IOException e) {
      return null;
    }
  }

  private static String sha256(Path jar) throws IOException {
    try (InputStream content = Files.newInputStream(jar)) {
      MessageDigest digest = Sha256.start();
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
        digest.update(buffer, 0, read);
      }
      return HexFormat.of().formatHex(digest.digest());
    }
  }

  /** Returns how many jars and digests there are. */
  @Override
  public String toString() {
    return jars.size() + " jars, " + digests.size() + " digests";
  }
}
