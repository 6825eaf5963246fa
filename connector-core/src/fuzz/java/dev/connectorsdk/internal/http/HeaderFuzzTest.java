package dev.connectorsdk.internal.http;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.connectorsdk.api.http.HttpResponse;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import okhttp3.HttpUrl;

/** Whatever a service says in headers, it is understood or passed over. */
class HeaderFuzzTest {

  @FuzzTest
  void retryAfter(FuzzedDataProvider data) {
    String date = data.consumeBoolean() ? data.consumeString(60) : null;
    String pause = data.consumeRemainingAsString();
    RetryAfter.of(answer(pause, date), Clock.systemUTC());
  }

  @FuzzTest
  void link(FuzzedDataProvider data) {
    LinkHeader.next(
        List.of(data.consumeRemainingAsString()), HttpUrl.get("https://service.example/items"));
  }

  private static HttpResponse answer(String pause, String date) {
    return (HttpResponse)
        Proxy.newProxyInstance(
            HeaderFuzzTest.class.getClassLoader(),
            new Class<?>[] {HttpResponse.class},
            (proxy, method, arguments) ->
                method.getName().equals("headers")
                    ? Map.of("retry-after", List.of(pause))
                    : arguments[0].equals("Date") ? date : pause);
  }
}
