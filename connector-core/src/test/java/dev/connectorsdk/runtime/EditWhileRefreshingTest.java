package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static dev.connectorsdk.fixtures.RawTokenEndpoint.json;
import static dev.connectorsdk.fixtures.RawTokenEndpoint.pair;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.error.ConflictException;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.fixtures.RawTokenEndpoint.Answer;
import dev.connectorsdk.jdbc.JdbcStore;
import dev.connectorsdk.runtime.Tickets.TicketId;
import dev.connectorsdk.store.InMemoryStore;
import java.time.Duration;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One node renews the tokens of a connection while its owner edits it on another. */
@Tag("I4")
@Timeout(300)
class EditWhileRefreshingTest extends RawProviderTest {

  private static final int ROUNDS = 1000;

  private int rotation;
  private int reused;

  @BeforeEach
  void theProviderRotates() {
    provider.answers(this::rotated);
    service.stubFor(get("/tickets/1").willReturn(okJson("{\"id\":\"1\"}")));
  }

  /** Takes the latest refresh token only. */
  private synchronized Answer rotated(String request) {
    if (request.contains("refresh_token=")
        && !request.contains("refresh_token=r" + rotation + "&")
        && !request.endsWith("refresh_token=r" + rotation)) {
      reused++;
      return json(400, "{\"error\":\"invalid_grant\"}");
    }
    rotation++;
    return pair("t" + rotation, "r" + rotation);
  }

  @Test
  @DisplayName("I4: in 1,000 rounds in memory an edit and a refresh both survive")
  void inMemory() throws Exception {
    bothSurvive(new InMemoryStore(), ROUNDS);
  }

  @Test
  @DisplayName("I4: in 200 rounds in a database an edit and a refresh both survive")
  void inADatabase() throws Exception {
    JdbcConnectionPool pool =
        JdbcConnectionPool.create("jdbc:h2:mem:edits;DB_CLOSE_DELAY=-1", "sa", "");
    try {
      bothSurvive(JdbcStore.builder(pool).build(), ROUNDS / 5);
    } finally {
      pool.dispose();
    }
  }

  private void bothSurvive(ConnectorStore store, int rounds) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    CyclicBarrier together = new CyclicBarrier(2);
    try (ConnectorRuntime refreshing = on(store);
        ConnectorRuntime editing = on(store)) {
      ConnectionId id = SignIns.signIn(refreshing, ADA, SIGN_IN, "c").id();
      int conflicts = 0;
      for (int round = 1; round <= rounds; round++) {
        clock.advance(Duration.ofHours(2));
        String name = "Round " + round;
        Future<?> refresh =
            threads.submit(
                () -> {
                  together.await();
                  return refreshing.invoke(ADA, MINE, Tickets.GET, new TicketId("1"));
                });
        Future<Boolean> edit =
            threads.submit(
                () -> {
                  together.await();
                  return edited(editing, id, name);
                });

        refresh.get(60, TimeUnit.SECONDS);
        boolean edited = edit.get(60, TimeUnit.SECONDS);
        conflicts += edited ? 0 : 1;
        Connection stored = editing.connections().get(ADA, id);
        assertThat(stored.status().isConnected()).isTrue();
        if (edited) {
          assertThat(stored.displayName()).isEqualTo(name);
        }
      }
      assertThat(reused).as("refresh tokens that were overwritten by older ones").isZero();
      assertThat(rotation).as("the sign-in and each refresh").isEqualTo(rounds + 1);
      assertThat(conflicts).isLessThan(rounds / 10);
    } finally {
      threads.shutdownNow();
    }
  }

  private static boolean edited(ConnectorRuntime runtime, ConnectionId id, String name) {
    try {
      runtime.connections().update(ADA, id, SIGN_IN.named(name));
      return true;
    } catch (ConflictException e) {
      return false;
    }
  }

  private ConnectorRuntime on(ConnectorStore store) {
    return with(builder()).store(store, keys).build();
  }
}
