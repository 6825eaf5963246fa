package dev.connectorsdk.internal.gateway.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** What a peer has said is taken in one after another, and not without end. */
class InOrderTest {

  private final Queue<Runnable> threads = new ArrayDeque<>();
  private final InOrder said = new InOrder(threads::add);
  private final List<Integer> done = new ArrayList<>();

  @Test
  void oneThreadAtATimeDoesAllInOrder() {
    for (int i = 1; i <= 3; i++) {
      int number = i;
      assertThat(said.add(() -> done.add(number))).isTrue();
    }
    assertThat(threads).hasSize(1);

    threads.remove().run();
    said.add(() -> done.add(4));

    assertThat(threads).hasSize(1);
    threads.remove().run();
    assertThat(done).containsExactly(1, 2, 3, 4);
  }

  @Test
  void morePeersWordsThanCanBeTakenInAreRefused() {
    for (int i = 1; i <= 16; i++) {
      assertThat(said.add(() -> done.add(0))).isTrue();
    }

    assertThat(said.add(() -> done.add(1))).isFalse();

    threads.remove().run();
    assertThat(done).hasSize(16).doesNotContain(1);
    assertThat(said.add(() -> done.add(1))).isTrue();
  }
}
