package dev.connectorsdk.definition;

import static com.github.tomakehurst.wiremock.client.WireMock.aMultipart;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.binaryEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.verify;
import static dev.connectorsdk.definition.Folder.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.InvalidInputException.Fault;
import dev.connectorsdk.api.error.OperationUnsupportedException;
import dev.connectorsdk.fixtures.PlainHttp;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

@WireMockTest
class BodyTest {

  private static final byte[] BYTES = {0, (byte) 0xFF, 10};
  private static final String FILE =
      "{'$content-type': 'image/png', '$content': 'AP8K', '$filename': 'p.png'}";

  @TempDir Path temp;
  private Folder folder;
  private PlainHttp http;

  @BeforeEach
  void aService(WireMockRuntimeInfo wireMock) {
    folder = Folder.in(temp);
    http = new PlainHttp(wireMock.getHttpBaseUrl());
    stubFor(any(anyUrl()).willReturn(ok()));
  }

  @Test
  void whatIsGivenIsSentAsJson() {
    body("{'type': 'object', 'properties': {'a/b': {'type': 'string'}}}");

    sent("{'body': {'a/b': 'x', 'free': [1, null]}}", "{'a/b': 'x', 'free': [1, null]}");
    verify(
        postRequestedFor(urlEqualTo("/x")).withHeader("Content-Type", equalTo("application/json")));
  }

  @Test
  void theBodyStandsUnderTheNameOfItsParameter() {
    folder.operation(
        "post",
        "/x",
        "'parameters': [{'name': 'order', 'in': 'body', 'schema': {'type': 'array'}}]");

    sent("{'order': [1, {'a': 2}]}", "[1, {'a': 2}]");
  }

  @Test
  void membersMayBeGivenOneByOne() {
    body(
        """
        {'type': 'object', 'required': ['kind'], 'properties': {
          'kind': {'type': 'string', 'default': 'x', 'x-ms-visibility': 'internal'},
          'address': {'type': 'object', 'properties': {'city': {'type': 'string'}}}}}
        """);

    sent(
        "{'body/address/city': 'Oslo', 'body/address/odd~1name': 1, 'body/n': 2}",
        "{'kind': 'x', 'address': {'city': 'Oslo', 'odd/name': 1}, 'n': 2}");
    sent("{'body': {'n': 1}, 'body/m': 2}", "{'kind': 'x', 'n': 1, 'm': 2}");
    refused("{'body': {'n': 1}, 'body/n': 2}", "/body~1n", "does not fit the rest of the body");
    refused(
        "{'body': {'n': 1}, 'body/n/m': 2}", "/body~1n~1m", "does not fit the rest of the body");
    refused("{'body': [], 'body/n': 2}", "/body~1n", "does not fit the rest of the body");
  }

  @Test
  void whatTheCallerGaveStaysAsItIs() {
    body(
        """
        {'type': 'object', 'required': ['kind'], 'properties': {
          'kind': {'type': 'string', 'default': 'x', 'x-ms-visibility': 'internal'},
          'n': {'type': 'integer'}}}
        """);
    JsonNode input = json("{'body': {'n': '1', 'a': {'b': 2}}, 'body/c': {'d': 3}, 'body/c/e': 4}");
    JsonNode before = input.deepCopy();

    folder.action("op").execute(input, http);

    assertThat(input).isEqualTo(before);
    assertThat(json(requests().get(0).getBodyAsString()))
        .isEqualTo(json("{'kind': 'x', 'n': 1, 'a': {'b': 2}, 'c': {'d': 3, 'e': 4}}"));
  }

