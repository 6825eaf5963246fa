package dev.connectorsdk.api.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

class RecordConstructorsTest {

  private static final JsonMapper BY_REFLECTION = JsonMapper.builder().build();
  private static final JsonMapper BY_HANDLES =
      JsonMapper.builder().addModule(new RecordConstructors()).build();

  private record Point(int x, @Nullable String name) {
    Point {
      if (x < 0) {
        throw new IllegalArgumentException("x is negative");
      }
      if (x > 100) {
        throw new StackOverflowError("x is large");
      }
    }
  }

  private record Line(Point from, List<Point> over, Box<Point> to) {}

  private record Box<T>(T content) {}

  private record Nothing() {}

  private record Chosen(String first, int second) {
    @JsonCreator
    Chosen(@JsonProperty("only") String only) {
      this(only, only.length());
    }
  }

  private record Made(String name) {
    @JsonCreator
    static Made of(@JsonProperty("other") String other) {
      return new Made("made of " + other);
    }
  }

  private record Delegating(String text) {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    Delegating {}
  }

  @Test
  void makesRecordsWithinRecords() {
    String json =
        """
        {"from":{"x":1,"name":"a"},"over":[{"x":2},{"x":3,"name":null}],"to":{"content":{"x":4}}}
        """;

    assertThat(BY_HANDLES.readValue(json, Line.class))
        .isEqualTo(
            new Line(
                new Point(1, "a"),
                List.of(new Point(2, null), new Point(3, null)),
                new Box<>(new Point(4, null))));
  }

  @Test
  void makesWhatCreatorsSay() {
    assertThat(BY_HANDLES.readValue("{\"only\":\"four\"}", Chosen.class))
        .isEqualTo(new Chosen("four", 4));
    assertThat(BY_HANDLES.readValue("{\"other\":\"x\"}", Made.class))
        .isEqualTo(new Made("made of x"));
    assertThat(BY_HANDLES.readValue("\"x\"", Delegating.class)).isEqualTo(new Delegating("x"));
  }

  @Test
  void makesOddRecords() {
    assertThat(BY_HANDLES.readValue("{}", Nothing.class)).isEqualTo(new Nothing());
    assertThat(BY_HANDLES.readValue("{\"content\":[1]}", new TypeReference<Box<List<Long>>>() {}))
        .isEqualTo(new Box<>(List.of(1L)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"from\":{\"x\":-1}}",
        "{\"over\":[{\"x\":1},{\"x\":-1}]}",
        "{\"to\":{\"content\":{\"x\":\"no number\"}}}",
        "{\"from\":{\"x\":null}}",
        "{\"from\":[1]}",
        "{\"over\":[{\"x\":101}]}"
      })
  void saysTheSameOfWhatFails(String json) {
    Throwable usual = catchThrowable(() -> BY_REFLECTION.readValue(json, Line.class));

    assertThatThrownBy(() -> BY_HANDLES.readValue(json, Line.class))
        .hasSameClassAs(usual)
        .hasMessage(usual.getMessage());
  }
}
