package dev.connectorsdk.benchmark;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.http.AddressPolicy;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import okhttp3.FormBody;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import tools.jackson.databind.json.JsonMapper;

/**
 * From the start of a JVM to the first answer in a record, with a token of OAuth's client
 * credentials, over loopback HTTP: by the library and by hand with OkHttp and Jackson, each in JVMs
 * of its own, in turn; without a library that logs, which code by hand does not use. By the clock,
 * and by the processor, which other processes disturb less. Peak memory is what Linux says of the
 * process.
 *
 * <p>Budget: at most 1.2 times the time and 1.15 times the memory.
 */
public final class FirstAnswer {

  private static final String MEASURED = "measured ";

  private static final Action<Tickets.TicketQuery, Tickets.Ticket> GET =
      Action.builder("getTicket", Effect.READ, Tickets.TicketQuery.class, Tickets.Ticket.class)
          .run(
              (in, call) ->
                  call.http()
                      .get("/projects/{project}/tickets/{id}", in.project(), in.id())
                      .fetch(Tickets.Ticket.class));

  private FirstAnswer() {}

  /** What one JVM needed. */
  private record Needed(double millis, double processorMillis, double classes, double kilobytes) {}

  /**
   * Measures.
   *
   * @param args how many JVMs of each kind
   */
  public static void main(String[] args) throws Exception {
    switch (args[0]) {
      case "library" -> byLibrary(args[1]);
      case "hand" -> byHand(args[1]);
      default -> compare(Integer.parseInt(args[0]));
    }
  }

  private static void compare(int forks) throws Exception {
    List<Needed> ours = new ArrayList<>();
    List<Needed> byHand = new ArrayList<>();
    try (LoopbackService service = new LoopbackService()) {
      for (int i = -1; i < forks; i++) { // The first ones bring the files into memory.
        Needed one = run("library", service.url());
        Needed other = run("hand", service.url());
        if (i >= 0) {
          ours.add(one);
          byHand.add(other);
        }
      }
    }
    print("to the first answer", "ms", ours, byHand, Needed::millis);
    print("processor time", "ms", ours, byHand, Needed::processorMillis);
    print("classes", "loaded", ours, byHand, Needed::classes);
    print("peak memory", "kB", ours, byHand, Needed::kilobytes);
  }

  private static void print(
      String what,
      String unit,
      List<Needed> ours,
      List<Needed> byHand,
      ToDoubleFunction<Needed> of) {
    double mine = median(ours, of);
    double theirs = median(byHand, of);
    System.out.printf(
        "%s: %.0f %s, by hand %.0f, %.2f times%n", what, mine, unit, theirs, mine / theirs);
  }

  private static double median(List<Needed> all, ToDoubleFunction<Needed> of) {
    double[] sorted = all.stream().mapToDouble(of).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  private static Needed run(String kind, String url) throws Exception {
    long began = System.nanoTime();
    Process fork =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Xmx256m",
                "-cp",
                classPath(),
                FirstAnswer.class.getName(),
                kind,
                url)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader lines = fork.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(MEASURED)) {
          double millis = (System.nanoTime() - began) / 1e6;
          String[] words = line.split(" ", -1);
          return new Needed(
              millis,
              Double.parseDouble(words[3]),
              Double.parseDouble(words[1]),
              Double.parseDouble(words[2]));
        }
      }
      throw new IOException("The JVM gave no answer");
    } finally {
      fork.waitFor();
    }
  }

  private static String classPath() {
    return Arrays.stream(
            System.getProperty("java.class.path").split(Pattern.quote(File.pathSeparator), -1))
        .filter(entry -> !entry.contains("logback"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** Tells of an answer. */
  private static void answered(Tickets.Ticket ticket) throws IOException {
    if (!ticket.id().equals("T-20481")) {
      throw new IOException("Another ticket");
    }
    long peak = 0; // Where there is no such file, nobody knows.
    Path status = Path.of("/proc/self/status");
    if (Files.exists(status)) {
      for (String line : Files.readAllLines(status)) {
        peak = line.startsWith("VmHWM:") ? Long.parseLong(line.replaceAll("\\D", "")) : peak;
      }
    }
    int classes = ManagementFactory.getClassLoadingMXBean().getLoadedClassCount();
    Duration processor = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    System.out.println(MEASURED + classes + " " + peak + " " + processor.toMillis());
    System.exit(0);
  }

  private static void byLibrary(String url) throws IOException {
    Connector connector =
        Connector.builder("tickets", url)
            .auth(AuthOption.oauth2(OAuth2Scheme.clientCredentials(url + "/token")))
            .action(GET)
            .build();
    try (ConnectorRuntime runtime =
        ConnectorRuntime.builder()
            .connector(connector)
            .addressPolicy(AddressPolicy.allowAll())
            .build()) {
      Caller caller = Principal.user("ada").in("prod");
      ConnectionSpec spec =
          ConnectionSpec.of("tickets", "oauth2")
              .with("client_id", "desk")
              .secret("client_secret", Secret.of("s3cr3t-of-the-desk"));
      runtime.connections().create(caller, spec);
      ConnectionReference reference = ConnectionReference.invoker("my-tickets", "tickets");
      answered(
          runtime.invoke(
              caller, reference, GET, new Tickets.TicketQuery("facilities", "T-20481", 5)));
    }
  }

  private static void byHand(String url) throws IOException {
    OkHttpClient client = new OkHttpClient();
    JsonMapper mapper = JsonMapper.builder().build();
    Request forToken =
        new Request.Builder()
            .url(url + "/token")
            .post(
                new FormBody.Builder()
                    .add("grant_type", "client_credentials")
                    .add("client_id", "desk")
                    .add("client_secret", "s3cr3t-of-the-desk")
                    .build())
            .build();
    String token;
    try (Response response = client.newCall(forToken).execute()) {
      token = mapper.readTree(response.body().byteStream()).get("access_token").stringValue();
    }
    Request request =
        new Request.Builder()
            .url(url + "/projects/facilities/tickets/T-20481")
            .header("Accept", "application/json")
            .header("Authorization", "Bearer " + token)
            .build();
    try (Response response = client.newCall(request).execute()) {
      answered(mapper.readValue(response.body().byteStream(), Tickets.Ticket.class));
    }
  }
}