  @Test
  void constantsAndNeededDefaultsAreAddedAtAnyDepth() {
    folder.document(
        """
        'paths': {'/x': {'post': {'operationId': 'op', 'parameters': [
          {'name': 'body', 'in': 'body', 'required': true, 'schema': {'$ref': '#/definitions/Order'}}]}}},
        'definitions': {
          'Order': {'allOf': [{'$ref': '#/definitions/Base'}], 'required': ['meta', 'lines'],
            'properties': {
              'meta': {'$ref': '#/definitions/Meta'},
              'hint': {'type': 'string', 'default': 'only shown'},
              'lines': {'type': 'array', 'items': {'$ref': '#/definitions/Line'}}}},
          'Base': {'type': 'object', 'required': ['version'],
            'properties': {'version': {'type': 'integer', 'default': '2', 'x-ms-visibility': 'internal'}}},
          'Meta': {'type': 'object', 'x-ms-visibility': 'internal', 'required': ['source', 'trace', 'filled'],
            'properties': {
              'source': {'type': 'string', 'default': 'sdk'},
              'trace': {'type': 'object', 'required': ['on'], 'properties': {'on': {'type': 'boolean', 'default': true}}},
              'filled': {'type': 'string', 'x-ms-visibility': 'internal'}}},
          'Line': {'type': 'object', 'required': ['unit'], 'properties': {
            'unit': {'type': 'string', 'default': 'kg'}, 'n': {'type': 'integer'}}}}
        """);

    sent(
        "{'body': {'lines': [{'n': '3'}, {'unit': 'g'}]}}",
        """
        {'lines': [{'n': 3, 'unit': 'kg'}, {'unit': 'g'}], 'version': 2,
         'meta': {'source': 'sdk', 'trace': {'on': true}}}
        """);
  }

  @Test
  void aBodyThatHoldsOnlyConstantsNeedsNoInput() {
    folder.operation(
        "post",
        "/x",
        """
        'parameters': [{'name': 'body', 'in': 'body', 'required': true, 'x-ms-visibility': 'internal',
          'schema': {'type': 'object', 'required': ['a', 'b'], 'properties': {
            'a': {'type': 'string', 'default': 'x'}, 'b': {'type': 'string'}}}}]
        """);
    sent("{}", "{'a': 'x'}");

    body("{'type': 'object', 'properties': {'a': {'type': 'string'}}}");
    sent("{}", "{}");
  }

  private static final String EXAMPLE =
      """
      {'type': 'object', 'default': {'text': 'We meet at noon', 'to': 'everybody'}%s, 'properties': {
        'text': {'type': 'string'}, 'to': {'type': 'string'%s}}}
      """;

  @Test
  @DisplayName("H5: an example of a body is not sent as if the caller had written it")
  void anExampleOfABodyIsNotSent() {
    body(EXAMPLE.formatted("", ""));

    refused("{}", "/body", "is required");
    refused("{'body': null}", "/body", "is required");
    assertThat(http.targets()).isEmpty();
    sent("{'body/to': 'all'}", "{'to': 'all'}");
    sent("{'body': {}}", "{}");

    JsonNode schema = folder.action("op").input().givenSchema();
    assertThat(schema.at("/then/required")).isEqualTo(json("['body']"));
    assertThat(schema.at("/properties/body").has("default")).isFalse();
    assertThat(schema.at("/properties/body/examples"))
        .isEqualTo(json("[{'text': 'We meet at noon', 'to': 'everybody'}]"));
  }

  @Test
  @DisplayName("H5: what must be in a body counts, and not its example")
  void whatMustBeInABodyCounts() {
    body(EXAMPLE.formatted(", 'required': ['text']", ""));
    refused("{}", "/body/text", "is required");

    body(EXAMPLE.formatted(", 'required': ['to']", ", 'default': 'all'"));
    sent("{}", "{'to': 'all'}");

    body(EXAMPLE.formatted(", 'x-ms-visibility': 'internal'", ""));
    sent("{}", "{'text': 'We meet at noon', 'to': 'everybody'}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'type': 'array', 'items': {'type': 'object', 'properties': {'to': {'type': 'string'}}}, 'default': [{'to': 'all'}]}",
        "{'allOf': [{'type': 'object', 'properties': {'to': {'type': 'string'}}, 'default': {'to': 'all'}}]}",
        "{'allOf': [{'type': 'object', 'properties': {'to': {'type': 'string'}}}], 'default': {'to': 'all'}}",
        "{'type': 'object', 'properties': {'to': {'type': 'string'}}, 'default': '{\\u0022to\\u0022: \\u0022all\\u0022}'}",
      })
  @DisplayName("H5: an example is not sent, whatever it is an example of")
  void anExampleIsNotSentWhateverItIsAnExampleOf(String schema) {
    body(schema);

    refused("{}", "/body", "is required");
  }

