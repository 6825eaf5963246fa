package dev.connectorsdk.internal.http;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.error.InvalidInputException;

/** Whatever templates and values are, a URL comes out, or an error says why not. */
class UrlFuzzTest {

  @FuzzTest
  void template(FuzzedDataProvider data) {
    expand(data.consumeString(200), data.consumeRemainingAsString());
  }

  @FuzzTest
  void value(FuzzedDataProvider data) {
    String value = data.consumeRemainingAsString();
    for (String template :
        new String[] {
          "https://{a}.example.com/x", "https://a.example.com/{a}/x", "https://a/?q={a}", "{a}/x"
        }) {
      expand(template, value);
    }
  }

  private static void expand(String template, String value) {
    try {
      UrlTemplate.expand(
          template, name -> new UrlTemplate.Value(ConnectionParameter.text(name), value));
    } catch (IllegalArgumentException | InvalidInputException expected) {
      // The template is the author's, the value is entered.
    }
  }

  @FuzzTest
  void path(FuzzedDataProvider data) {
    try {
      PathTemplate.fill(data.consumeString(200), data.consumeString(200), data.consumeString(200));
    } catch (IllegalArgumentException | InvalidInputException expected) {
      // The template is the author's, the argument comes with the call.
    }
  }
}
