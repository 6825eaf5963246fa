package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.ClientCertificateScheme;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.consent.ConsentOptions;
import dev.connectorsdk.consent.PendingConsent;
import dev.connectorsdk.jdbc.JdbcStore;
import dev.connectorsdk.jdbc.Traces;
import dev.connectorsdk.runtime.Tickets.TicketId;
import dev.connectorsdk.secret.KeyRing;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import okhttp3.tls.HeldCertificate;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands in the files of a database after everything that a runtime does with secrets. */
class StoredSecretsTest extends HostTest {

  private static final URI CALLBACK = URI.create("https://app.test/callback/tickets");

  @TempDir private Path folder;
  private final List<String> secrets = new ArrayList<>();

  @Override
  Connector connector() {
    return Tickets.builder(url())
        .auth(
            AuthOption.oauth2(OAuth2Scheme.deviceCode(url() + "/device", url() + "/token"))
                .named("device"))
        .auth(
            AuthOption.oauth2(
                    OAuth2Scheme.authorizationCode(url() + "/authorize", url() + "/token")
                        .dpop("ES256"))
                .named("bound"))
        .auth(AuthOption.certificate(ClientCertificateScheme.pem()).named("pem"))
        .build();
  }

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    JdbcDataSource database = new JdbcDataSource();
    database.setURL("jdbc:h2:file:" + folder.resolve("store"));
    return builder
        .client("tickets", "signIn", CLIENT)
        .client("tickets", "bound", CLIENT)
        .client("tickets", "device", CLIENT)
        .store(JdbcStore.builder(database).build(), KeyRing.random());
  }

  private Secret secret(String text) {
    secrets.add(text);
    return Secret.of(text);
  }

  private void theServiceIssues(String name) {
    secret("access-token-" + name);
    secret("refresh-token-" + name);
    service.stubFor(
        post("/token")
            .willReturn(
                okJson(
                    """
                    {"access_token":"access-token-%1$s","refresh_token":"refresh-token-%1$s",
                     "token_type":"%2$s","expires_in":3600}
                    """
                        .formatted(name, name.contains("bound") ? "DPoP" : "Bearer"))));
  }

  @Test
  @DisplayName("C6: no secret is in the database's files in any form, from sign-in to deletion")
  void noSecretIsInTheFilesOfTheDatabase() throws IOException {
    service.stubFor(any(anyUrl()).willReturn(okJson("{\"id\":\"1\",\"title\":\"T\"}")));
    secret(CLIENT.clientSecret().reveal());
    enterCredentials();
    signIn("signIn", "first");
    signIn("bound", "bound");
    renew();
    beginAndLeave();

    runtime.close();

    assertThat(secrets).hasSizeGreaterThan(20);
    assertThat(Traces.below(folder, "a name of adas")).as("what is no secret").isNotEmpty();
    assertThat(secrets).allSatisfy(secret -> assertThat(Traces.below(folder, secret)).isEmpty());
  }

  private void enterCredentials() {
    HeldCertificate certificate = new Certificates("authority").client("ada");
    List<ConnectionSpec> specs =
        List.of(
            ConnectionSpec.of("tickets", "apiKey").secret("api_key", secret("entered-key-7d1e")),
            ConnectionSpec.of("tickets", "bearer").secret("token", secret("entered-token-90ab")),
            ConnectionSpec.of("tickets", "basic")
                .with("username", "ada")
                .secret("password", secret("entered-password?+/%\"ü")),
            ConnectionSpec.of("tickets", "oauth2")
                .with("client_id", "app")
                .secret("client_secret", secret("entered-client-secret-c4")),
            ConnectionSpec.of("tickets", "pem")
                .secret("certificate", Secret.of(certificate.certificatePem()))
                .secret("private_key", Secret.of(certificate.privateKeyPkcs8Pem())));
    certificate.privateKeyPkcs8Pem().lines().filter(l -> !l.startsWith("-")).forEach(this::secret);
    theServiceIssues("of-the-client");
    for (int i = 0; i < specs.size(); i++) {
      Caller caller = Principal.user("u" + i).in("dev");
      var connection =
          runtime.connections().create(caller, specs.get(i).named("a name of adas").untested());
      if (!specs.get(i).authOption().equals("pem")) {
        runtime.invoke(caller, MINE, Tickets.GET, new TicketId("1"));
      }
      if (i % 2 == 1) {
        runtime.connections().delete(caller, connection.id());
      }
    }
  }

  private void signIn(String option, String name) {
    theServiceIssues(name);
    PendingConsent pending = begin(option);
    secret(SignIns.state(pending));
    runtime
        .consents()
        .complete(
            ADA.principal(),
            SignIns.callback(CALLBACK, pending, "code=" + secret("code-" + name).reveal()),
            "session-of-ada");
    service.findAll(postRequestedFor(urlEqualTo("/token"))).stream()
        .map(LoggedRequest::getBodyAsString)
        .filter(body -> body.contains("code_verifier="))
        .forEach(body -> secret(body.replaceAll(".*code_verifier=([^&]*).*", "$1")));
  }

  private PendingConsent begin(String option) {
    return runtime
        .consents()
        .begin(
            ADA,
            ConnectionSpec.of("tickets", option),
            "session-of-ada",
            ConsentOptions.standard().redirectUri(CALLBACK));
  }

  private void renew() {
    theServiceIssues("renewed");
    clock.advance(Duration.ofHours(2));
    runtime.keepAlive(Duration.ZERO);
  }

  /** Sign-ins that nobody has finished when the runtime ends. */
  private void beginAndLeave() {
    secret(SignIns.state(begin("signIn")));
    secret("session-of-ada");
    service.stubFor(
        post("/device")
            .willReturn(
                okJson(
                    """
                    {"device_code":"%s","user_code":"%s","verification_uri":"https://id.test/d"}
                    """
                        .formatted(
                            secret("device-code-51c0").reveal(),
                            secret("USER-CODE-17").reveal()))));
    runtime.consents().beginDevice(ADA, ConnectionSpec.of("tickets", "device"));
  }
}
