package dev.connectorsdk.internal.consent;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.connectorsdk.api.error.ConsentException;
import java.net.URI;

/** Whatever a browser comes back with, it is read or refused. */
class CallbackFuzzTest {

  private static final URI OURS = URI.create("https://app.example/callback/a");

  @FuzzTest
  void query(FuzzedDataProvider data) {
    try {
      CallbackQuery.parse(data.consumeRemainingAsString());
    } catch (ConsentException expected) {
      // That is how a callback is refused.
    }
  }

  @FuzzTest
  void address(FuzzedDataProvider data) {
    URI given;
    try {
      given = URI.create(data.consumeRemainingAsString());
    } catch (IllegalArgumentException notAUri) {
      return;
    }
    CallbackQuery.isSameAddress(given, OURS);
    CallbackQuery.isSameAddress(OURS, given);
  }
}
