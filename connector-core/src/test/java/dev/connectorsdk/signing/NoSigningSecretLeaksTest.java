package dev.connectorsdk.signing;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.Fault;
import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.AwsSignatureScheme;
import dev.connectorsdk.api.auth.AzureSharedKeyScheme;
import dev.connectorsdk.api.auth.ClientCertificateScheme;
import dev.connectorsdk.api.auth.OAuth1Scheme;
import dev.connectorsdk.api.auth.SignatureScheme;
import dev.connectorsdk.api.auth.SignatureScheme.KeyEncoding;
import dev.connectorsdk.api.event.ConnectorEvent;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.fixtures.SettableClock;
import dev.connectorsdk.runtime.Canaries;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Every way to sign, every way to fail, everything that is printed about it. */
class NoSigningSecretLeaksTest {

  private static final ConnectionReference MINE = ConnectionReference.invoker("mine", "signed");
  private static final List<String> CANARIES =
      List.of(
          "canary-azure-1c9e",
          "canary-aws-secret-77",
          "canary-session-a0b1",
          "canary-consumer-4d",
          "canary-oauth-token-9",
          "canary-token-secret",
          "canary-hmac-key-3f",
          "canary-pfx-password");

  private static final Action<String, String> CALL =
      Action.builder("call", Effect.READ, String.class, String.class)
          .run((target, call) -> call.http().callEncoded("PUT", target).send().text());

  private final WireMockServer service =
      new WireMockServer(WireMockConfiguration.options().dynamicPort());
  private final SettableClock clock = new SettableClock();
  private final List<ConnectorEvent> events = new CopyOnWriteArrayList<>();
  private final Canaries canaries = new Canaries(CANARIES);
  private ConnectorRuntime runtime;

  @BeforeEach
  void start() {
    service.start();
    Connector connector =
        Connector.builder("signed", service.baseUrl())
            .auth(AuthOption.azureSharedKey(AzureSharedKeyScheme.blob()))
            .auth(AuthOption.aws(AwsSignatureScheme.of("service").inRegion("eu-west-1")))
            .auth(AuthOption.oauth1(OAuth1Scheme.hmacSha1()))
            .auth(AuthOption.oauth1(OAuth1Scheme.plaintext()).named("plaintext"))
            .auth(AuthOption.oauth1(OAuth1Scheme.rsaSha1()).named("rsa"))
            .auth(AuthOption.signature(hmac()))
            .auth(AuthOption.signature(hmac().keyIn(KeyEncoding.HEX)).named("hex"))
            .auth(AuthOption.certificate(ClientCertificateScheme.pkcs12()).named("pfx"))
            .auth(AuthOption.certificate(ClientCertificateScheme.pem()).named("pem"))
            .action(CALL)
            .build();
    runtime =
        ConnectorRuntime.builder()
            .connector(connector)
            .clock(clock)
            .sleeper(clock)
            .listener(events::add)
            .build();
  }

  private static SignatureScheme hmac() {
    return SignatureScheme.hmacSha256("{path}{parameter:secret_key}")
        .header("X-Signature", "{signature}");
  }

  @AfterEach
  void stop() {
    canaries.close();
    runtime.close();
    service.stop();
  }

  @Test
  @DisplayName("D1: nothing that is printed has a key, a part of one, or a form of one")
  void noKeyIsPrinted() throws Exception {
    HeldCertificate held = new HeldCertificate.Builder().rsa2048().build();
    String pem = held.privateKeyPkcs8Pem();
    List<ConnectionSpec> specs =
        List.of(
            spec("sharedKey", "access_key", base64(CANARIES.get(0))).with("account_name", "acc"),
            spec("sharedKey", "access_key", CANARIES.get(0)).with("account_name", "acc"),
            spec("aws", "secret_access_key", CANARIES.get(1))
                .secret("session_token", Secret.of(CANARIES.get(2)))
                .with("access_key_id", "AKID"),
            spec("aws", "secret_access_key", CANARIES.get(1))
                .secret("session_token", Secret.of(CANARIES.get(2) + "\n"))
                .with("access_key_id", "AKID"),
            oauth1("oauth1"),
            oauth1("plaintext"),
            spec("rsa", "private_key", CANARIES.get(6)).with("consumer_key", "app"),
            spec("rsa", "private_key", pem).with("consumer_key", "app"),
            spec("signature", "secret_key", CANARIES.get(6)),
            spec("hex", "secret_key", CANARIES.get(6)),
            spec("pfx", "pfx", base64("not a file"))
                .secret("pfx_password", Secret.of(CANARIES.get(7))),
            spec("pem", "private_key", pem).secret("certificate", Secret.of(held.certificatePem())),
            spec("pem", "private_key", pem.replace("PRIVATE", "EC PRIVATE"))
                .secret("certificate", Secret.of(held.certificatePem())));
    for (int i = 0; i < specs.size(); i++) {
      Caller caller = Principal.user("u" + i).in("dev");
      ConnectionSpec spec = specs.get(i);
      canaries.print(spec);
      canaries.attempt(() -> canaries.print(runtime.connections().create(caller, spec)));
      callEveryWay(caller);
    }
    canaries.print(events);
    canaries.print(AuthOption.signature(hmac()).scheme());

    assertThat(whatTheServiceGot())
        .contains("SharedKey acc:", "AWS4-HMAC-SHA256 ", "OAuth ", "X-Signature", CANARIES.get(2));
    String everything = canaries.everything();
    assertThat(everything).contains("dev.connectorsdk");
    assertThat(canaries.found()).isEmpty();
    pem.lines()
        .filter(line -> !line.startsWith("-----"))
        .forEach(line -> assertThat(everything).doesNotContain(line));
  }

  private String whatTheServiceGot() {
    return service.getAllServeEvents().stream()
        .map(event -> event.getRequest().toString())
        .collect(Collectors.joining());
  }

  private static ConnectionSpec spec(String option, String parameter, String secret) {
    return ConnectionSpec.of("signed", option).secret(parameter, Secret.of(secret));
  }

  private static ConnectionSpec oauth1(String option) {
    return spec(option, "consumer_secret", CANARIES.get(3))
        .with("consumer_key", "app")
        .secret("token", Secret.of(CANARIES.get(4)))
        .secret("token_secret", Secret.of(CANARIES.get(5)));
  }

  private void callEveryWay(Caller caller) {
    List<ResponseDefinitionBuilder> answers =
        List.of(
            ok(),
            aResponse().withStatus(401).withBody(CANARIES.toString()),
            aResponse().withStatus(403).withBody("SignatureDoesNotMatch " + CANARIES),
            aResponse().withStatus(503),
            aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER));
    for (ResponseDefinitionBuilder answer : answers) {
      service.stubFor(any(anyUrl()).willReturn(answer));
      canaries.attempt(() -> runtime.invoke(caller, MINE, CALL, "/a?b=c"));
    }
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }
}
