package dev.connectorsdk.examples.cli;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.internal.ByteOrderMark;
import dev.connectorsdk.gateway.GatewayAgent;
import dev.connectorsdk.gateway.GatewayStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "gateway",
    description = {
      "Runs and looks after a member of a gateway.",
      "",
      "A member runs inside a network, dials out to a host, and carries requests for",
      "it to the origins that it was given. HTTPS_PROXY and NO_PROXY say how it gets",
      "out."
    },
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Examples:",
      "  connectors gateway register https://host.example/gateway \\",
      "      --code-file code.txt",
      "  connectors gateway run https://host.example/gateway \\",
      "      --allow http://erp.corp:8080"
    })
final class GatewayCommand extends TerminalCommand {

  GatewayCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    throw new UsageException("what is to be done? Try: connectors help gateway");
  }

  /** What is done as a member. */
  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  abstract static class Member extends TerminalCommand {

    @Parameters(
        paramLabel = "URL",
        description = "The host's address for gateways: https; http in tests alone.")
    private String host;

    @Option(
        names = "--folder",
        paramLabel = "DIR",
        defaultValue = "gateway",
        description = "Where the member's keys are. Default: ${DEFAULT-VALUE}")
    private Path folder;

    @Option(
        names = "--trust",
        paramLabel = "FILE",
        description = "Certificates (PEM) of authorities or servers that the host may show.")
    private List<Path> trust = List.of();

    Member(Terminal terminal) {
      super(terminal);
    }

    /** What the member may reach. */
    List<String> origins() {
      return List.of();
    }

    abstract void run(GatewayAgent agent) throws IOException, InterruptedException;

    @Override
    public final Integer call() throws IOException, InterruptedException {
      try (GatewayAgent agent = agent()) {
        run(agent);
        return ExitCode.OK;
      } catch (UncheckedIOException | IOException | IllegalStateException e) {
        throw new FailedException(String.valueOf(e.getMessage()));
      }
    }

    private GatewayAgent agent() throws IOException {
      try {
        GatewayAgent.Builder builder = GatewayAgent.builder(host, folder).telling(this::hint);
        origins().forEach(builder::allowing);
        String proxy = terminal().environment().get("HTTPS_PROXY");
        if (proxy != null && !proxy.isEmpty()) {
          builder.proxy(
              Secret.of(proxy), terminal().environment().getOrDefault("NO_PROXY", "localhost"));
        }
        return trust.isEmpty() ? builder.build() : builder.trusting(certificates()).build();
      } catch (IllegalArgumentException e) {
        throw new UsageException(String.valueOf(e.getMessage()));
      }
    }

    private List<X509Certificate> certificates() throws IOException {
      List<X509Certificate> all = new ArrayList<>();
      for (Path file : trust) {
        try (InputStream in = Files.newInputStream(file)) {
          CertificateFactory.getInstance("X.509")
              .generateCertificates(in)
              .forEach(one -> all.add((X509Certificate) one));
        } catch (CertificateException e) {
          throw new UsageException(file + " has no certificates (PEM)");
        }
      }
      return all;
    }

    /** A secret that stands in a file alone is in no list of processes. */
    Secret secretIn(Path file) throws IOException {
      Secret secret = Secret.of(ByteOrderMark.removedFrom(Files.readAllBytes(file)).strip());
      hide(List.of(secret));
      return secret;
    }
  }

  @Command(
      name = "register",
      description = "Registers this member by a code that the host has given, once.")
  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  static final class Register extends Member {

    @Option(
        names = "--code-file",
        required = true,
        paramLabel = "FILE",
        description = "A file with the code.")
    private Path code;

    @Option(
        names = "--name",
        paramLabel = "NAME",
        defaultValue = "member",
        description = "What people call this member. Default: ${DEFAULT-VALUE}")
    private String name;

    @Option(
        names = "--sealing-key",
        paramLabel = "FINGERPRINT",
        description = "Of the gateway's key, as another member shows it; none for the first one.")
    private @Nullable String sealingKey;

    Register(Terminal terminal) {
      super(terminal);
    }

    @Override
    void run(GatewayAgent agent) throws IOException {
      agent.register(secretIn(code), name, sealingKey);
      GatewayAgent.State state = agent.refresh(made -> say("Recovery key: " + made.reveal()));
      say("State:        " + state);
      say("Fingerprint:  " + agent.fingerprint());
      agent.sealingKey().ifPresent(key -> say("Sealing key:  " + key));
    }
  }

  @Command(name = "show", description = "Shows how this member stands, and its fingerprints.")
  static final class Show extends Member {

    Show(Terminal terminal) {
      super(terminal);
    }

    @Override
    void run(GatewayAgent agent) {
      say("State:        " + agent.refresh(made -> say("Recovery key: " + made.reveal())));
      say("Fingerprint:  " + agent.fingerprint());
      agent.sealingKey().ifPresent(key -> say("Sealing key:  " + key));
    }
  }

  @Command(
      name = "status",
      description = {
        "Shows which members of the gateway have lines to the host, and how these are.",
        "",
        "Exit code 1 says that no member has one, or that the host does not answer."
      })
  static final class Status extends Member {

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    Status(Terminal terminal) {
      super(terminal);
    }

    @Override
    void run(GatewayAgent agent) {
      GatewayStatus status = agent.status();
      if (json) {
        Json.print(StatusPage.json(status), terminal().out());
      } else {
        StatusPage.print(status, terminal());
      }
      if (status.members().stream().noneMatch(GatewayStatus.Member::isConnected)) {
        throw new FailedException("no member of the gateway has a line to the host");
      }
    }
  }

  @Command(name = "let-in", description = "Lets another member in, and hands it the gateway's key.")
  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  static final class LetIn extends Member {

    @Option(
        names = "--fingerprint",
        required = true,
        paramLabel = "TEXT",
        description = "Of the other member, as it shows it itself.")
    private String fingerprint;

    LetIn(Terminal terminal) {
      super(terminal);
    }

    @Override
    void run(GatewayAgent agent) {
      agent.letIn(fingerprint);
      say("The member is let in.");
    }
  }

  /** Where a recovery key is. */
  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  private static final class RecoveryKeyFile {

    @Option(
        names = "--key-file",
        required = true,
        paramLabel = "FILE",
        description = "A file with the recovery key.")
    private Path file;
  }

  @Command(
      name = "recovery-verify",
      description = "Proves that a recovery key restores the gateway's key.")
  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  static final class RecoveryVerify extends Member {

    @Mixin private RecoveryKeyFile key;

    RecoveryVerify(Terminal terminal) {
      super(terminal);
    }

    @Override
    void run(GatewayAgent agent) throws IOException {
      say("It restores the sealing key " + agent.verifyRecovery(secretIn(key.file)));
    }
  }

  @Command(
      name = "recover",
      description = "Gets the gateway's key by the recovery key, where no member is left.")
  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  static final class Recover extends Member {

    @Mixin private RecoveryKeyFile key;

    Recover(Terminal terminal) {
      super(terminal);
    }

    @Override
    void run(GatewayAgent agent) throws IOException {
      agent.recover(secretIn(key.file));
      agent.sealingKey().ifPresent(restored -> say("Sealing key:  " + restored));
    }
  }

  @Command(
      name = "recovery-renew",
      description = "Makes another recovery key. The one before restores nothing any more.")
  static final class RecoveryRenew extends Member {

    RecoveryRenew(Terminal terminal) {
      super(terminal);
    }

    @Override
    void run(GatewayAgent agent) {
      agent.renewRecovery(made -> say("Recovery key: " + made.reveal()));
    }
  }

  @Command(
      name = "rekey",
      description = {
        "Makes another key for the gateway, and seals the secrets of its connections again.",
        "",
        "Only this member gets it, and those that are named; all others have to be let",
        "in again. Members that run go on with what this one has left, and forget the",
        "former key when nothing was left twice."
      })
  static final class Rekey extends Member {

    @Option(
        names = "--member",
        paramLabel = "FINGERPRINT",
        description = "Of another member that gets the key, as it shows it itself.")
    private Set<String> others = Set.of();

    Rekey(Terminal terminal) {
      super(terminal);
    }

    @Override
    void run(GatewayAgent agent) {
      String key = agent.renewSealingKey(others, made -> say("Recovery key: " + made.reveal()));
      say("Sealing key:  " + key);
      GatewayAgent.Resealed resealed = agent.resealSecrets();
      say("Sealed again: " + resealed.connections() + " connections");
      resealed.left().forEach(id -> say("To be entered again: connection " + id));
    }
  }

  @Command(
      name = "run",
      description = {
        "Carries requests until Ctrl+C ends it.",
        "",
        "Says when a line to the host is there or lost, and which origins are asked for",
        "that --allow does not name.",
        "A host that is down is dialled again and again; one that refuses this member",
        "ends it, with exit code 1."
      })
  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  static final class Run extends Member {

    private static final Duration DRAINING = Duration.ofSeconds(10);

    @Option(
        names = "--allow",
        required = true,
        paramLabel = "ORIGIN",
        description = "Where requests may go, such as http://erp.corp:8080. Nowhere else.")
    private List<String> origins;

    Run(Terminal terminal) {
      super(terminal);
    }

    @Override
    List<String> origins() {
      return origins;
    }

    @Override
    void run(GatewayAgent agent) throws IOException, InterruptedException {
      Goodbye goodbye = Goodbye.beginning(() -> drain(agent));
      try {
        hint("Dialling the host. Ctrl+C ends it.");
        agent.run();
      } finally {
        goodbye.end();
      }
    }

    private static void drain(GatewayAgent agent) {
      try {
        agent.drain(DRAINING);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
