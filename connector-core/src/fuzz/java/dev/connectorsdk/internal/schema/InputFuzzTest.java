package dev.connectorsdk.internal.schema;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.connectorsdk.api.Shape;
import dev.connectorsdk.api.error.InvalidInputException;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whatever an input is, it is taken or every fault of it is named. */
class InputFuzzTest {

  record City(String name, int inhabitants) {}

  record Plan(String title, City start, List<City> stops, Map<String, Double> costs) {}

  private static final JsonMapper MAPPER = JsonSettings.newMapper();
  private static final InputValidator<Plan> PLANS =
      new Schemas(MAPPER).validatorFor(Shape.of(Plan.class));

  @FuzzTest
  void input(byte[] json) {
    JsonNode input;
    try {
      input = MAPPER.readTree(json);
    } catch (JacksonException notJson) {
      return;
    }
    try {
      PLANS.read("plan", input);
    } catch (InvalidInputException expected) {
      // That is how an input is refused.
    }
  }

  @FuzzTest
  void pattern(FuzzedDataProvider data) {
    BoundedPattern pattern;
    try {
      pattern = new BoundedPattern(data.consumeString(100));
    } catch (IllegalArgumentException notAPattern) {
      return;
    }
    try {
      pattern.matches(data.consumeRemainingAsString());
    } catch (BoundedPattern.TooComplex expected) {
      // That is how it gives up.
    }
  }
}
