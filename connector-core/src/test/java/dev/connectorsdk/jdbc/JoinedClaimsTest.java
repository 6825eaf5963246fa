package dev.connectorsdk.jdbc;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectorsdk.api.error.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is claimed while a statement runs is claimed together by the next one. */
class JoinedClaimsTest {

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<List<String>> statements = new CopyOnWriteArrayList<>();
  private final CountDownLatch firstRuns = new CountDownLatch(1);
  private final CountDownLatch firstEnds = new CountDownLatch(1);
  private final JoinedClaims<String> claims = new JoinedClaims<>(this::claim);

  private Map<String, String> claim(List<String> ids) {
    statements.add(List.copyOf(ids));
    if (statements.size() == 1) {
      firstRuns.countDown();
      awaitQuietly(firstEnds);
    } else if (ids.contains("broken")) {
      throw new StoreException("The database is away", true, null);
    }
    return ids.stream()
        .filter(id -> !id.equals("taken"))
        .distinct()
        .collect(toMap(id -> id, id -> "claim of " + id));
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @AfterEach
  void letGo() {
    firstEnds.countDown();
    threads.shutdownNow();
  }

  /** Has the first statement run, and waits until so many others wait for the next. */
  private List<Future<Optional<String>>> claimMeanwhile(String... ids) throws Exception {
    List<Future<Optional<String>>> found = new ArrayList<>();
    found.add(threads.submit(() -> claims.claim("first")));
    assertThat(firstRuns.await(10, TimeUnit.SECONDS)).isTrue();
    for (String id : ids) {
      found.add(threads.submit(() -> claims.claim(id)));
    }
    while (claims.joined() < ids.length) {
      Thread.onSpinWait();
    }
    firstEnds.countDown();
    return found;
  }

  @Test
  void twoStatementsDoForMany() throws Exception {
    List<Future<Optional<String>>> found = claimMeanwhile("a", "b", "taken", "c");

    assertThat(found.get(0).get()).contains("claim of first");
    assertThat(found.get(1).get()).contains("claim of a");
    assertThat(found.get(2).get()).contains("claim of b");
    assertThat(found.get(3).get()).isEmpty();
    assertThat(found.get(4).get()).contains("claim of c");
    assertThat(statements).hasSize(2);
    assertThat(claims.claim("later")).contains("claim of later");
  }

  @Test
  void ofTwoThatWantTheSameOneGetsIt() throws Exception {
    List<Future<Optional<String>>> found = claimMeanwhile("a", "a");

    List<Optional<String>> claimed = List.of(found.get(1).get(), found.get(2).get());
    assertThat(claimed).containsExactlyInAnyOrder(Optional.of("claim of a"), Optional.empty());
  }

  @Test
  void allLearnThatAStatementHasFailedAndTheNextWorks() throws Exception {
    List<Future<Optional<String>>> found = claimMeanwhile("a", "broken");

    for (Future<Optional<String>> one : found.subList(1, 3)) {
      assertThatThrownBy(one::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(StoreException.class);
    }
    assertThat(claims.claim("later")).contains("claim of later");
  }
}
