package dev.connectorsdk.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RecordedTest {

  @RegisterExtension
  final ConnectorTest notes =
      ConnectorTest.of(new Notes().connector())
          .with("site", "https://notes.example")
          .recordedIn(Path.of("src/test/recordings"));

  @Test
  void aServiceAnswersAsBefore() {
    assertThat(notes.invoke("getNote", Map.of("id", "n-1")).path("text").asString())
        .isEqualTo("Milk");
  }

  @RepeatedTest(2)
  void eachInvocationHasARecordingOfItsOwn(RepetitionInfo repetition) {
    assertThat(notes.invoke("getNote", Map.of("id", "n-1")).path("text").asString())
        .isEqualTo(repetition.getCurrentRepetition() == 1 ? "Milk" : "Tea");
  }
}
