package dev.connectorsdk.definition;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static com.github.tomakehurst.wiremock.client.WireMock.verify;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import dev.connectorsdk.api.error.InvalidInputException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Input that a definition does not allow. */
@WireMockTest
class StrictTest {

  @TempDir Path temp;
  private Service service;

  @BeforeEach
  void aService(WireMockRuntimeInfo wireMock) {
    stubFor(any(anyUrl()).willReturn(okJson("{}")));
    service =
        new Service(temp, wireMock.getHttpPort())
            .operation(
                "op",
                "post",
                "/x",
                """
                'parameters': [
                  {'name': 'q', 'in': 'query', 'type': 'string', 'required': true,
                   'enum': ['a', 'b']},
                  {'name': 'top', 'in': 'query', 'type': 'integer', 'minimum': 1, 'maximum': 10,
                   'exclusiveMaximum': true},
                  {'name': 'body', 'in': 'body', 'schema': {'type': 'object', 'required': ['n'],
                   'properties': {'n': {'type': 'string', 'pattern': '^[a-z]+$', 'maxLength': 3},
                                  'l': {'type': 'array', 'items': {'type': 'integer'},
                                        'maxItems': 2}}}}]
                """);
  }

  @AfterEach
  void close() {
    service.close();
  }

  @ParameterizedTest
  @DisplayName("H5: input of each invalid class is refused before anything is sent")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "missing       | {}                                         | q",
        "missing below | {'q': 'a', 'body': {}}                     | body",
        "enum          | {'q': 'c'}                                 | /q",
        "maximum       | {'q': 'a', 'top': 10}                      | /top",
        "minimum       | {'q': 'a', 'top': 0}                       | /top",
        "type          | {'q': 'a', 'top': 'x'}                     | /top",
        "type          | {'q': 'a', 'body': {'n': 'x', 'l': {}}}    | /body/l",
        "type in list  | {'q': 'a', 'body': {'n': 'x', 'l': ['y']}} | /body/l/0",
        "pattern       | {'q': 'a', 'body': {'n': 'X'}}             | /body/n",
        "length        | {'q': 'a', 'body': {'n': 'abcd'}}          | /body/n",
        "count         | {'q': 'a', 'body': {'n': 'x', 'l': [1,2,3]}} | /body/l",
        "unknown       | {'q': 'a', 'z': 1}                         | /z"
      })
  void invalidInputSendsNothing(String kind, String input, String place) {
    service.options(LoadOptions.standard().strict());

    assertThatExceptionOfType(InvalidInputException.class)
        .as(kind)
        .isThrownBy(() -> service.call("op", input))
        .withMessageContaining(place);
    verify(0, anyRequestedFor(anyUrl()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{'q': 'a', 'top': 9, 'body': {'n': 'abc', 'l': [1]}}", "{'q': 'b', 'top': null}"})
  void whatFitsIsSent(String input) {
    service.options(LoadOptions.standard().strict());

    service.call("op", input);

    verify(1, anyRequestedFor(anyUrl()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{'q': 'a', 'body': {}}", "{'q': 'a', 'body': {'n': {}}}"})
  @DisplayName("H5: what cannot be sent is refused in any case")
  void missingInputAndWrongShapesSendNothing(String input) {
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> service.call("op", input));
    verify(0, anyRequestedFor(anyUrl()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{'q': 'c'}", "{'q': 'a', 'top': '99'}"})
  void aServiceMayKnowMoreThanItsDefinition(String input) {
    service.call("op", input);

    verify(1, anyRequestedFor(anyUrl()));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theSchemaTellsTheLimitsEitherWay(boolean strict) {
    LoadOptions standard = LoadOptions.standard();
    service.options(strict ? standard.strict() : standard);

    JsonNode schema =
        service.definition().connector().action("op").orElseThrow().input().givenSchema();

    JsonNode properties = schema.path("properties");
    assertThat(properties.at("/q/enum")).isEqualTo(Folder.json("['a', 'b']"));
    assertThat(properties.at("/top/minimum").intValue()).isEqualTo(1);
    assertThat(properties.at("/top/exclusiveMaximum").intValue()).isEqualTo(10);
    assertThat(properties.at("/body/properties/n/pattern").stringValue()).isEqualTo("^[a-z]+$");
    assertThat(properties.at("/body/properties/n/maxLength").intValue()).isEqualTo(3);
    assertThat(properties.at("/body/properties/l/maxItems").intValue()).isEqualTo(2);
    assertThat(schema.path("x-limits").asString("none")).isEqualTo(strict ? "none" : "advisory");
  }
}
