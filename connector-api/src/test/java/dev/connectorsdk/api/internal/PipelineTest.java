package dev.connectorsdk.api.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PipelineTest {

  @Test
  void hasASourceAndFunctionsInOrder() {
    assertThat(Pipeline.parse("body|sha256|hex"))
        .isEqualTo(new Pipeline("body", List.of("sha256", "hex")));
    assertThat(Pipeline.parse("parameter:key")).isEqualTo(new Pipeline("parameter:key", List.of()));
  }

  @Test
  void blanksAroundNamesDoNotCount() {
    assertThat(Pipeline.parse(" body | sha256 "))
        .isEqualTo(new Pipeline("body", List.of("sha256")));
  }

  @Test
  void anEmptyFunctionIsOneNobodyKnows() {
    assertThat(Pipeline.parse("body|").functions()).containsExactly("");
  }
}
