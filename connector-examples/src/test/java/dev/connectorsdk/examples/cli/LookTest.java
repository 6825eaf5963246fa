package dev.connectorsdk.examples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the commands that send nothing print. */
class LookTest {

  private static final String LIBRARY = "src/test/resources/cli/library";

  private final Shell shell = new Shell();

  @Test
  void theHelpIsWhatWasAgreed() throws Exception {
    String expected = Files.readString(Path.of("src/test/resources/cli/help.txt"));

    Shell.Run run = shell.run("--help");

    assertThat(run.out()).isEqualTo(expected);
    assertThat(run.code()).isZero();
    assertThat(shell.run("help").out()).isEqualTo(expected);
    assertThat(shell.run().err()).isEqualTo(expected);
    assertThat(shell.run().code()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "inspect",
        "operations",
        "describe",
        "docs",
        "call",
        "choices",
        "listen",
        "poll",
        "sample",
        "connect",
        "connections",
        "policy",
        "share",
        "gateway",
        "audit",
        "test",
        "completion"
      })
  void everyCommandExplainsItselfWithExamplesIn80Columns(String command) {
    Shell.Run run = shell.run("help", command);

    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("Usage: connectors " + command, "Examples:");
    assertThat(run.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
  }

  /** Lists of commands show only the first line of what is said of each. */
  @ParameterizedTest
  @ValueSource(strings = {"policy", "share", "gateway", "connections"})
  void theSummaryOfACommandIsASentence(String command) {
    String commands =
        shell.run("help", command).out().split("Commands:\n", 2)[1].split("\n\n", 2)[0];

    assertThat(commands.split("\n(?=  [a-z])", -1))
        .isNotEmpty()
        .allSatisfy(summary -> assertThat(summary.strip()).endsWith("."));
  }

  /** Picocli takes an argument that nobody knows for none as soon as it is asked for help. */
  @ParameterizedTest
  @ValueSource(
      strings = {"operatons --help", "policy chekc --help", "inspect --json --al -h", "--al -h"})
  void askingForHelpDoesNotMakeAWrongCommandRight(String arguments) {
    Shell.Run run = shell.run(arguments.split(" ", -1));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("connectors: un").contains("\nTry: connectors ");
  }

  @Test
  void tellsABashHowToCompleteCommandsAndOptions() throws Exception {
    Shell.Run run = shell.run("completion");

    assertThat(run.code()).isZero();
    assertThat(completions(run.out(), "connectors", "op")).containsExactly("operations");
    assertThat(completions(run.out(), "connectors", "policy", "w")).containsExactly("what-if");
    assertThat(completions(run.out(), "connectors", "call", "--dry")).containsExactly("--dry-run");
  }

  /** Asks a bash that has read the script what the last word can become. */
  private static List<String> completions(String script, String... words) throws Exception {
    String asking =
        script
            + "\nCOMP_WORDS=("
            + String.join(" ", words)
            + ")\nCOMP_CWORD="
            + (words.length - 1)
            + "\ncompopt() { :; }\n_complete_connectors connectors "
            + words[words.length - 1]
            + "\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n";
    Process bash = new ProcessBuilder("bash", "-s").redirectErrorStream(true).start();
    try (Writer input = bash.outputWriter()) {
      input.write(asking);
    }
    try (BufferedReader output = bash.inputReader()) {
      return output.lines().map(String::strip).toList();
    }
  }

  @Test
  void listsOperationsAndFiltersThem() {
    Shell.Run all = shell.run("operations", LIBRARY);
    Shell.Run reading = shell.run("operations", LIBRARY, "--effect", "read", "--json");
    Shell.Run triggers = shell.run("operations", LIBRARY, "--triggers");
    Shell.Run found = shell.run("operations", LIBRARY, "--find", "COVER", "--json");

    assertThat(all.lines().get(0)).matches("OPERATION +METHOD +PATH +KIND +EFFECT +TITLE");
    assertThat(all.lines().get(1)).matches("ListBooks +GET +/books +action +read +List books");
    assertThat(reading.json()).hasSize(2);
    assertThat(reading.json().at("/0/effect").asString()).isEqualTo("READ");
    assertThat(triggers.out()).contains("WhenABookComes").doesNotContain("ListBooks");
    assertThat(found.json()).hasSize(1);
  }

  @Test
  void describesWhatAnOperationTakesAndReturns() {
    Shell.Run run = shell.run("describe", LIBRARY, "addbook");

    assertThat(run.lines())
        .contains("AddBook: Add a book", "  effect   write")
        .anyMatch(line -> line.matches("  body/title +string +required +Title\\."))
        .anyMatch(line -> line.matches("  body/binding +string +One of: cloth, paper\\."))
        .anyMatch(line -> line.matches("  body/place/shelf +integer +.*"));
    assertThat(
            shell
                .run("describe", LIBRARY, "AddBook", "--schema")
                .json()
                .at("/input/type")
                .asString())
        .isEqualTo("object");
    assertThat(shell.run("describe", LIBRARY, "AddBook", "--json").json().at("/output/properties"))
        .isNotEmpty();
  }

  @Test
  void saysThatATriggerCanBeUsed() {
    assertThat(shell.run("describe", LIBRARY, "WhenABookComes").lines())
        .contains("  kind     trigger (service polling, batch)", "  usable   yes");
  }

  @Test
  void writesTheSamePageEachTime(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("library.md");

    Shell.Run run = shell.run("docs", LIBRARY);
    shell.run("docs", LIBRARY, "--output", file.toString());

    assertThat(run.out())
        .startsWith("# Library\n")
        .contains("## Authentication", "| `api_key` | secret | yes |")
        .contains("| `body/title` | string | yes | Title. |")
        .contains("What it says is text: &lt;b&gt;not bold&lt;/b&gt; \\| \\[no link\\]")
        .contains("## Triggers", "| `WhenABookComes` | service polling, batch | yes |")
        .containsOnlyOnce("Weak: PKCE is off.");
    assertThat(Files.readString(file)).isEqualTo(run.out());
  }

  @Test
  void fitsIntoATerminalAndUsesColoursThere() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(out, true, UTF_8);
    Terminal terminal =
        new Terminal(
            new ByteArrayInputStream(new byte[0]),
            stream,
            stream,
            true,
            true,
            80,
            true,
            Map.of(),
            null);

    Stream.of("operations", "inspect").forEach(c -> Connectors.run(terminal, c, LIBRARY));
    Connectors.run(terminal, "describe", LIBRARY, "AddBook");

    String text = out.toString(UTF_8);
    assertThat(text).contains("\u001b[1m");
    assertThat(text.replaceAll("\u001b\\[[0-9]+m", "").lines())
        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
  }

  @Test
  void saysInOneLineWhatIsWrongWithACommandLine() {
    assertThat(shell.run("operatons", LIBRARY).err()).startsWith("connectors: unknown command");
    assertThat(shell.run("operations").code()).isEqualTo(2);
    assertThat(shell.run("operations").err()).endsWith("Try: connectors help operations\n");
    assertThat(shell.run("connections", "delete").err())
        .endsWith("Try: connectors connections delete --help\n");
    assertThat(shell.run("connections", "delete", "--help").code()).isZero();
    assertThat(shell.run("call", LIBRARY, "ListBooks", "--api-key=c4nary").err())
        .doesNotContain("c4nary");
  }
}
