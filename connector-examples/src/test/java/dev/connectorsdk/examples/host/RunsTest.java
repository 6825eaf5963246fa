package dev.connectorsdk.examples.host;

import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.resetAllRequests;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.verify;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.jdbc.JdbcStore;
import dev.connectorsdk.secret.KeyRing;
import java.nio.file.Path;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A desk and a machine of one host, on one store. */
@WireMockTest
class RunsTest {

  private static final Principal ADA = Principal.user("ada");
  private static final Principal BEN = Principal.user("ben");
  private static final Principal CLEO = Principal.user("cleo");
  private static final Flow COUNT = Flow.of("count", ADA).runnableBy(BEN).using(Runs.TEAM);
  private static final Flow REPORT =
      Flow.of("report", ADA).runnableBy(BEN).using(Runs.TEAM, Runs.MINE);

  @TempDir private Path folder;
  private JdbcConnectionPool database;
  private Runs desk;
  private Runs machine;
  private String site;

  @BeforeEach
  void start(WireMockRuntimeInfo service) {
    site = service.getHttpBaseUrl();
    stubFor(get("/api/me").willReturn(okJson("{\"login\": \"x\", \"name\": \"X\"}")));
    stubFor(
        get(urlPathEqualTo("/api/tickets"))
            .willReturn(okJson("{\"tickets\": [], \"next\": \"\"}")));
    stubFor(
        post("/api/tickets")
            .willReturn(okJson("{\"id\": \"7\", \"title\": \"t\", \"status\": \"open\"}")));
    database = JdbcConnectionPool.create("jdbc:h2:file:" + folder.resolve("host"), "sa", "");
    KeyRing keys = KeyRing.random();
    JdbcStore store = JdbcStore.builder(database).build();
    desk = new Runs(store, keys);
    machine = new Runs(store, keys);
    Connection adas = connect(ADA, "adas");
    desk.runtime().references().bind(ADA.in("prod"), Runs.TEAM, adas.id());
    connect(BEN, "bens");
    resetAllRequests();
  }

  @AfterEach
  void stop() {
    desk.close();
    machine.close();
    database.dispose();
  }

  private Connection connect(Principal owner, String key) {
    Caller caller = owner.in("prod");
    var spec = ConnectionSpec.of("helpdesk", "apiKey").with("site", site);
    return desk.runtime().connections().create(caller, spec.secret("api_key", Secret.of(key)));
  }

  @Test
  void aPersonBringsAnOwnConnectionForWhatIsNotEmbedded() {
    assertThat(desk.attended(BEN, REPORT)).isEmpty();

    verify(
        getRequestedFor(urlPathEqualTo("/api/tickets")).withHeader("X-Api-Key", equalTo("adas")));
    verify(postRequestedFor(urlEqualTo("/api/tickets")).withHeader("X-Api-Key", equalTo("bens")));
  }

  @Test
  void aRunThatNobodyStartsUsesEmbeddedReferencesOnAnyMachine() {
    assertThat(machine.unattended(COUNT)).isEmpty();
    assertThat(desk.unattended(COUNT)).isEmpty();

    verify(
        2,
        getRequestedFor(urlPathEqualTo("/api/tickets")).withHeader("X-Api-Key", equalTo("adas")));
  }

  @Test
  void aReferenceThatIsNotEmbeddedIsAnErrorBeforeTheRunBegins() {
    for (Runs anywhere : new Runs[] {machine, desk}) {
      assertThatExceptionOfType(InvalidInputException.class)
          .isThrownBy(() -> anywhere.unattended(REPORT))
          .withMessageContaining("/flow/references/my-desk")
          .withMessageContaining("nobody has started the flow");
    }
    verify(0, anyRequestedFor(anyUrl()));
  }

  @Test
  void aPersonWithoutAConnectionIsToldBeforeTheRunBegins() {
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> desk.attended(CLEO, REPORT.runnableBy(CLEO)))
        .withMessageContaining("/flow/references/my-desk")
        .withMessageContaining("no own connection");
    verify(0, anyRequestedFor(anyUrl()));
  }
}
