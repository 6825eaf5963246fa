package dev.connectorsdk.auth;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.auth.ConsentStrategy.ConsentCallback;
import dev.connectorsdk.api.auth.ConsentStrategy.ConsentRequest;
import dev.connectorsdk.api.auth.ConsentStrategy.ConsentStart;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.OAuth2Scheme.ClientAuthentication;
import dev.connectorsdk.api.error.ConnectorException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.URLEncoder;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

/** A hostile token endpoint echoes what it was sent; none of it may come out again. */
@Tag("D1")
class NoSecretsTest {

  private static final String CLIENT_SECRET = "canary+client/secret=1";
  private static final String ACCESS = "canary.access.token.2";
  private static final String REFRESH = "canary.refresh.token.3";
  private static final String CODE = "canary-code-4";
  private static final URI REDIRECT = URI.create("https://host.example.com/callback");

  @RegisterExtension static final TokenServer server = new TokenServer();

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  private final Level levelBefore = root.getLevel();
  private final StringBuilder seen = new StringBuilder();
  private final TestConnection connection =
      new TestConnection().registered(ClientRegistration.of("app", Secret.of(CLIENT_SECRET)));

  @BeforeEach
  void watchTheLog() {
    log.start();
    root.addAppender(log);
    root.setLevel(Level.TRACE);
  }

  @AfterEach
  void stopWatching() {
    root.setLevel(levelBefore);
    root.detachAppender(log);
  }

  @Test
  void nothingSecretIsInLogsExceptionsOrTexts() {
    for (ClientAuthentication method : ClientAuthentication.values()) {
      if (method == ClientAuthentication.PRIVATE_KEY_JWT) {
        continue; // has no secret; ClientAssertionTest looks for its key
      }
      OAuth2Scheme scheme =
          OAuth2Scheme.authorizationCode("https://id.example.com/authorize", server.url())
              .issuedBy("https://id.example.com")
              .clientAuthentication(method);
      everyAnswerThereIs(scheme);
    }

    for (ILoggingEvent event : List.copyOf(log.list)) {
      // What the server in this test logs is not ours.
      boolean ofTheServer =
          event.getLoggerName().startsWith("org.eclipse.jetty")
              || event.getLoggerName().contains("wiremock");
      if (!ofTheServer) {
        seen.append(event.getFormattedMessage()).append('\n');
        if (event.getThrowableProxy() != null) {
          seen.append(ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
      }
    }
    assertThat(seen)
        .contains("Connection c1: refresh_token request to localhost was answered with status 400")
        .contains("stored a new token");
    for (String canary : List.of(CLIENT_SECRET, ACCESS, REFRESH, CODE)) {
      assertThat(seen.toString())
          .doesNotContain(canary)
          .doesNotContain(canary.substring(0, 8))
          .doesNotContain(URLEncoder.encode(canary, UTF_8))
          .doesNotContain(new StringBuilder(canary).reverse())
          .doesNotContain(Base64.getEncoder().encodeToString(canary.getBytes(UTF_8)))
          .doesNotContain(
              Base64.getEncoder()
                  .encodeToString(("app:" + URLEncoder.encode(canary, UTF_8)).getBytes(UTF_8)));
    }
  }

  private void everyAnswerThereIs(OAuth2Scheme scheme) {
    String echo = CLIENT_SECRET + " " + ACCESS + " " + REFRESH + " " + CODE;
    for (String error : List.of("invalid_grant", "invalid_client", echo)) {
      String body =
          "{\"error\":\""
              + error
              + "\",\"error_description\":\""
              + echo
              + "\",\"error_uri\":\""
              + echo
              + "\"}";
      for (int status : new int[] {200, 400, 401, 403, 429, 500, 302}) {
        server.answers(aResponse().withStatus(status).withBody(body).withHeader("X-Echo", echo));
        tryEverything(scheme);
      }
    }
    for (String body :
        List.of(
            "<html>" + echo + "</html>",
            "{\"access_token\": \"" + echo,
            "{\"access_token\": [\"" + echo + "\"]}",
            "{\"access_token\": \"" + echo + "\\n\"}",
            "{\"" + echo + "\":1,\"" + echo + "\":1}",
            "{\"access_token\": \"" + ACCESS + "\", \"token_type\": \"" + echo + "\"}",
            "{\"access_token\": \"" + ACCESS + "\", \"expires_in\": \"" + echo + "\"}",
            "{\"access_token\": \"" + ACCESS + "\", \"refresh_token\": \"" + REFRESH + "\"}")) {
      server.answers(aResponse().withStatus(200).withBody(body));
      tryEverything(scheme);
    }
    server.breaksOff();
    tryEverything(scheme);
  }

  private void tryEverything(OAuth2Scheme scheme) {
    connection
        .vault()
        .put(
            Map.of(
                "access_token",
                Secret.of(ACCESS),
                "refresh_token",
                Secret.of(REFRESH),
                "expires_at",
                Secret.of("2026-01-01T11:59:59Z")));
    Authenticator authenticator = connection.open(scheme);
    attempt(() -> seen.append(authenticator.authenticate(new TestRequest())));
    attempt(() -> seen.append(authenticator.renew(connection.vault().version(), Instant.MAX)));
    seen.append(authenticator).append(connection.vault().read());

    OAuth2Strategy strategy = new OAuth2Strategy();
    ConsentStart start =
        strategy.begin(
            scheme, connection, new ConsentRequest(REDIRECT, "state", List.of(), Map.of()));
    seen.append(start);
    attempt(
        () ->
            strategy.complete(
                scheme,
                connection,
                new ConsentCallback(REDIRECT, start.memo(), Map.of("code", List.of(CODE)))));
    attempt(
        () ->
            strategy.complete(
                scheme,
                connection,
                new ConsentCallback(REDIRECT, start.memo(), Map.of("error", List.of(CODE)))));
    attempt(
        () ->
            strategy.complete(
                scheme,
                connection,
                new ConsentCallback(REDIRECT, start.memo(), Map.of("code", List.of(CODE, CODE)))));
  }

  private void attempt(Runnable task) {
    try {
      task.run();
    } catch (ConnectorException e) {
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      seen.append(trace).append(e.remedy());
    }
  }
}
