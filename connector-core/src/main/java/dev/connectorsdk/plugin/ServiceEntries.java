package dev.connectorsdk.plugin;

import dev.connectorsdk.api.spi.ConnectorProvider;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * What the service files say, read once more to find out which jar a failed entry is in. Lenient:
 * what cannot be read is left out.
 */
final class ServiceEntries {

  private static final String FILE = "META-INF/services/" + ConnectorProvider.class.getName();
  private static final int MAX_BYTES = 64 * 1024;

  /** A class name and the jar or folder whose service file names it. */
  record Entry(String provider, String location) {}

  private final List<Entry> entries = new ArrayList<>();
  private final List<String> locations = new ArrayList<>();

  private ServiceEntries() {}

  static ServiceEntries of(ClassLoader loader) {
    ServiceEntries entries = new ServiceEntries();
    try {
      for (URL file : Collections.list(loader.getResources(FILE))) {
        entries.read(file);
      }
    } catch (IOException e) {
      return entries;
    }
    return entries;
  }

  private void read(URL file) {
    String location = location(file);
    locations.add(location);
    try {
      URLConnection connection = file.openConnection();
      connection.setUseCaches(false); // Or the jar stays open.
      try (InputStream content = connection.getInputStream()) {
        new String(content.readNBytes(MAX_BYTES), StandardCharsets.UTF_8)
            .lines()
            .map(line -> line.replaceFirst("#.*", "").strip())
            .filter(line -> !line.isEmpty())
            .forEach(line -> entries.add(new Entry(line, location)));
      }
    } catch (IOException e) {
      return;
    }
  }

  /** Returns the URL of the jar or folder that a service file is in. */
  private static String location(URL file) {
    String text = file.toString();
    String root = text.substring(0, text.length() - FILE.length());
    return root.startsWith("jar:") && root.endsWith("!/")
        ? root.substring("jar:".length(), root.length() - "!/".length())
        : root;
  }

  /** Returns what a failure of the service loader is about, as far as its text tells. */
  Entry mentionedIn(Throwable failure) {
    String text = String.valueOf(failure.getMessage());
    // A linkage error writes the name of a class with slashes.
    String dotted = text.replace('/', '.');
    return entries.stream()
        .filter(entry -> dotted.contains(entry.provider()))
        .max(Comparator.comparingInt(entry -> entry.provider().length()))
        .orElseGet(
            () ->
                new Entry(
                    PluginDiscovery.UNKNOWN,
                    locations.stream()
                        .filter(text::contains)
                        .max(Comparator.comparingInt(String::length))
                        .orElse(PluginDiscovery.UNKNOWN)));
  }
}
