package dev.connectorsdk.definition;

import static dev.connectorsdk.definition.Folder.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.connectorsdk.internal.schema.JsonSettings;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class SchemaTest {

  @TempDir Path temp;

  @Test
  void describesTheInputOfAnOperation() throws URISyntaxException {
    assertThat(books("AddBook").input().givenSchema())
        .isEqualTo(
            json(
                """
                {'$schema': 'https://json-schema.org/draft/2020-12/schema',
                 'x-limits': 'advisory',
                 'type': 'object',
                 'properties': {
                   'branch name': {'type': ['string', 'number', 'boolean']},
                   'body': {'$ref': '#/$defs/NewBook'}},
                 'if': {'propertyNames': {'not': {'pattern': '^body/'}}},
                 'then': {'required': ['body']},
                 'required': ['branch name'],
                 '$defs': {'NewBook': {
                   'type': ['object', 'null'],
                   'properties': {
                     'title': {'title': 'Title', 'type': ['string', 'number', 'boolean']},
                     'pages': {
                       'type': ['integer', 'string', 'null'],
                       'minimum': 1, 'pattern': '^-?(0|[1-9][0-9]*)$'},
                     'genre': {
                       'type': ['string', 'number', 'boolean', 'null'],
                       'enum': ['novel', 'poetry', null]}},
                   'required': ['title']}}}
                """));
  }

  @Test
  void describesParametersAndHidesConstants() throws URISyntaxException {
    JsonNode schema = books("FindBooks").input().givenSchema();

    assertThat(schema.path("properties").propertyNames())
        .containsExactly("branch name", "$filter", "tags", "limit", "Accept-Language");
    assertThat(schema.path("required")).isEqualTo(json("['branch name']"));
    assertThat(schema.at("/properties/limit"))
        .isEqualTo(
            json(
                """
                {'type': ['integer', 'string', 'null'], 'format': 'int32', 'default': 20,
                 'pattern': '^-?(0|[1-9][0-9]*)$'}
                """));
    assertThat(schema.at("/properties/branch name/title").stringValue()).isEqualTo("Branch");
  }

  @Test
  void describesTheOutputWithRecursiveTypes() throws URISyntaxException {
    assertThat(books("FindBooks").output().givenSchema())
        .isEqualTo(
            json(
                """
                {'$schema': 'https://json-schema.org/draft/2020-12/schema',
                 'x-limits': 'advisory',
                 'type': 'object',
                 'properties': {
                   'statusCode': {'type': 'integer'},
                   'headers': {'type': 'object', 'additionalProperties': {'type': 'string'}},
                   'body': {'type': ['array', 'null'], 'items': {'$ref': '#/$defs/Book'}}},
                 'required': ['statusCode', 'headers'],
                 '$defs': {'Book': {'type': ['object', 'null'], 'properties': {
                   'isbn': {'type': ['string', 'null']}, 'title': {'type': ['string', 'null']},
                   'sequel': {'$ref': '#/$defs/Book'}}}}}
                """));
  }

  @Test
  void aFileIsTheWholeAnswerAndNeverAMemberOfJson() {
    Folder folder = Folder.in(temp);
    folder.document(
        """
        'paths': {'/x': {'get': {'operationId': 'op', 'responses': {'200': {'description': 'ok',
          'schema': {'$ref': '#/definitions/Photo'}}}}}},
        'definitions': {'Photo': {'type': 'object', 'properties': {
          'content': {'type': 'string', 'format': 'binary'}}}}
        """);
    assertThat(folder.action("op").output().givenSchema().at("/$defs/Photo/properties/content"))
        .isEqualTo(json("{'type': ['string', 'null'], 'format': 'binary'}"));

    folder.document(
        """
        'paths': {'/x': {'get': {'operationId': 'op', 'responses': {'200': {'description': 'ok',
          'schema': {'type': 'string', 'format': 'binary'}}}}}}
        """);
    assertThat(folder.action("op").output().givenSchema().at("/properties/body/type"))
        .isEqualTo(json("['object', 'null']"));
  }

  @Test
  @DisplayName("H5: what need not be in an answer may be null there")
  void whatNeedNotBeInAnAnswerMayBeNull() {
    Folder folder = Folder.in(temp);
    folder.document(
        """
        'paths': {'/x': {'get': {'operationId': 'op', 'responses': {'200': {'description': 'ok',
          'schema': {'type': 'object', 'required': ['id'], 'properties': {
            'id': {'type': 'string'}, 'closedOn': {'type': 'string'},
            'kind': {'type': 'string', 'enum': ['a']}, 'owner': {'$ref': '#/definitions/Person'},
            'people': {'type': 'array', 'items': {'$ref': '#/definitions/Person'}},
            'by': {'type': 'object', 'additionalProperties': {'type': 'integer'}}}}}}}}},
        'definitions': {'Person': {'type': 'object', 'properties': {'name': {'type': 'string'}}}}
        """);
    JsonNode schema = folder.action("op").output().givenSchema();

    assertThat(
            faultsOf(
                schema,
                "{'statusCode': 200, 'headers': {}, 'body': {'id': '1', 'closedOn': null,"
                    + " 'kind': null, 'owner': null, 'people': [null, {'name': null}],"
                    + " 'by': {'x': null}}}"))
        .isEmpty();
    assertThat(faultsOf(schema, "{'statusCode': 200, 'headers': {}, 'body': null}")).isEmpty();
    assertThat(faultsOf(schema, "{'statusCode': 200, 'headers': {}, 'body': {'id': null}}"))
        .isNotEmpty();
  }

  @Test
  void makesItsShapesOnce() throws URISyntaxException {
    DefinitionAction action = books("AddBook");

    assertThat(action.input()).isSameAs(action.input());
    assertThat(action.output()).isSameAs(action.output());
  }

  @Test
  void refusesWhatIsMissing() {
    Folder folder = orders();

    assertThat(faults(folder, "{}")).containsExactly("required property 'body' not found");
    assertThat(faults(folder, "{'body': {}}"))
        .containsExactlyInAnyOrder(
            "required property 'name' not found", "required property 'address' not found");
    assertThat(faults(folder, "{'body': {'name': 'abc', 'address': {}}}"))
        .containsExactly("required property 'city' not found");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'body': {'name': 'too long for the pattern', 'address': {'city': 'Oslo'}}}",
        "{'body': {'name': 'abc', 'n': 10, 'address': {'city': 'Oslo'}}}",
        "{'body': {'name': 'abc', 'n': 'many', 'address': {'city': 'Oslo'}}}"
      })
  void tellsLimitsAndLetsTheServiceDecide(String input) {
    Folder folder = orders();

    assertThat(faults(folder, input)).isNotEmpty();
    assertThatNoException().isThrownBy(() -> check(folder, input));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'body': {'name': 'abc', 'n': '1000', 'on': 'true', 'photo': {'$content': ''}, 'address': {'city': 'Oslo'}, 'unknown': 1}}",
        "{'body': {'name': 'abc', 'n': null, 'next': null, 'when': 'today', 'address': {'city': 1}}}",
        "{'body/name': 'abc', 'body/address/city': 'Oslo'}"
      })
  void whatFitsTheSchemaIsAccepted(String input) {
    Folder folder = orders();

    assertThat(faults(folder, input)).isEmpty();
    assertThatNoException().isThrownBy(() -> check(folder, input));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'type': 'string', 'enum': ['a', 1]            | ['a', '1', null]",
        "'type': 'integer', 'enum': [1, '1', '2', 'many'] | [1, 2, null]",
        "'type': 'boolean', 'enum': ['true', 'false']  | [true, false, null]",
        "'type': 'string', 'enum': ['a', null, 'a']    | ['a', null]",
        "'type': 'string', 'required': true, 'enum': ['a', null] | ['a']"
      })
  void choicesAreOfTheDeclaredType(String declared, String written) {
    Folder folder = Folder.in(temp);
    folder.operation("get", "/x", "'parameters': [{'name': 'q', 'in': 'query', " + declared + "}]");

    assertThat(folder.action("op").input().givenSchema().at("/properties/q/enum"))
        .hasToString(json(written).toString());
  }

  @Test
  void choicesOfWhichNoneCouldBeTakenAreLeftOut() {
    Folder folder = Folder.in(temp);
    folder.operation(
        "get",
        "/x",
        """
        'parameters': [{'name': 'q', 'in': 'query', 'type': 'array', 'enum': ['a', 'b'],
                        'items': {'type': 'string', 'enum': ['a', 'b']}}]
        """);

    JsonNode q = folder.action("op").input().givenSchema().at("/properties/q");
    assertThat(q.has("enum")).isFalse();
    assertThat(q.at("/items/enum/0").stringValue()).isEqualTo("a");
  }

  @Test
  void doesNotAskForWhatTheDefinitionProvides() {
    JsonNode order = orders().action("op").input().givenSchema().at("/$defs/Order");

    assertThat(order.path("required")).isEqualTo(json("['name', 'address']"));
    assertThat(order.path("properties").propertyNames())
        .containsExactly("name", "n", "on", "photo", "when", "address", "next", "unit");
  }

  @Test
  void doesNotAskForConstantsThatStandInAPartOfTheType() {
    Folder folder = Folder.in(temp);
    folder.document(
        """
        'paths': {'/x': {'post': {'operationId': 'op', 'parameters': [
          {'name': 'body', 'in': 'body', 'required': true, 'schema': {'$ref': '#/definitions/Dog'}}]}}},
        'definitions': {
          'Animal': {'type': 'object', 'properties': {
            'kind': {'type': 'string', 'default': 'dog', 'x-ms-visibility': 'internal'},
            'name': {'type': 'string'}}},
          'Dog': {'allOf': [{'$ref': '#/definitions/Animal'}], 'required': ['kind', 'name']}}
        """);

    assertThat(faults(folder, "{'body': {}}"))
        .containsExactly("required property 'name' not found");
    assertThat(faults(folder, "{'body': {'name': 'Rex'}}")).isEmpty();
  }

  @Test
  void asksForWhatOnlyAWorkflowCouldProvide() {
    Folder folder = Folder.in(temp);
    folder.operation(
        "get",
        "/x",
        """
        'parameters': [
          {'name': 'a', 'in': 'query', 'type': 'string', 'required': true, 'default': '@{utcNow()}', 'x-ms-visibility': 'internal'},
          {'name': 'b', 'in': 'query', 'type': 'string', 'required': true, 'default': '@{workflow()}', 'x-ms-visibility': 'internal'}]
        """);

    JsonNode schema = folder.action("op").input().givenSchema();
    assertThat(schema.path("properties").propertyNames()).containsExactly("a");
    assertThat(schema.has("required")).isFalse();
    assertThat(schema.at("/properties/a").has("default")).isFalse();
  }

  @Test
  void keepsTitlesBesideReferencesAndNothingElse() {
    Folder folder = Folder.in(temp);
    folder.document(
        """
        'paths': {'/x': {'post': {'operationId': 'op', 'parameters': [
          {'name': 'in/put', 'in': 'body', 'description': 'All of it.', 'schema': {'$ref': '#/definitions/List[A b]'}}]}}},
        'definitions': {
          'List[A b]': {'type': 'object', 'properties': {
            'one': {'$ref': '#/definitions/A%20b', 'x-ms-summary': 'One', 'type': 'array'},
            'deep': {'$ref': '#/definitions/A b/properties/x'}}},
          'A b': {'properties': {'x': {'type': 'integer'}}},
          'Unused': {'type': 'string'}}
        """);

    assertThat(folder.action("op").input().givenSchema())
        .isEqualTo(
            json(
                """
                {'$schema': 'https://json-schema.org/draft/2020-12/schema',
                 'x-limits': 'advisory', 'type': 'object',
                 'properties': {'in/put': {'$ref': '#/$defs/List_A_b_', 'description': 'All of it.'}},
                 '$defs': {
                   'List_A_b_': {'type': ['object', 'null'], 'properties': {
                     'one': {'$ref': '#/$defs/A_20b', 'title': 'One'},
                     'deep': {'$ref': '#/$defs/x'}}},
                   'A_20b': {'type': ['object', 'null'], 'properties': {
                     'x': {'type': ['integer', 'string', 'null'], 'pattern': '^-?(0|[1-9][0-9]*)$'}}},
                   'x': {'type': ['integer', 'string', 'null'], 'pattern': '^-?(0|[1-9][0-9]*)$'}}}
                """));
  }

  @Test
  @Tag("H2")
  @Timeout(10)
  void neverLeadsAValidatorInACircle() {
    Folder folder = Folder.in(temp);
    folder.document(
        """
        'paths': {'/x': {'post': {'operationId': 'op', 'parameters': [
          {'name': 'body', 'in': 'body', 'schema': {'$ref': '#/definitions/A'}}]}}},
        'definitions': {
          'A': {'allOf': [{'$ref': '#/definitions/B'}], 'properties': {'self': {'$ref': '#/definitions/A'}, 'c': {'$ref': '#/definitions/C'}}},
          'B': {'allOf': [{'$ref': '#/definitions/A'}, {'$ref': '#/definitions/B'}], 'properties': {'b': {'type': 'string'}}},
          'C': {'$ref': '#/definitions/D'}, 'D': {'$ref': '#/definitions/C'}}
        """);

    assertThat(faults(folder, "{'body': {'self': {'self': {'b': 'x'}}, 'c': 1}}")).isEmpty();
    assertThat(faults(folder, "{'body': {'self': {'self': 'no'}}}")).isNotEmpty();
  }

  private Folder orders() {
    Folder folder = Folder.in(temp);
    folder.document(
        """
        'paths': {'/x': {'post': {'operationId': 'op', 'parameters': [
          {'name': 'body', 'in': 'body', 'required': true, 'schema': {'$ref': '#/definitions/Order'}}]}}},
        'definitions': {'Order': {'type': 'object',
          'required': ['name', 'kind', 'unit', 'meta', 'id', 'address', 'hook'],
          'properties': {
            'id': {'type': 'string', 'readOnly': true},
            'name': {'type': 'string', 'pattern': '^[a-z]+$', 'maxLength': 3, 'enum': ['abc']},
            'kind': {'type': 'string', 'default': 'k', 'x-ms-visibility': 'internal'},
            'n': {'type': 'integer', 'maximum': 9}, 'on': {'type': 'boolean'},
            'photo': {'type': 'string', 'format': 'byte'},
            'when': {'type': 'string', 'format': 'date-time'},
            'address': {'type': 'object', 'required': ['city'], 'properties': {'city': {'type': 'string'}}},
            'next': {'$ref': '#/definitions/Order'},
            'hook': {'type': 'string', 'x-ms-visibility': 'internal'},
            'unit': {'type': 'string', 'default': 'kg'},
            'meta': {'type': 'object', 'x-ms-visibility': 'internal', 'required': ['v'], 'properties': {'v': {'type': 'string', 'default': '1'}}}}}}
        """);
    return folder;
  }

  private static List<String> faults(Folder folder, String input) {
    return faultsOf(folder.action("op").input().givenSchema(), input);
  }

  private static List<String> faultsOf(JsonNode schema, String value) {
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(schema.toString(), InputFormat.JSON)
        .validate(json(value).toString(), InputFormat.JSON)
        .stream()
        .map(Error::getMessage)
        .toList();
  }

  private static void check(Folder folder, String input) {
    new dev.connectorsdk.internal.schema.Schemas(JsonSettings.newMapper())
        .validatorFor(folder.action("op").input())
        .check("operation 'op'", json(input));
  }

  private DefinitionAction books(String id) throws URISyntaxException {
    Path books = Path.of(getClass().getResource("/definitions/books").toURI());
    return (DefinitionAction) Definition.load(books).connector().action(id).orElseThrow();
  }
}
