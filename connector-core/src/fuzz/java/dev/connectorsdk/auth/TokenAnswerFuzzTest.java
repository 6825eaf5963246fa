package dev.connectorsdk.auth;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.connectorsdk.api.auth.TokenFields;
import java.time.Instant;
import java.util.Map;

/** Whatever a token endpoint answers, it is a grant, a refusal or nothing. */
class TokenAnswerFuzzTest {

  @FuzzTest
  void answer(FuzzedDataProvider data) {
    boolean success = data.consumeBoolean();
    String type =
        data.pickValue(
            new String[] {
              null, "application/json", "text/plain", "application/x-www-form-urlencoded"
            });
    AnswerBody body = AnswerBody.of(type, data.consumeRemainingAsString(), Map.of());
    new TokenAnswerReader(TokenFields.standard(), "Bearer", false)
        .read(success, body, Instant.EPOCH);
  }
}
