package dev.connectorsdk.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.WebhookTrigger.Delivery;
import dev.connectorsdk.auth.webhook.WebhookSignatures;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A host with a heap of 128 MiB gets large requests that nobody has signed, and ordinary deliveries
 * among them.
 *
 * <p>The system property {@code storm.requests} says how many.
 */
@Timeout(900)
class SmallWebhookHostTest {

  private static final int REQUESTS = Integer.getInteger("storm.requests", 400);
  private static final int SENDERS = 16;
  private static final int PER_GENUINE = 10;
  private static final String LARGE = "x".repeat(1024 * 1024 - 200);

  @Test
  @DisplayName("G6: requests of 1 MiB that nobody has signed neither fill the heap nor the inbox")
  @Tag("G6")
  void largeRequestsThatNobodyHasSignedCostLittle() throws Exception {
    Process host = start();
    ExecutorService senders = Executors.newFixedThreadPool(SENDERS);
    try (var output = new BufferedReader(new InputStreamReader(host.getInputStream(), UTF_8))) {
      String[] told = line(output, "told ").split(" ", -1);
      URI url = URI.create(told[1]);
      Secret secret = Secret.of(told[2]);
      List<Callable<Integer>> requests = new ArrayList<>();
      List<Long> millis = Collections.synchronizedList(new ArrayList<>());
      for (int i = 0; i < REQUESTS; i++) {
        requests.add(() -> WebhookHostTest.send(url, forged()).statusCode());
        if (i % PER_GENUINE == 0) {
          String id = "msg-" + i;
          requests.add(() -> genuine(url, secret, id, millis));
        }
      }

      List<Integer> answers = new ArrayList<>();
      for (Future<Integer> answer : senders.invokeAll(requests)) {
        answers.add(answer.get());
      }
      host.getOutputStream().close();

      assertThat(answers).filteredOn(status -> status == 401).hasSize(REQUESTS);
      assertThat(answers).filteredOn(status -> status == 200).hasSize(millis.size());
      assertThat(line(output, "stored ")).isEqualTo("stored " + millis.size());
      assertThat(host.waitFor()).isZero();
      Collections.sort(millis);
      System.out.println("99 % of deliveries took " + millis.get(millis.size() * 99 / 100) + " ms");
    } finally {
      senders.shutdownNow();
      host.destroyForcibly();
    }
  }

  private static Delivery forged() {
    return new Delivery(
        "POST",
        Map.of(
            "content-type", List.of("application/json"),
            "webhook-id", List.of("msg-x"),
            "webhook-timestamp", List.of(String.valueOf(Instant.now().getEpochSecond())),
            "webhook-signature", List.of("v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")),
        null,
        ("{\"id\":\"T\",\"group\":\"" + LARGE + "\"}").getBytes(UTF_8));
  }

  private static int genuine(URI url, Secret secret, String id, List<Long> millis) {
    Delivery sample =
        new Delivery(
            "POST",
            Map.of("content-type", List.of("application/json"), "webhook-id", List.of(id)),
            null,
            WebhookHostTest.item(id).getBytes(UTF_8));
    Delivery signed =
        WebhookSignatures.sign(WebhookHostTest.SIGNATURE, secret, sample, url, Instant.now());
    long began = System.nanoTime();
    int status = WebhookHostTest.send(url, signed).statusCode();
    millis.add((System.nanoTime() - began) / 1_000_000);
    return status;
  }

  private static String line(BufferedReader output, String beginning) throws IOException {
    String line = output.readLine();
    while (line != null && !line.startsWith(beginning)) {
      line = output.readLine();
    }
    assertThat(line).as("what the host says").isNotNull();
    return line;
  }

  private static Process start() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            SmallWebhookHost.class.getName())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
