package dev.connectorsdk.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** The search that other tests rely on finds what is there to be found, and only that. */
@Tag("D1")
class CanariesTest {

  private static final String CANARY = "canary/secret+5f1d=";

  private final Canaries canaries = new Canaries(List.of("canary-of-another", CANARY));

  @AfterEach
  void stop() {
    canaries.close();
  }

  private static Stream<String> forms() {
    return Stream.of(
        "canary/secret+5f1d=",
        "canary/s",
        "=d1f5+terces/yranac",
        "Y2FuYXJ5L3NlY3JldCs1ZjFkPQ==",
        "YWRhOmNhbmFyeS9zZWNyZXQrNWYxZD0=",
        "YXBwOmNhbmFyeS9zZWNyZXQrNWYxZD0=",
        "63616e6172792f7365637265742b356631643d",
        "canary%2Fsecret%2B5f1d%3D");
  }

  @ParameterizedTest
  @MethodSource("forms")
  void theCanariesWouldBeFoundInWhatIsPrinted(String form) {
    canaries.print(List.of("before " + form + " after"));

    assertThat(canaries.found()).contains(form);
  }

  @ParameterizedTest
  @MethodSource("forms")
  void theCanariesWouldBeFoundInLinesOfTheLog(String form) {
    LoggerFactory.getLogger("dev.connectorsdk.any").trace("sent {} away", form);

    assertThat(canaries.found()).contains(form);
  }

  @ParameterizedTest
  @MethodSource("forms")
  void theCanariesWouldBeFoundInTheCauseOfALoggedException(String form) {
    LoggerFactory.getLogger("dev.connectorsdk.any").warn("failed", causedBy(form));

    assertThat(canaries.found()).contains(form);
  }

  @ParameterizedTest
  @MethodSource("forms")
  void theCanariesWouldBeFoundInTheCauseOfAThrownException(String form) {
    canaries.attempt(
        () -> {
          throw causedBy(form);
        });

    assertThat(canaries.found()).contains(form);
  }

  @Test
  void nothingIsFoundWhereNothingIs() {
    canaries.print("canary");
    LoggerFactory.getLogger("dev.connectorsdk.any").info("secret");
    canaries.attempt(() -> {});

    assertThat(canaries.everything()).contains("canary").contains("secret");
    assertThat(canaries.found()).isEmpty();
  }

  private static RuntimeException causedBy(String text) {
    return new IllegalStateException(
        "outer", new IllegalArgumentException("middle", new RuntimeException(text)));
  }
}
