package dev.connectorsdk.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.NOPLoggerFactory;

class LogWatchTest {

  @Test
  @DisplayName("Where nothing is logged, no log is taken for one without secrets")
  void withoutAProviderThereIsNothingToSee() {
    assertThat(LogWatch.seesNothingOf(new NOPLoggerFactory())).isTrue();
    assertThat(LogWatch.seesNothingOf(LoggerFactory.getILoggerFactory())).isFalse();
  }

  @Test
  void whatIsLoggedBelowTheLevelThatIsShownIsSeen() {
    try (LogWatch logs = new LogWatch()) {
      LoggerFactory.getLogger("a.plugin").trace("a trace");

      assertThat(logs.text()).contains("a trace");
    }
  }

  @Test
  void keysAndValuesAreSeenWithTheirMessageAndItsException() {
    try (LogWatch logs = new LogWatch()) {
      LoggerFactory.getLogger("a.plugin")
          .atTrace()
          .addKeyValue("authorization", "c4nary")
          .setCause(new IllegalStateException("a cause"))
          .log("sent");

      assertThat(logs.text()).contains("authorization", "c4nary", "sent", "a cause");
    }
  }
}
