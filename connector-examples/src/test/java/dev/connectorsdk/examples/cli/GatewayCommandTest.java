package dev.connectorsdk.examples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.examples.gateways.JavalinGateways;
import dev.connectorsdk.fixtures.LocalServer;
import dev.connectorsdk.runtime.ConnectorRuntime;
import io.javalin.Javalin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A member of a gateway, as a program. */
@Timeout(60)
@SuppressWarnings("NullAway.Init") // JUnit sets the folder
class GatewayCommandTest {

  private static final Caller ADA = Principal.user("ada").in("prod");

  @TempDir Path folder;
  private final ConnectorRuntime runtime = ConnectorRuntime.builder().build();
  private final Javalin app = Javalin.create();
  private String gateway;

  @BeforeEach
  void start() {
    new JavalinGateways(runtime.gateways().endpoint()).addTo(app);
    app.start("localhost", 0);
    gateway = runtime.gateways().create(Administrator.of(ADA.principal(), "prod"), "Plant 3").id();
  }

  @AfterEach
  void stop() {
    runtime.close();
    app.stop();
  }

  private Shell.Run run(String command, String... more) {
    return runIn("member", command, more);
  }

  private Shell.Run runIn(String member, String command, String... more) {
    return new Shell()
        .run(
            Shell.arguments(
                List.of(
                    "gateway",
                    command,
                    "http://localhost:" + app.port() + "/gateway",
                    "--folder",
                    folder.resolve(member).toString()),
                more));
  }

  private Shell.Run register() throws IOException {
    return register("member");
  }

  private Shell.Run register(String member) throws IOException {
    Path code = folder.resolve("code");
    Files.writeString(
        code, runtime.gateways().registrationCode(ADA, gateway).reveal() + "\n", UTF_8);
    return runIn(member, "register", "--code-file", code.toString());
  }

  @Test
  void theFirstMemberRegistersByItsCodeAndShowsItsKeysOnce() throws IOException {
    Shell.Run registered = register();
    Shell.Run shown = run("show");

    assertThat(registered.code()).isZero();
    assertThat(registered.out()).contains("Recovery key: ", "READY", "Fingerprint: ");
    assertThat(shown.code()).isZero();
    assertThat(shown.out()).contains("READY", "Sealing key: ").doesNotContain("Recovery key");
  }

  private Path keyFile(Shell.Run shown) throws IOException {
    return Files.writeString(folder.resolve("key"), shownAs("Recovery key: ", shown), UTF_8);
  }

  private static String shownAs(String label, Shell.Run run) {
    return run.out()
        .lines()
        .filter(line -> line.startsWith(label))
        .map(line -> line.substring(label.length()).strip())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void anotherMachineGetsTheKeyByTheRecoveryKey() throws IOException {
    Shell.Run first = register();
    register("another");

    Shell.Run recovered = runIn("another", "recover", "--key-file", keyFile(first).toString());

    assertThat(recovered.code()).isZero();
    assertThat(shownAs("Sealing key:", recovered)).isEqualTo(shownAs("Sealing key:", first));
    assertThat(shownAs("State:", runIn("another", "show"))).isEqualTo("READY");
  }

  @Test
  void aNewRecoveryKeyTakesThePlaceOfTheFormerOne() throws IOException {
    Shell.Run first = register();

    Shell.Run renewed = run("recovery-renew");

    assertThat(run("recovery-verify", "--key-file", keyFile(first).toString()).code()).isEqualTo(1);
    assertThat(run("recovery-verify", "--key-file", keyFile(renewed).toString()).code()).isZero();
  }

  @Test
  void anotherSealingKeyTakesThePlaceOfTheFormerOne() throws IOException {
    Shell.Run first = register();

    Shell.Run rekeyed = run("rekey");

    assertThat(rekeyed.code()).isZero();
    assertThat(rekeyed.out()).contains("Recovery key: ", "Sealed again: 0 connections");
    assertThat(shownAs("Sealing key:", rekeyed)).isNotEqualTo(shownAs("Sealing key:", first));
    assertThat(shownAs("Sealing key:", run("show"))).isEqualTo(shownAs("Sealing key:", rekeyed));
    assertThat(runtime.gateways().list(ADA).get(0).fingerprint())
        .isEqualTo(shownAs("Sealing key:", rekeyed));
  }

  @Test
  void aCodeThatWasTakenBeforeIsRefused() throws IOException {
    register();

    Shell.Run again =
        runIn("another", "register", "--code-file", folder.resolve("code").toString());

    assertThat(again.code()).isEqualTo(1);
    assertThat(again.err()).startsWith("connectors: ").doesNotContain("unexpected");
  }

  @Test
  void theStatusShowsEachLineAndWhoHasNone() throws Exception {
    register();
    Shell.Run before = run("status");

    assertThat(before.code()).isEqualTo(1);
    assertThat(before.out()).contains("member", "no line", "never");
    assertThat(before.err()).contains("no member of the gateway has a line");

    FutureTask<Shell.Run> member =
        new FutureTask<>(() -> run("run", "--allow", "http://erp.inside.test"));
    Thread running = new Thread(member);
    running.start();
    try {
      while (runtime.gateways().status(ADA, gateway).members().get(0).lines().isEmpty()) {
        Thread.onSpinWait();
      }
      Shell.Run status = run("status");
      Shell.Run json = run("status", "--json");

      assertThat(status.code()).isZero();
      assertThat(status.out()).contains("127.0.0.1").doesNotContain("no line");
      assertThat(json.code()).isZero();
      assertThat(Json.MAPPER.readTree(json.out()).at("/members/0/lines/0/inFlight").asInt(-1))
          .isZero();
    } finally {
      running.interrupt();
    }
    assertThat(member.get().err()).contains("There is a line to process ");
  }

  @Test
  void aMemberThatWasNotLetInIsShownNoStatus() throws IOException {
    register();
    Path code = folder.resolve("other-code");
    Files.writeString(code, runtime.gateways().registrationCode(ADA, gateway).reveal(), UTF_8);
    runIn("other", "register", "--code-file", code.toString());

    Shell.Run status = runIn("other", "status");

    assertThat(status.code()).isEqualTo(1);
    assertThat(status.err()).contains("was not let in yet");
    assertThat(runIn("third", "status").err()).contains("was not registered");
  }

  @Test
  void aMemberThatTheHostHasRemovedEndsWithItsReason() throws IOException {
    register();
    String member = runtime.gateways().list(ADA).get(0).members().get(0).id();
    runtime.gateways().removeMember(ADA, gateway, member);

    Shell.Run run = run("run", "--allow", "http://erp.inside.test");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("member");
  }

  @Test
  void aMemberThatWasNotRegisteredSaysSo() {
    Shell.Run run = run("run", "--allow", "http://erp.inside.test");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("was not registered");
  }

  @Test
  void aHostThatIsNotThereIsNamed() throws IOException {
    Path code = Files.writeString(folder.resolve("code"), "a-code");

    Shell.Run run =
        new Shell()
            .run(
                "gateway",
                "register",
                "http://localhost:" + LocalServer.freePort() + "/gateway",
                "--code-file",
                code.toString(),
                "--folder",
                folder.toString());

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("Connect");
  }

  @Test
  void whatDoesNotFitIsRefusedBeforeAnythingIsSent() {
    assertThat(run("run").code()).isEqualTo(2);
    assertThat(run("run", "--allow", "erp.inside.test").code()).isEqualTo(2);
    assertThat(new Shell().run("gateway").code()).isEqualTo(2);
  }
}
