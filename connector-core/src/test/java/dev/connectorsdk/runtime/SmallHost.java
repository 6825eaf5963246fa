package dev.connectorsdk.runtime;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.http.HttpLimits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import okhttp3.OkHttpClient;
import okhttp3.tls.Certificates;
import okhttp3.tls.HandshakeCertificates;

/**
 * A process with little memory, whose users ask services that misbehave. Prints a line for each
 * service: how the calls ended, and the most bytes that all of them held.
 */
final class SmallHost {

  private static final int USERS = 4;
  private static final long MILLIS_BETWEEN_LOOKS = 10;
  private static final ConnectionReference MINE = ConnectionReference.invoker("mine", "bad");

  private static final Action<Nothing, Nothing> ASK =
      Action.builder("ask", Effect.READ, Nothing.class, Nothing.class)
          .run(
              (in, call) -> {
                call.http().get("/x").send();
                return Nothing.NOTHING;
              });

  private SmallHost() {}

  public static void main(String[] arguments) throws Exception {
    HandshakeCertificates trusting =
        new HandshakeCertificates.Builder()
            .addTrustedCertificate(
                Certificates.decodeCertificatePem(Files.readString(Path.of(arguments[0]))))
            .build();
    OkHttpClient client =
        new OkHttpClient.Builder()
            .sslSocketFactory(trusting.sslSocketFactory(), trusting.trustManager())
            .build();
    for (String service : Files.readAllLines(Path.of(arguments[1]))) {
      String[] parts = service.split("\t", -1);
      System.out.println(parts[0] + "\t" + ask(parts[1], parts[2].equals("token"), client));
    }
  }

  private static Connector connector(String url) {
    return Connector.builder("bad", url)
        .auth(AuthOption.none())
        .auth(AuthOption.oauth2(OAuth2Scheme.clientCredentials(url + "/token")))
        .action(ASK)
        .build();
  }

  private static String ask(String url, boolean forToken, OkHttpClient client) throws Exception {
    Duration time = Duration.ofMillis(500);
    HttpLimits calls = HttpLimits.standard().withCallTimeout(time).withMaxAttempts(1);
    try (ConnectorRuntime runtime =
        ConnectorRuntime.builder()
            .connector(connector(url))
            .httpClient(client)
            .limits(calls)
            .tokenLimits(HttpLimits.forTokens().withCallTimeout(time))
            .sleeper(pause -> {}) // a token is asked for again at once
            .build()) {
      for (int i = 0; i < USERS; i++) {
        ConnectionSpec spec =
            forToken
                ? ConnectionSpec.of("bad", "oauth2")
                    .with("client_id", "id")
                    .secret("client_secret", Secret.of("s"))
                : ConnectionSpec.of("bad", "none");
        runtime.connections().create(user(i), spec.untested());
      }
      long before = held();
      List<String> outcomes = new ArrayList<>();
      List<Thread> users = new ArrayList<>();
      for (int i = 0; i < USERS; i++) {
        Caller user = user(i);
        Thread thread = new Thread(() -> add(outcomes, outcome(runtime, user)));
        users.add(thread);
        thread.start();
      }
      long most = 0;
      long last = before;
      long lastButOne = before;
      for (Thread user : users) {
        while (!hasEnded(user)) {
          long now = held();
          // What is garbage a moment later was allocated during the look.
          most = Math.max(most, Math.min(now, Math.min(last, lastButOne)) - before);
          lastButOne = last;
          last = now;
        }
      }
      return outcomes + "\t" + most;
    }
  }

  /** Leaves the processor to the users between two looks. */
  private static boolean hasEnded(Thread user) throws InterruptedException {
    user.join(MILLIS_BETWEEN_LOOKS);
    return !user.isAlive();
  }

  private static void add(List<String> outcomes, String outcome) {
    synchronized (outcomes) {
      outcomes.add(outcome);
    }
  }

  private static Caller user(int i) {
    return Principal.user("user-" + i).in("dev");
  }

  private static String outcome(ConnectorRuntime runtime, Caller user) {
    try {
      runtime.invoke(user, MINE, ASK, Nothing.NOTHING);
      return "answered";
    } catch (ConnectorException e) {
      return e.getClass().getSimpleName();
    } catch (Throwable e) {
      return e.toString();
    }
  }

  /** Returns how much is in use that is not garbage. */
  private static long held() {
    System.gc();
    Runtime process = Runtime.getRuntime();
    return process.totalMemory() - process.freeMemory();
  }
}
