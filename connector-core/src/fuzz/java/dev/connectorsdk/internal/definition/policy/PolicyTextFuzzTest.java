package dev.connectorsdk.internal.definition.policy;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.connectorsdk.internal.definition.document.JsonPath;

/** Whatever a policy says, it is read. */
class PolicyTextFuzzTest {

  @FuzzTest
  void text(FuzzedDataProvider data) {
    String text = data.consumeRemainingAsString();
    PolicyText.of(text).fill(piece -> "");
    PolicyText.target(text);
  }

  @FuzzTest
  void path(FuzzedDataProvider data) {
    JsonPath.of(data.consumeRemainingAsString());
  }
}