  @Test
  @DisplayName("H5: a list of texts has a default")
  void aListOfTextsHasADefault() {
    body("{'type': 'array', 'items': {'type': 'string'}, 'default': ['all']}");

    sent("{}", "['all']");
  }

  @Test
  @DisplayName("H5: an example of a part of a body is not sent either")
  void anExampleOfAPartOfABodyIsNotSent() {
    body(
        "{'type': 'object', 'required': ['notice'], 'properties': {'room': {'type': 'string'}, 'notice': "
            + EXAMPLE.formatted("", "")
            + "}}");

    refused("{'body/room': 'blue'}", "/body/notice", "is required");
    refused("{}", "/body/notice", "is required");
    sent("{'body/notice/to': 'all'}", "{'notice': {'to': 'all'}}");
  }

  @Test
  void anOptionalBodyIsNotSentUnlessGiven() {
    folder.operation(
        "post",
        "/x",
        "'parameters': [{'name': 'body', 'in': 'body', 'schema': {'type': 'object'}}]");

    call("{}");

    verify(
        postRequestedFor(urlEqualTo("/x"))
            .withHeader("Content-Type", absent())
            .withRequestBody(absent()));
  }

  @Test
  void whatIsMissingIsNamedWithItsPlace() {
    body(
        """
        {'type': 'object', 'required': ['a', 'b', 'c'], 'properties': {
          'a': {'type': 'object', 'required': ['deep'], 'properties': {'deep': {'type': 'string'}}},
          'b': {'type': 'object'}}}
        """);

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> call("{'body': {'b': null}}"))
        .extracting(InvalidInputException::faults)
        .isEqualTo(
            List.of(
                new Fault("/body/a/deep", "is required"),
                new Fault("/body/b", "is required"),
                new Fault("/body/c", "is required")));
    assertThat(http.targets()).isEmpty();

