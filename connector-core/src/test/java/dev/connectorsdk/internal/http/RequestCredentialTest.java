package dev.connectorsdk.internal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.error.InvalidInputException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestCredentialTest {

  private final Request request = new Request.Builder().url("https://api.test/x").build();

  private static final CallBudget BUDGET =
      new CallBudget(Clock.systemUTC(), Duration.ofMinutes(1), Effect.READ, null, null);

  @Test
  void severalCookiesAreSentTogether() {
    Request signed =
        RequestCredential.sign(
                request,
                credential -> {
                  credential.addCookie("first", "1");
                  credential.addCookie("second", "2");
                  return 0;
                },
                BUDGET)
            .request();

    assertThat(signed.headers("Cookie")).containsExactly("first=1; second=2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"https://eve@api.test/", "https://:pw@api.test/", "https://e:p@api.test/"})
  @Tag("E9")
  void aUserNameInAUrlIsRefusedBeforeAStrategySeesIt(String url) {
    Request request = new Request.Builder().url(url).build();

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(
            () ->
                RequestCredential.sign(
                    request,
                    credential -> {
                      throw new AssertionError("asked");
                    },
                    BUDGET))
        .withMessage(
            "Invalid input for a request: (URL): has a user name, which only a connection can have");
  }

  @Test
  void aStrategySeesTheRequestAsItWillBeSent() {
    Request post =
        new Request.Builder()
            .url("https://api.test:8443/a|b?q={x}")
            .post(RequestBody.create("body", MediaType.get("text/plain; charset=utf-8")))
            .header("X-Own", "1")
            .build();
    List<Object> seen = new ArrayList<>();
    Request signed =
        RequestCredential.sign(
                post,
                credential -> {
                  credential.setHeader("X-Date", "now");
                  seen.add(credential.header("host"));
                  seen.add(credential.header("content-type"));
                  seen.add(credential.header("content-length"));
                  seen.add(credential.header("x-date"));
                  credential.setHeader("X-Date", "later");
                  seen.add(credential.headers("X-Date"));
                  seen.add(credential.headerNames().size());
                  seen.add(credential.uri().toString());
                  return 0;
                },
                BUDGET)
            .request();

    assertThat(seen)
        .containsExactly(
            "api.test:8443",
            "text/plain; charset=utf-8",
            "4",
            "now",
            List.of("later"),
            5,
            "https://api.test:8443/a%7Cb?q=%7Bx%7D");
    assertThat(signed.url().toString()).isEqualTo("https://api.test:8443/a%7Cb?q=%7Bx%7D");
    assertThat(signed.headers("X-Date")).containsExactly("later");
  }
}
