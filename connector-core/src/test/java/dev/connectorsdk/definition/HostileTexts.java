package dev.connectorsdk.definition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.error.ConnectorException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;

/** Texts that were made to hurt whoever reads them. */
public final class HostileTexts {

  private static final int LONG = 10_000;

  private HostileTexts() {}

  /** What reads a text. */
  @FunctionalInterface
  public interface Reader {
    void read(String text) throws Exception;
  }

  /** Has all texts read, which has to end, in a result or in an error of this library. */
  public static void feed(Reader reader) {
    names().forEach(name -> feed(name, reader));
  }

  static void feed(String name, Reader reader) {
    AtomicReference<Throwable> failed = new AtomicReference<>();
    Runnable reading =
        () -> {
          try {
            reader.read(texts().get(name));
          } catch (ConnectorException expected) {
            assertThat(expected.getMessage()).isNotNull();
          } catch (Throwable e) {
            failed.set(e);
          }
        };
    // With as little stack as the threads of a host have.
    Thread small = new Thread(null, reading, "small", 256 * 1024);
    small.start();
    try {
      small.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    assertThat(failed.get()).as(name).isNull();
  }

  static List<String> names() {
    return List.copyOf(texts().keySet());
  }

  private static Map<String, String> texts() {
    Map<String, String> texts = new TreeMap<>();
    texts.put("brackets", "(".repeat(LONG) + ")".repeat(LONG));
    texts.put("a pattern that backtracks", "^(a+)+$");
    texts.put("braces", "{".repeat(LONG));
    texts.put("closing braces", "{" + "}".repeat(LONG));
    texts.put("placeholders", "{a}".repeat(LONG));
    texts.put("a host of placeholders", "https://" + "{a}".repeat(LONG) + "/x");
    texts.put("a host of parameters", "https://" + "{token:host}".repeat(LONG) + "/x");
    texts.put("a placeholder of blanks", "{" + " ".repeat(LONG));
    texts.put("blanks", " ".repeat(LONG) + "x");
    texts.put("a call of blanks", "@queryParameters(" + " ".repeat(LONG));
    texts.put("nested calls", "@if(".repeat(LONG));
    texts.put("expressions", "@{".repeat(LONG));
    texts.put("quotes", "'" + "''".repeat(LONG));
    texts.put("a long quote", "(id eq '" + "a".repeat(LONG) + "')");
    texts.put("indices", "[0]".repeat(LONG));
    texts.put("members", ".a".repeat(LONG));
    texts.put("segments", "/a".repeat(LONG));
    texts.put("negations", "not ".repeat(LONG));
    texts.put("labels", "a.".repeat(LONG) + "example");
    texts.put("reference", "#/" + "a/".repeat(LONG));
    texts.put("JNDI", "${jndi:ldap://127.0.0.1:1/a}");
    texts.put("SpEL", "T(java.lang.Runtime).getRuntime().exec('x')");
    texts.put("EL", "#{7*7}${7*7}{{7*7}}");
    texts.put("line breaks", "a\r\nX-Evil: 1\r\n\r\n");
    texts.put("nothing", "\0");
    texts.put("half a character", "\uD83D");
    return texts;
  }
}
