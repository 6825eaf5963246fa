package dev.connectorsdk.internal.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.core.util.BufferRecycler;

class JsonBuffersTest {

  private final JsonBuffers buffers = new JsonBuffers();

  @Test
  void aThreadGetsWhatItGaveBack() {
    BufferRecycler used = buffers.acquirePooled();

    buffers.releasePooled(used);

    assertThat(buffers.acquirePooled()).isSameAs(used);
  }

  @Test
  void whatIsLentIsNotLentAgain() {
    buffers.releasePooled(new BufferRecycler());

    assertThat(buffers.acquirePooled()).isNotSameAs(buffers.acquirePooled());
  }

  @Test
  void allThatAThreadGivesBackIsLentAgainEachOnce() {
    List<BufferRecycler> used = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      used.add(buffers.acquirePooled());
    }

    used.forEach(buffers::releasePooled);

    List<BufferRecycler> again = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      again.add(buffers.acquirePooled());
    }
    assertThat(again).containsExactlyInAnyOrderElementsOf(used);
    assertThat(used).doesNotContain(buffers.acquirePooled());
  }
}
