package dev.connectorsdk.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.auth.ConsentStrategy;
import dev.connectorsdk.api.auth.CredentialVault;
import dev.connectorsdk.api.error.ServiceException;
import dev.connectorsdk.api.http.Part;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.TicketStore;
import dev.connectorsdk.api.spi.TriggerStore;
import dev.connectorsdk.api.webhook.Arrival;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

@Tag("C9")
class NoSecretInTextTest {

  private static final String CANARY = "c4n4ry";

  private static final WebhookTrigger.Delivery DELIVERY =
      new WebhookTrigger.Delivery(
          "POST",
          Map.of("authorization", List.of(CANARY)),
          "token=" + CANARY,
          CANARY.getBytes(StandardCharsets.UTF_8));
  private static final Secret SECRET = Secret.of(CANARY);

  /** Every public value that can carry something secret, filled with it. */
  static Stream<Object> secretBearers() {
    return Stream.of(
        SECRET,
        ClientRegistration.of("app", SECRET),
        new CredentialVault.Credentials(1, Map.of("access_token", SECRET)),
        new ConsentStrategy.ConsentStart(
            URI.create("https://id.example.com/authorize?state=" + CANARY),
            Map.of("verifier", SECRET)),
        new ConsentStrategy.ConsentRequest(
            URI.create("https://app.example.com/callback"),
            CANARY,
            List.of("read"),
            Map.of("login_hint", CANARY)),
        new ConsentStrategy.ConsentCallback(
            URI.create("https://app.example.com/callback"),
            Map.of("verifier", SECRET),
            Map.of("code", List.of(CANARY))),
        new ConsentStrategy.DeviceStart(
            SECRET,
            CANARY,
            URI.create("https://id.example.com/device"),
            URI.create("https://id.example.com/device?user_code=" + CANARY),
            Duration.ofSeconds(5),
            Duration.ofMinutes(10),
            Map.of("client", SECRET)),
        Part.text("password", CANARY),
        Part.file("file", "a.txt", "text/plain", CANARY.getBytes(StandardCharsets.UTF_8)),
        new WebhookTrigger.Callback(URI.create("https://h.example/" + CANARY), SECRET),
        WebhookTrigger.Registration.of("1").signedWith(SECRET),
        DELIVERY,
        Arrival.of(
            DELIVERY,
            URI.create("https://host.example/hooks/" + CANARY),
            List.of(Secret.of(CANARY)),
            Instant.EPOCH),
        new ConnectorStore.StoredCredential(ConnectionId.of("c"), "user", 1, "key", CANARY),
        new TicketStore.StoredTicket("id", CANARY, Instant.EPOCH),
        new TriggerStore.NewEvent("id", "id", new TriggerStore.Sealed("key", CANARY)),
        TriggerStore.Progress.NONE.with(new TriggerStore.Sealed("key", CANARY)),
        new ServiceException(
            "GET example.com", 400, Map.of("set-cookie", List.of(CANARY)), CANARY, null));
  }

  @ParameterizedTest
  @MethodSource("secretBearers")
  void itsTextHoldsNoSecret(Object value) {
    assertThat(value.toString()).doesNotContain(CANARY);
    assertThat("%s".formatted(value)).doesNotContain(CANARY);
    assertThat(List.of(value).toString()).doesNotContain(CANARY);
    assertThat(Map.of("key", value).toString()).doesNotContain(CANARY);
  }

  @Test
  void norDoesAnExceptionThatCarriesOne() {
    secretBearers()
        .filter(Throwable.class::isInstance)
        .forEach(
            value -> {
              StringWriter trace = new StringWriter();
              new IllegalStateException((Throwable) value)
                  .printStackTrace(new PrintWriter(trace, true));
              assertThat(trace.toString()).doesNotContain(CANARY);
            });
  }

  @Test
  void norDoesItsJsonWhereTheSecretIsOne() {
    JsonMapper mapper = new JsonMapper();

    assertThat(mapper.writeValueAsString(ClientRegistration.of("app", SECRET)))
        .doesNotContain(CANARY);
    assertThat(mapper.writeValueAsString(new CredentialVault.Credentials(1, Map.of("t", SECRET))))
        .doesNotContain(CANARY);
  }

  @Test
  void everyRecordWithASecretIsAmongThoseTested() throws Exception {
    List<Class<?>> tested = secretBearers().<Class<?>>map(Object::getClass).toList();
    Path classes = Path.of("target/classes");
    try (Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
        String name = classes.relativize(file).toString().replaceAll("[/\\\\]", ".");
        if (!name.contains("-info")) {
          Class<?> type = Class.forName(name.substring(0, name.length() - ".class".length()));
          if (type.isRecord() && holdsSecret(type)) {
            assertThat(tested).contains(type);
          }
        }
      }
    }
  }

  private static boolean holdsSecret(Class<?> type) {
    for (RecordComponent component : type.getRecordComponents()) {
      if (component.getGenericType().getTypeName().contains(Secret.class.getName())) {
        return true;
      }
    }
    return false;
  }
}
