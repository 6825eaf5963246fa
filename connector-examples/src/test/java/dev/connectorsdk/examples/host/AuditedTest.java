package dev.connectorsdk.examples.host;

import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.event.AuditRecord;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.store.InMemoryStore;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@WireMockTest
class AuditedTest {

  private static final Caller ADA = Principal.user("ada").in("prod");

  @TempDir Path folder;

  @Test
  void saysWhoHasUsedAConnection(WireMockRuntimeInfo service) {
    stubFor(get(urlPathEqualTo("/rate")).willReturn(okJson("\"1.25\"")));
    Action<Nothing, String> rate =
        Action.builder("rate", Effect.READ, Nothing.class, String.class)
            .run((nothing, call) -> call.http().get("/rate").fetch(String.class));
    Connector bank =
        Connector.builder("bank", service.getHttpBaseUrl())
            .auth(AuthOption.none())
            .action(rate)
            .build();
    ConnectorStore store = new InMemoryStore();
    KeyRing keys = KeyRing.random();
    Connection used;
    try (ConnectorRuntime runtime =
        Audited.audited(ConnectorRuntime.builder().connector(bank).store(store, keys), folder)) {
      used = runtime.connections().create(ADA, ConnectionSpec.of("bank", "none"));
      runtime.invoke(ADA, ConnectionReference.invoker("rates", "bank"), "rate", Map.of());
    }

    try (ConnectorRuntime runtime =
        Audited.audited(ConnectorRuntime.builder().connector(bank).store(store, keys), folder)) {
      assertThat(
              Audited.usesOf(runtime, Administrator.of(Principal.user("anna"), "prod"), used.id()))
          .hasSize(2)
          .extracting(AuditRecord::toString)
          .first()
          .asString()
          .contains("who=user:ada environment=prod connector=bank operation=rate effect=READ");
    }
  }
}
