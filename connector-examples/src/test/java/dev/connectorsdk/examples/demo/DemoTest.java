package dev.connectorsdk.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DemoTest {

  private static String output(String... arguments) throws IOException {
    PrintStream before = System.out;
    ByteArrayOutputStream captured = new ByteArrayOutputStream();
    System.setOut(new PrintStream(captured, true, StandardCharsets.UTF_8));
    try {
      Demo.main(arguments);
    } finally {
      System.setOut(before);
    }
    return captured.toString(StandardCharsets.UTF_8);
  }

  private static Set<String> leftOvers() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files
          .map(String::valueOf)
          .filter(name -> name.contains("connector-demo"))
          .collect(Collectors.toSet());
    }
  }

  private static Set<Thread> threadsThatKeepAJvmAlive() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.isAlive() && !thread.isDaemon())
        .collect(Collectors.toSet());
  }

  @Test
  void showsWhatTheLibraryIsForAndLeavesNothingBehind() throws Exception {
    Set<Thread> threads = threadsThatKeepAJvmAlive();
    Set<String> files = leftOvers();

    String shown = output();

    assertThat(shown.lines())
        .contains(
            "  none     CONNECTED as guest",
            "  basic    CONNECTED as ada",
            "  apiKey   CONNECTED as helpdesk-bot",
            "  bearer   CONNECTED as ada",
            "  app      CONNECTED as app",
            "  session  CONNECTED as ada",
            "    my-desk   CONNECTION_REQUIRED: Make your own connection to 'helpdesk' first.",
            "    'none in dev' fits, as others do",
            "  complete: CONNECTED as ben",
            "  user:ben in dev running morning-report: 3 open tickets; new: Meet in Ada Lovelace,"
                + " floor 2 (by ben)",
            "  user:ben in prod running morning-report: 2 open tickets; new: Meet in Ada Lovelace,"
                + " floor 2 (by ben)",
            "  Two runs, one refresh. Grants so far: [client_credentials, authorization_code,"
                + " refresh_token]",
            "  There already: Meet in Ada Lovelace, floor 2 (by ada)",
            "  There already: Meet in Ada Lovelace, floor 2 (by ben)",
            "  New:           Meet in Ada Lovelace, floor 2 (by ben)",
            "  The alarm goes on as well: Meet in Ada Lovelace, floor 2 (by ben)",
            "  Ada's session, renewed in passing: OK",
            "  Ada in dev has 7 connections.",
            "    ben       dev: may not use it                    prod: may not use it",
            "    cleo      dev: needs own connections             prod: needs own connections",
            "      user:cleo gains desk, rooms",
            "    user:ben becomes a co-owner and gains [desk, rooms]",
            "    cleo      dev: uses Ada's connections            prod: uses Ada's connections",
            "    cleo      dev: uses Ada's connections            prod: refused by policy 'apart'")
        .anyMatch(line -> line.matches("  Secrets that the database file shows: 0 of \\d+"));
    assertThat(shown)
        .doesNotContain(
            DemoService.PASSWORD,
            DemoService.API_KEY,
            DemoService.PERSONAL_TOKEN,
            DemoService.CLIENT_SECRET,
            DemoService.ROOMS_KEY,
            "access-",
            "refresh-",
            "session-");
    assertThat(leftOvers()).isEqualTo(files);
    for (Thread thread : threadsThatKeepAJvmAlive()) {
      if (!threads.contains(thread)) {
        thread.join(10_000);
        assertThat(thread.isAlive()).as(thread.getName()).isFalse();
      }
    }
  }
}
