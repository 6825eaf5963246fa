package dev.connectorsdk.internal.http;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.connectorsdk.api.http.HttpResponse;
import java.lang.reflect.Proxy;
import java.time.Clock;
import okhttp3.Headers;

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
    Headers headers = new Headers.Builder().addUnsafeNonAscii("Link", text(data)).build();
    Pages.linkHeader(new BufferedResponse(null, null, 200, headers, new byte[0]));
  }

  /** OkHttp takes no other characters. */
  private static String text(FuzzedDataProvider data) {
    return data.consumeRemainingAsString().replaceAll("[\\p{Cntrl}]", " ").trim();
  }

  private static HttpResponse answer(String pause, String date) {
    return (HttpResponse)
        Proxy.newProxyInstance(
            HeaderFuzzTest.class.getClassLoader(),
            new Class<?>[] {HttpResponse.class},
            (proxy, method, arguments) -> arguments[0].equals("Date") ? date : pause);
  }
}
