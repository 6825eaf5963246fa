package dev.connectorsdk.internal.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.fixtures.SettableClock;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okio.BufferedSink;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
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

  @Test
  void aStrategySeesTheMethodTheBodyAndUntilWhenItMayTake() {
    SettableClock clock = new SettableClock();
    CallBudget budget = new CallBudget(clock, Duration.ofSeconds(7), Effect.WRITE, null, null);
    RequestBody body = RequestBody.create("body", null);
    Request put = new Request.Builder().url("https://api.test/x").put(body).build();
    List<Object> seen = new ArrayList<>();

    RequestCredential.sign(
        put,
        credential -> {
          seen.add(credential.method());
          seen.add(new String(credential.body(), UTF_8));
          seen.add(credential.deadline());
          seen.add(Optional.ofNullable(credential.header("Content-Type")));
          seen.add(credential.header("Content-Length"));
          return 0;
        },
        budget);
    RequestCredential.sign(
        request,
        credential -> {
          seen.add(credential.body().length);
          return 0;
        },
        budget);

    assertThat(seen)
        .containsExactly(
            "PUT", "body", Optional.of(clock.instant().plusSeconds(7)), Optional.empty(), "4", 0);
  }

  @Test
  void anEmptyBodyHasALengthAndOneOfUnknownLengthHasNone() {
    assertThat(lengthSeen(new Streamed(0, false, false))).isEqualTo("0");
    assertThat(lengthSeen(new Streamed(-1, false, false))).isNull();
  }

  private @Nullable String lengthSeen(RequestBody body) {
    AtomicReference<@Nullable String> seen = new AtomicReference<>();
    RequestCredential.sign(
        request.newBuilder().post(body).build(),
        credential -> {
          seen.set(credential.header("Content-Length"));
          return 0;
        },
        BUDGET);
    return seen.get();
  }

  static Stream<Arguments> bodies() {
    return Stream.of(
        Arguments.of(new Streamed(64 * 1024 * 1024, false, false), true),
        Arguments.of(new Streamed(64 * 1024 * 1024 + 1, false, false), false),
        Arguments.of(new Streamed(4, true, false), false),
        Arguments.of(new Streamed(4, false, true), false));
  }

  @ParameterizedTest
  @MethodSource("bodies")
  void onlyABodyThatCanBeReadTwiceAndIsNotTooLargeCanBeSigned(Streamed body, boolean readable) {
    ThrowingCallable signing =
        () ->
            RequestCredential.sign(
                request.newBuilder().post(body).build(),
                credential -> {
                  assertThat(credential.body()).containsExactly('b', 'o', 'd', 'y');
                  return 0;
                },
                BUDGET);

    if (readable) {
      assertThatCode(signing).doesNotThrowAnyException();
    } else {
      assertThatExceptionOfType(InvalidInputException.class)
          .isThrownBy(signing)
          .withMessageContaining("is larger than 64 MiB or a stream that can be read only once");
    }
  }

  /** Says this of itself, and has four bytes. */
  private static final class Streamed extends RequestBody {
    private final long length;
    private final boolean once;
    private final boolean duplex;

    Streamed(long length, boolean once, boolean duplex) {
      this.length = length;
      this.once = once;
      this.duplex = duplex;
    }

    @Override
    public @Nullable MediaType contentType() {
      return null;
    }

    @Override
    public long contentLength() {
      return length;
    }

    @Override
    public boolean isOneShot() {
      return once;
    }

    @Override
    public boolean isDuplex() {
      return duplex;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
      sink.writeUtf8("body");
    }

    @Override
    public String toString() {
      return length + " bytes" + (once ? ", once" : "") + (duplex ? ", duplex" : "");
    }
  }
}
