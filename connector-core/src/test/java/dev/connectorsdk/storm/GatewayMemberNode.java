package dev.connectorsdk.storm;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.fixtures.LocalServer;
import dev.connectorsdk.gateway.GatewayAgent;
import dev.connectorsdk.internal.gateway.agent.Trust;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import okhttp3.OkHttpClient;

/**
 * A gateway's member in a process of its own, which ends when its input does. It says {@code
 * running} when it begins to carry requests, and {@code lines <number>} whenever it holds another
 * number of lines.
 */
final class GatewayMemberNode {

  private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(10);

  private GatewayMemberNode() {}

  /**
   * Runs a member.
   *
   * @param args the port of the host, the folder of its keys, the URLs of the service with commas
   *     between them, a code if it is to register, and a file with a certificate of services
   */
  public static void main(String[] args) throws Exception {
    GatewayAgent.Builder builder =
        GatewayAgent.builder("ws://localhost:" + args[0] + "/gateway", Path.of(args[1]));
    for (String service : args[2].split(",", -1)) {
      builder.allowing(service);
    }
    if (args.length > 4) {
      Trust trust = Trust.of(List.of(certificate(Path.of(args[4]))));
      builder.calling(trust.of(new OkHttpClient.Builder()).build());
    }
    GatewayAgent agent = builder.build();
    if (args.length > 3) {
      agent.register(Secret.of(args[3]), "member", null);
      agent.refresh(recoveryKey -> {});
    }
    LocalServer.daemon(
        () -> {
          while (System.in.read() >= 0) {
            // Whoever has started this process lives.
          }
          Runtime.getRuntime().halt(0);
        });
    LocalServer.daemon(() -> tellLines(agent));
    say("running");
    agent.run();
  }

  private static X509Certificate certificate(Path file) throws Exception {
    try (InputStream pem = Files.newInputStream(file)) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(pem);
    }
  }

  private static void tellLines(GatewayAgent agent) {
    int before = 0;
    while (true) {
      int now = agent.connected();
      if (now != before) {
        say("lines " + now);
        before = now;
      }
      LockSupport.parkNanos(LOOK);
    }
  }

  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }
}