    body("{'type': 'array'}");
    refused("{}", "/body", "is required");
  }

  @Test
  void aFileInsideAnObjectIsBase64() {
    body("{'type': 'object', 'properties': {'a': {'type': 'string'}, 'b': {'type': 'file'}}}");

    sent(
        "{'body': {'a': {'$content': 'eA=='}, 'b': {'$content-type': 'a/b', '$content': 'eQ=='}}}",
        "{'a': 'eA==', 'b': 'eQ=='}");
  }

  @Test
  void membersOfAMapAreCompletedByTheirSchema() {
    body(
        """
        {'type': 'object', 'additionalProperties': {'type': 'object', 'required': ['unit'],
          'properties': {'unit': {'type': 'string', 'default': 'kg'}, 'n': {'type': 'integer'},
            'id': {'type': 'string', 'readOnly': true}}}}
        """);

    sent("{'body': {'a': {'n': '3', 'id': 'x'}, 'b': 1}}", "{'a': {'n': 3, 'unit': 'kg'}, 'b': 1}");
  }

  @Test
  void readOnlyPropertiesAreNeverSent() {
    body(
        """
        {'type': 'object', 'required': ['id'], 'properties': {
          'id': {'type': 'string', 'readOnly': true},
          'in': {'type': 'object', 'properties': {'at': {'type': 'string', 'readOnly': true}}}}}
        """);

    sent("{'body': {'id': '1', 'in': {'at': 'now', 'b': 1}}}", "{'in': {'b': 1}}");
  }

  @Test
  void aNullIsSentWhereItMayStand() {
    body(
        """
        {'type': 'object', 'required': ['c', 'd'], 'properties': {'a': {'type': 'string'},
          'c': {'type': 'string', 'x-nullable': true}, 'd': {'type': 'string', 'default': 'x'}}}
        """);

    sent(
        "{'body': {'a': null, 'b': null, 'c': null, 'd': null}}",
        "{'a': null, 'b': null, 'c': null, 'd': 'x'}");
  }

  @Test
  void valuesGetTheDeclaredTypeWhereTheyCanBeReadSo() {
    body(
        """
        {'type': 'object', 'properties': {
          'i': {'type': 'integer'}, 'n': {'type': 'number'}, 'b': {'type': 'boolean'},
          's': {'type': 'string'}, 'f': {'type': 'string', 'format': 'byte'}}}
        """);

    sent(
        "{'body': {'i': '12', 'n': '1.50', 'b': 'TRUE', 's': 5, 'f': " + FILE + "}}",
        "{'i': 12, 'n': 1.5, 'b': true, 's': '5', 'f': 'AP8K'}");
    sent(
        "{'body': {'i': 'many', 'b': 'yes', 's': {'a': 1}}}",
        "{'i': 'many', 'b': 'yes', 's': {'a': 1}}");
  }

  @Test
  void aTypeThatRequiresItselfIsNotBuiltForEver() {
    folder.document(
        """
        'paths': {'/x': {'post': {'operationId': 'op', 'parameters': [
          {'name': 'body', 'in': 'body', 'required': true, 'schema': {'$ref': '#/definitions/Node'}}]}}},
        'definitions': {'Node': {'type': 'object', 'required': ['next'],
          'properties': {'next': {'$ref': '#/definitions/Node'}}}}
        """);

    sent("{}", "{}");
    sent("{'body': {'next': {'next': {}}}}", "{'next': {'next': {'next': {}}}}");
  }

  @Test
  void aDefaultInTheBodyThatOnlyAWorkflowCanEvaluateIsNotSent() {
    body(
        """
        {'type': 'object', 'required': ['flow', 'run'], 'properties': {
          'flow': {'type': 'object', 'default': '@{workflow()}'},
          'run': {'type': 'string', 'default': '@{workflow().run.name}', 'x-ms-visibility': 'internal'}}}
        """);

    assertThatExceptionOfType(OperationUnsupportedException.class)
        .isThrownBy(() -> call("{}"))
        .withMessageContaining("the default of /body/run is a workflow expression");
    assertThat(http.targets()).isEmpty();
    sent("{'body/run': 'r1'}", "{'flow': {}, 'run': 'r1'}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'consumes': ['text/json', 'application/json']       | application/json",
        "'consumes': ['application/merge-patch+json']        | application/merge-patch+json",
        "'consumes': ['application/json;odata=verbose']     | application/json;odata=verbose",
        "'consumes': ['multipart/form-data']                 | application/json",
        "'consumes': ['*/*']                                 | application/json",
        "'consumes': ['application/*+json', 'text/json']     | text/json",
        "'consumes': []                                      | application/json",
        "'summary': 'none'                                   | text/json",
      })
  void theContentTypeIsTheListedOne(String member, String contentType) {
    folder.document(
        """
        'consumes': ['text/json'], 'paths': {'/x': {'post': {'operationId': 'op', %s, 'parameters': [
          {'name': 'body', 'in': 'body', 'schema': {'type': 'object'}}]}}}
        """
            .formatted(member));

    call("{'body': {'a': 1}}");

    verify(
        postRequestedFor(urlEqualTo("/x"))
            .withHeader("Content-Type", equalTo(contentType))
            .withRequestBody(equalTo("{\"a\":1}")));
  }

  @Test
  void aHeaderParameterDecidesAboutTheContentType() {
    folder.operation(
        "post",
        "/x",
        """
        'consumes': ['application/json'], 'parameters': [
          {'name': 'body', 'in': 'body', 'schema': {'type': 'object'}},
          {'name': 'content-type', 'in': 'header', 'type': 'string', 'default': 'application/vnd.a+json'}]
        """);

    call("{'body': {}}");
    call("{'body': {}, 'content-type': 'application/vnd.b+json'}");

    assertThat(requests())
        .extracting(r -> r.getHeaders().getHeader("Content-Type").values())
        .containsExactlyInAnyOrder(
            List.of("application/vnd.a+json"), List.of("application/vnd.b+json"));
  }

  @Test
  @DisplayName("H5: an object is sent in parts where the definition's constant says so")
  void anObjectIsSentInPartsWhereTheConstantSaysSo() {
    folder.operation(
        "post",
        "/x",
        """
        'parameters': [
          {'name': 'Content-Type', 'in': 'header', 'type': 'string', 'required': true,
           'default': 'multipart/form-data', 'x-ms-visibility': 'internal'},
          {'name': 'body', 'in': 'body', 'required': true, 'schema': {'type': 'object',
           'required': ['kind'], 'properties': {
             'kind': {'type': 'string', 'default': 'k', 'x-ms-visibility': 'internal'},
             'rank': {'type': 'integer'}, 'picture': {'type': 'string', 'format': 'binary'}}}}]
        """);

    call(
        "{'body': {'title': 'Door', 'rank': '2', 'none': null, 'tags': ['a'], 'picture': "
            + FILE
            + "}}");

    verify(
        postRequestedFor(urlEqualTo("/x"))
            .withHeader("Content-Type", containing("multipart/form-data; boundary="))
            .withAnyRequestBodyPart(aMultipart("title").withBody(equalTo("Door")))
            .withAnyRequestBodyPart(aMultipart("rank").withBody(equalTo("2")))
            .withAnyRequestBodyPart(aMultipart("kind").withBody(equalTo("k")))
            .withAnyRequestBodyPart(aMultipart("tags").withBody(equalTo("[\"a\"]")))
            .withAnyRequestBodyPart(
                aMultipart("picture")
                    .withHeader("Content-Type", equalTo("image/png"))
                    .withHeader("Content-Disposition", containing("p.png"))
                    .withBody(binaryEqualTo(BYTES))));
    assertThat(requests().get(0).getBodyAsString()).doesNotContain("none");
  }

  @Test
  void jsonOfAnotherCharsetIsWrittenInAscii() {
    folder.operation(
        "post",
        "/x",
        "'consumes': ['application/json; charset=ISO-8859-1'],"
            + " 'parameters': [{'name': 'body', 'in': 'body', 'schema': {}}]");

    call("{'body': {'name': 'Größe \uD83D\uDE00'}}");

    assertThat(requests().get(0).getBodyAsString())
        .isEqualToIgnoringCase("{\"name\":\"Gr\\u00f6\\u00dfe \\ud83d\\ude00\"}");
  }

  @Test
  void aContentTypeWithoutABodyIsSentAsAnyHeader() {
    folder.operation(
        "get",
        "/x",
        "'parameters': [{'name': 'Content-Type', 'in': 'header', 'required': true, 'default': 'application/json'}]");

    call("{}");

    verify(
        getRequestedFor(urlEqualTo("/x")).withHeader("Content-Type", equalTo("application/json")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "text/plain                  | hé 'x'   | hé 'x'",
        "text/plain; charset=latin1  | a        | a",
        "application/xml             | <a/>     | <a/>",
        "application/json            | a        | \"a\"",
      })
  void aTextIsSentAsItsContentTypeWantsIt(String contentType, String text, String sent) {
    folder.operation(
        "post",
        "/x",
        "'consumes': ['%s'], 'parameters': [{'name': 'body', 'in': 'body', 'schema': {'type': 'string'}}]"
            .formatted(contentType));
    ObjectNode input = JsonNodeFactory.instance.objectNode().put("body", text);

    folder.action("op").execute(input, http);

    verify(
        postRequestedFor(urlEqualTo("/x"))
            .withHeader("Content-Type", equalTo(contentType))
            .withRequestBody(equalTo(sent)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'consumes': ['application/json'], 'schema': {'type': 'string', 'format': 'binary'} | image/png",
        "'consumes': ['multipart/form-data'], 'schema': {'type': 'string', 'format': 'byte'} | image/png",
        "'schema': {}                                                                      | image/png",
        "'schema': {'type': 'object'}                                                      | image/png",
      })
  void aFileIsSentAsItsBytes(String members, String contentType) {
    String consumes = members.contains("consumes") ? members.replaceAll(", 'schema.*", ",") : "";
    String schema = members.replaceAll(".*'schema': ", "");
    folder.operation(
        "post",
        "/x",
        consumes + "'parameters': [{'name': 'body', 'in': 'body', 'schema': " + schema + "}]");

    call("{'body': " + FILE + "}");

    verify(
        postRequestedFor(urlEqualTo("/x"))
            .withHeader("Content-Type", equalTo(contentType))
            .withRequestBody(binaryEqualTo(BYTES)));
  }

  @Test
  void bytesAndBase64TextAreFilesToo() {
    folder.operation(
        "post",
        "/x",
        "'parameters': [{'name': 'body', 'in': 'body', 'schema': {'type': 'string', 'format': 'byte'}}]");
    folder.action("op").execute(JsonNodeFactory.instance.objectNode().put("body", BYTES), http);
    call("{'body': 'AP8K'}");

    assertThat(requests())
        .hasSize(2)
        .allSatisfy(r -> assertThat(r.getBody()).isEqualTo(BYTES))
        .allSatisfy(
            r -> assertThat(r.getHeader("Content-Type")).isEqualTo("application/octet-stream"));
    refused(
        "{'body': 'no base 64'}",
        "/body",
        "must be {\"$content-type\", \"$content\"} with Base64 content, or text");
  }

  @Test
  void aFormIsUrlEncoded() {
    folder.operation(
        "post",
        "/x",
        """
        'consumes': ['application/x-www-form-urlencoded'], 'parameters': [
          {'name': 'a b', 'in': 'formData', 'type': 'string'},
          {'name': 'list', 'in': 'formData', 'type': 'array', 'collectionFormat': 'multi'},
          {'name': 'none', 'in': 'formData', 'type': 'string'},
          {'name': 'kind', 'in': 'formData', 'type': 'string', 'required': true, 'default': 'x'}]
        """);

    call("{'a b': 'x&y=ü+', 'list': [1, 2]}");

    verify(
        postRequestedFor(urlEqualTo("/x"))
            .withHeader("Content-Type", equalTo("application/x-www-form-urlencoded"))
            .withRequestBody(equalTo("a+b=x%26y%3D%C3%BC%2B&list=1&list=2&kind=x")));
  }

  @ParameterizedTest(name = "{0}: {1} -> {2}")
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '~',
      value = {
        "~~; []; a=1",
        "~~; ['']; a=1&list=",
        "~~; ['x,y', 2]; a=1&list=x%2Cy%2C2",
        "'collectionFormat': 'pipes',; []; a=1",
        "'collectionFormat': 'multi',; []; a=1",
        "'required': true,; []; a=1&list=",
        "'allowEmptyValue': true,; []; a=1&list="
      })
  void anEmptyListIsSentWhereTheFieldHasToBeThere(String members, String list, String sent) {
    folder.operation(
        "post",
        "/x",
        """
        'parameters': [{'name': 'a', 'in': 'formData', 'type': 'string', 'required': true, 'default': '1'},
          {'name': 'list', 'in': 'formData', %s 'type': 'array'}]
        """
            .formatted(members));

    call("{'list': " + list + "}");

    verify(postRequestedFor(urlEqualTo("/x")).withRequestBody(equalTo(sent)));
  }

  @Test
  void aTextThatItsCharsetDoesNotHaveIsRefused() {
    folder.operation(
        "post",
        "/x",
        "'consumes': ['text/plain; charset=iso-8859-1'], 'parameters': [{'name': 'body', 'in': 'body',"
            + " 'schema': {'type': 'string'}}]");

    refused(
        "{'body': '5 €'}", "/body", "has a character that the charset ISO-8859-1 does not have");
  }

  @Test
  void jsonIsWrittenInTheCharsetOfItsType() {
    folder.operation(
        "post",
        "/x",
        "'consumes': ['application/json; charset=utf-16'], 'parameters': [{'name': 'body', 'in': 'body',"
            + " 'schema': {'type': 'object'}}]");

    call("{'body': {'a': 'ü'}}");

    assertThat(new String(requests().get(0).getBody(), StandardCharsets.UTF_16))
        .isEqualTo("{\"a\":\"\\u00FC\"}");
  }

  @Test
  void anObjectIsSentAsAFormWhereTheServiceTakesForms() {
    folder.operation(
        "post",
        "/x",
        "'consumes': ['application/x-www-form-urlencoded'], 'parameters': [{'name': 'body', 'in': 'body', 'schema': {'type': 'object'}}]");

    call("{'body': {'a': 'b c', 'n': 1, 'o': {'x': 1}, 'z': null}}");

    verify(
        postRequestedFor(urlEqualTo("/x"))
            .withRequestBody(equalTo("a=b+c&n=1&o=%7B%22x%22%3A1%7D")));
  }

  @ParameterizedTest
  @CsvSource({"file, ''", "string, 'binary'"})
  void aFormWithAFileIsSentInParts(String type, String format) {
    folder.operation(
        "post",
        "/x",
        """
        'parameters': [
          {'name': 'note', 'in': 'formData', 'type': 'string'},
          {'name': 'photo', 'in': 'formData', 'type': '%s', 'format': '%s', 'required': true}]
        """
            .formatted(type, format));

    call("{'note': 'hello', 'photo': " + FILE + "}");

    verify(
        postRequestedFor(urlEqualTo("/x"))
            .withHeader("Content-Type", containing("multipart/form-data"))
            .withRequestBodyPart(aMultipart("note").withBody(equalTo("hello")).build())
            .withRequestBodyPart(
                aMultipart("photo")
                    .withHeader("Content-Disposition", containing("filename=\"p.png\""))
                    .withHeader("Content-Type", equalTo("image/png"))
                    .withBody(binaryEqualTo(BYTES))
                    .build()));
    refused("{}", "/photo", "is required");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'consumes': ['multipart/form-data', 'application/json'],  |                     | true",
        "'consumes': ['application/form-data'],                    |                     | false",
        "'consumes': [],                                           |                     | false",
        "'consumes': ['application/json'],                         | multipart/form-data | true",
      })
  void aFormWithoutAFileIsSentInPartsIfTheServiceSaysSo(
      String consumes, String header, boolean parts) {
    folder.operation(
        "post",
        "/x",
        consumes
            + "'parameters': [{'name': 'a', 'in': 'formData', 'type': 'string'}"
            + (header == null
                ? ""
                : ", {'name': 'Content-Type', 'in': 'header', 'default': '" + header + "'}")
            + "]");

    call("{'a': 'b'}");

    assertThat(requests().get(0).getHeader("Content-Type").startsWith("multipart/form-data; bound"))
        .isEqualTo(parts);
    assertThat(requests().get(0).getBodyAsString().equals("a=b")).isEqualTo(!parts);
  }

  @Test
  void aFormOfWhichNothingIsGivenHasNoBody() {
    folder.operation(
        "post",
        "/x",
        "'consumes': ['multipart/form-data'], 'parameters': [{'name': 'a', 'in': 'formData', 'type': 'string'}]");

    call("{}");

    verify(postRequestedFor(urlEqualTo("/x")).withRequestBody(absent()));
  }

  @Test
  void aMultipartBodyMayBeGivenAsWorkflowsWriteIt() {
    body("{'type': 'object'}");

    call(
        """
        {'body': {'$content-type': 'multipart/form-data', '$multipart': [
          {'headers': {'Content-Disposition': 'form-data; name=note'}, 'body': 'hello'},
          {'headers': {'content-disposition': 'form-data; name=photo; filename=p.png'}, 'body': %s},
          {'headers': {'Content-Disposition': 'form-data; name=meta'}, 'body': {'a': 1}}]}}
        """
            .formatted(FILE));

    verify(
        postRequestedFor(urlEqualTo("/x"))
            .withRequestBodyPart(aMultipart("note").withBody(equalTo("hello")).build())
            .withRequestBodyPart(aMultipart("meta").withBody(equalTo("{\"a\":1}")).build())
            .withRequestBodyPart(
                aMultipart("photo")
                    .withHeader("Content-Disposition", containing("filename=\"p.png\""))
                    .withBody(binaryEqualTo(BYTES))
                    .build()));
  }

  @Test
  @Tag("E8")
  void aContentTypeOrFileNameCannotEndItsHeader() {
    String problem = "has a content type or file name with a character that is not allowed";
    folder.operation(
        "post", "/x", "'parameters': [{'name': 'f', 'in': 'formData', 'type': 'file'}]");
    refused("{'f': {'$content-type': 'a/b\\r\\nX: 1', '$content': ''}}", "/f", problem);
    refused("{'f': {'$filename': 'a\\r\\nX: 1', '$content': ''}}", "/f", problem);
    body("{'type': 'object'}");
    refused("{'body': {'$content-type': 'a/b\\nX: 1', '$content': ''}}", "/body", problem);
    refused(
        "{'body': {'$multipart': [{'headers': {'Content-Disposition': 'form-data; name=a',"
            + " 'Content-Type': 'a/b\\nX: 1'}, 'body': ''}]}}",
        "/body",
        problem);
    refused(
        "{'body': {'$multipart': [{'body': ''}]}}",
        "/body",
        "has a part without a Content-Disposition that names it");

    folder.operation(
        "post",
        "/x",
        "'consumes': ['a/b\\r\\nX: 1'], 'parameters': [{'name': 'body', 'in': 'body', 'schema': {}}]");
    refused("{'body': {'a': 1}}", "/body", problem);
    assertThat(http.targets()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{'body': {'a': 1}}", "{'body/a': 1}", "{'body': false}"})
  @DisplayName("H5: a body that cannot be sent is refused")
  void aBodyThatCannotBeSentIsRefused(String input) {
    getWithABody();

    String pointer = input.contains("/") ? "/body~1a" : "/body";
    refused(input, pointer, "is never sent: a GET request has no body");
    assertThat(http.targets()).isEmpty();
  }

  @Test
  @DisplayName("H5: a field that cannot be sent is refused")
  void aFieldThatCannotBeSentIsRefused() {
    folder.operation(
        "head", "/x", "'parameters': [{'name': 'f', 'in': 'formData', 'type': 'string'}]");

    refused("{'f': 'x'}", "/f", "is never sent: a HEAD request has no body");
  }

  private void getWithABody() {
    folder.operation(
        "get",
        "/x",
        "'parameters': [{'name': 'body', 'in': 'body', 'required': true, 'schema': {'type': 'object'}}]");
  }

  @Test
  void aGetHasNoBody() {
    getWithABody();

    call("{'body': null}");

    assertThat(folder.report().warnings())
        .extracting(DefinitionReport.Warning::message)
        .containsExactly("the parameter 'body' is never sent: a GET request has no body");
    assertThat(WireMock.findAll(getRequestedFor(urlEqualTo("/x"))).get(0).getBody()).isEmpty();
    assertThat(folder.action("op").input().givenSchema().path("properties")).isEmpty();
  }

  private void body(String schema) {
    folder.operation(
        "post",
        "/x",
        "'parameters': [{'name': 'body', 'in': 'body', 'required': true, 'schema': "
            + schema
            + "}]");
  }

  private void call(String input) {
    folder.action("op").execute(json(input), http);
  }

  /** Calls the operation and compares what arrived. */
  private void sent(String input, String expected) {
    WireMock.resetAllRequests();
    call(input);
    assertThat(json(requests().get(0).getBodyAsString())).isEqualTo(json(expected));
  }

  private void refused(String input, String pointer, String problem) {
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> call(input))
        .extracting(InvalidInputException::faults)
        .isEqualTo(List.of(new Fault(pointer, problem)));
  }

  private static List<LoggedRequest> requests() {
    return WireMock.findAll(postRequestedFor(anyUrl()));
  }
}
