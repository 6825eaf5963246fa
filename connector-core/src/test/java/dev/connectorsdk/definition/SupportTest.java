package dev.connectorsdk.definition;

import static dev.connectorsdk.definition.Folder.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.OperationUnsupportedException;
import dev.connectorsdk.definition.DefinitionReport.Trigger;
import dev.connectorsdk.definition.DefinitionReport.TriggerKind;
import dev.connectorsdk.fixtures.PlainHttp;
import dev.connectorsdk.internal.definition.request.OutgoingRequest;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What can be called, and why the rest cannot. */
class SupportTest {

  @TempDir Path temp;
  private Folder folder;

  @BeforeEach
  void twoOperations() {
    folder =
        Folder.in(temp)
            .paths(
                """
                '/a': {'get': {'operationId': 'GetA', 'responses': {}}},
                '/b': {'post': {'operationId': 'PostB', 'responses': {}}}
                """);
  }

  @Test
  void callsWhatNeedsNothingSpecial() {
    assertThat(obstacles("GetA")).isEmpty();
    assertThat(folder.report().operation("GetA").orElseThrow().isSupported()).isTrue();
  }

  @Test
  @Tag("H4")
  void aPolicyWithoutScopeConcernsEveryOperation() {
    for (String scope : List.of("", ", 'x-ms-apimTemplate-operationName': []")) {
      policy("SetHeader", scope);

      assertThat(obstacles("GetA")).containsExactly("policy template 'setheader' lacks 'value'");
      assertThat(obstacles("PostB")).containsExactly("policy template 'setheader' lacks 'value'");
    }
  }

  @Test
  @Tag("H4")
  void aPolicyConcernsTheOperationsThatItNamesInAnyCase() {
    policy("dynamichosturl", ", 'x-ms-apimTemplate-operationName': ['getA', 'Gone']");

    assertThat(obstacles("GetA"))
        .containsExactly("policy template 'dynamichosturl' lacks 'urlTemplate'");
    assertThat(obstacles("PostB")).isEmpty();
  }

  @ParameterizedTest
  @Tag("H4")
  @ValueSource(strings = {"{'a': 1}", "'x'", "[{}]", "[7]", "[{'templateId': 5}]"})
  void aPolicyThatCannotBeReadConcernsEveryOperation(String policies) {
    folder.properties("{'properties': {'policyTemplateInstances': " + policies + "}}");

    assertThat(obstacles("GetA")).isNotEmpty();
    assertThat(obstacles("PostB")).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'scriptOperations': ['GetA']            | true  | false",
        "'scriptOperations': []                  | true  | true",
        "'script': {'operationIds': ['PostB']}   | false | true",
        "'script': {'language': 'CSharpScript'}  | true  | true",
        "'publisher': 'x'                        | false | false"
      })
  @Tag("H4")
  void aScriptedOperationIsNotRunWithoutItsScript(String member, boolean a, boolean b) {
    folder.properties("{'properties': {" + member + "}}");

    assertThat(
            obstacles("GetA")
                .equals(
                    List.of(
                        "script not available: no port of the connector's script was registered")))
        .isEqualTo(a);
    assertThat(obstacles("PostB").isEmpty()).isEqualTo(!b);
  }

  @ParameterizedTest
  @Tag("H4")
  @ValueSource(strings = {"script.csx", "connector-Script.CSX", "Script.cs"})
  void aScriptFileThatNoListMentionsConcernsEveryOperation(String name) {
    folder.file(name, new byte[0]);

    assertThat(obstacles("GetA")).isNotEmpty();
    assertThat(obstacles("PostB")).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{your_domain}}",
        "The host name, e.g. x.example",
        "a b",
        "host:99999",
        "a/b",
        ""
      })
  void nothingIsSentToAHostThatIsAPlaceholder(String host) {
    folder.swagger(
        "{'swagger': '2.0', 'host': '"
            + host
            + "', 'paths': {'/a': {'get': {'operationId': 'GetA'}}}}");

    assertThat(obstacles("GetA")).hasSize(1).first().asString().contains("host");
    assertThat(folder.load().connector().baseUrl()).isEqualTo("https://host.invalid");
  }

  @Test
  void namesEveryReason() {
    folder
        .swagger(
            """
            {'swagger': '2.0', 'paths': {'/a': {'get': {'operationId': 'GetA',
              'x-ms-trigger': 'batch'}}}}
            """)
        .properties(
            """
            {'properties': {'scriptOperations': [],
              'policyTemplateInstances': [{'templateId': 'a'}, {'templateId': 'b'}, {'templateId': 'a'}]}}
            """);

    assertThat(obstacles("GetA"))
        .containsExactly(
            "the definition names no host",
            "policy template 'a' is not known",
            "policy template 'b' is not known",
            "script not available: no port of the connector's script was registered");
  }

  @Test
  void anOperationThatCannotRunIsAnActionThatSaysWhyAndSendsNothing() {
    policy("setheader", "");
    DefinitionAction action = folder.action("GetA");
    PlainHttp http = new PlainHttp("http://localhost:1");

    assertThatExceptionOfType(OperationUnsupportedException.class)
        .isThrownBy(() -> action.execute(json("{}"), http))
        .withMessage("Operation 'GetA' cannot run: policy template 'setheader' lacks 'value'");
    assertThat(http.targets()).isEmpty();
  }

  @Test
  void triggersAreListedWithTheirKindAndAreNoActions() {
    folder
        .paths(
            """
            '/hook': {'x-ms-notification-content': {'schema': {}},
              'post': {'operationId': 'WhenCalled', 'x-ms-trigger': 'single'}},
            '/nested': {'post': {'operationId': 'WhenNested', 'x-ms-trigger': 'Single',
              'parameters': [{'name': 'b', 'in': 'body', 'schema': {'properties': {'hook':
                {'properties': {'url': {'type': 'string', 'x-ms-notification-url': true}}}}}}]}},
            '/trigger/list': {'get': {'operationId': 'WhenListed', 'x-ms-trigger': 'batch'}},
            '/told': {'get': {'operationId': 'WhenTold', 'x-ms-trigger': 'BATCH'}}
            """)
        .properties(
            """
            {'properties': {'policyTemplateInstances': [{'templateId': 'PollingTrigger',
              'parameters': {'x-ms-apimTemplate-operationName': ['WhenListed']}}]}}
            """);

    assertThat(trigger("WhenCalled")).isEqualTo(new Trigger(TriggerKind.WEBHOOK, false, null));
    assertThat(trigger("WhenCalled").weaknesses())
        .containsExactly(
            "deliveries are not signed: they are protected by the callback URL alone, and whoever"
                + " knows it can invent events");
    assertThat(trigger("WhenListed").weaknesses()).isEmpty();
    assertThat(trigger("WhenNested")).isEqualTo(new Trigger(TriggerKind.WEBHOOK, false, null));
    assertThat(trigger("WhenListed")).isEqualTo(new Trigger(TriggerKind.POLLING, true, null));
    assertThat(trigger("WhenTold")).isEqualTo(new Trigger(TriggerKind.SERVICE_POLLING, true, null));
    assertThat(obstacles("WhenCalled")).containsExactly("its body has no place for a callback URL");
    assertThat(obstacles("WhenTold")).isEmpty();
    assertThat(folder.load().connector().actions()).isEmpty();
    assertThat(folder.load().connector().triggers())
        .extracting(dev.connectorsdk.api.Trigger::id)
        .containsExactly("WhenCalled", "WhenNested", "WhenListed", "WhenTold");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, READ",
    "HEAD, READ",
    "OPTIONS, READ",
    "PUT, IDEMPOTENT_WRITE",
    "DELETE, DESTRUCTIVE",
    "POST, WRITE",
    "PATCH, WRITE"
  })
  void theMethodSaysWhatAnOperationDoes(String method, Effect effect) {
    folder.operation(method, "/x", "'summary': 'X'");

    assertThat(folder.action("op").effect()).isEqualTo(effect);
  }

  @Test
  void keepsLabelsVisibilityAndDeprecation() {
    folder.operation(
        "get",
        "/x",
        "'summary': 'Do it', 'description': 'Does it.', 'deprecated': true, 'x-ms-visibility': 'Internal'");

    Action<?, ?> action = folder.action("op");
    assertThat(action.title()).isEqualTo("Do it");
    assertThat(action.description()).isEqualTo("Does it.");
    assertThat(action.isDeprecated()).isTrue();
    assertThat(action.isInternal()).isTrue();
  }

  @Test
  void saysThatAFileDoesNotGoInChunks() {
    folder.paths(
        """
        '/a': {'put': {'operationId': 'X', 'x-ms-capabilities': {'ChunkTransfer': 'true'}}},
        '/b': {'put': {'operationId': 'Y', 'x-ms-capabilities': {'chunkTransfer': false}}}
        """);

    assertThat(obstacles("X")).isEmpty();
    assertThat(folder.report().warnings())
        .singleElement()
        .hasToString(
            "apiDefinition.swagger.json#/paths/~1a/put/x-ms-capabilities: asks for chunkTransfer,"
                + " which is left out: a file is sent in one request, and the Location of an answer"
                + " 202 is not followed unless an overlay says so");
  }

  @Test
  void losesNoOperationForLackOfAnIdOrForHavingAnothersId() {
    folder.paths(
        """
        '/a': {'get': {'operationId': 'X'}, 'put': {'operationId': 'X'}},
        '/b': {'get': {}}, '/c': 'odd', '/d': {'trace': {}, 'parameters': [], 'x-note': 1}
        """);

    assertThat(folder.report().operations())
        .extracting(DefinitionReport.Operation::id, DefinitionReport.Operation::isSupported)
        .containsExactly(tuple("X", true), tuple("X-2", false), tuple("GET /b", true));
    assertThat(folder.report().warnings())
        .extracting(DefinitionReport.Warning::pointer)
        .containsExactly("/paths/~1b/get", "/paths/~1c", "/paths/~1d/trace");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "/x/{id}   | its path needs 'id', which no parameter provides",
        "/x?a=b    | its path does not start with '/' or holds '?' or '#'",
        "x         | its path does not start with '/' or holds '?' or '#'",
        "/x/../y   | its path holds '.' or '..'",
        "/x/%2e%2E | its path holds '.' or '..'"
      })
  @Tag("E6")
  void aPathThatCannotBeBuiltIsNotCalled(String path, String reason) {
    folder.operation("get", path, "'summary': 'X'");

    assertThat(obstacles("op")).containsExactly(reason);
  }

  @Test
  void parametersThatCannotBeReadAreNotOverlooked() {
    folder.operation("get", "/x", "'parameters': {'a': 1}");
    assertThat(obstacles("op")).containsExactly("its parameters are not a list");
    folder.operation("get", "/x", "'parameters': [{'name': 'a'}]");
    assertThat(obstacles("op")).containsExactly("one of its parameters has no name or place");
    folder.operation("get", "/x", "'parameters': [{'name': 'a', 'in': 'cookie'}]");
    assertThat(obstacles("op")).containsExactly("the parameter 'a' has an unknown place");
    folder.operation("get", "/x", "'parameters': [{'name': 'a', 'in': 'path', 'type': 'string'}]");
    assertThat(obstacles("op")).containsExactly("its path has no place for the parameter 'a'");
    folder.operation(
        "post", "/x", "'parameters': [{'name': 'a', 'in': 'body'}, {'name': 'a', 'in': 'header'}]");
    assertThat(obstacles("op")).containsExactly("its body and another parameter are called 'a'");
    folder.operation(
        "post",
        "/x",
        "'parameters': [{'name': 'a', 'in': 'body'}, {'name': 'b', 'in': 'formData'}]");
    assertThat(obstacles("op")).containsExactly("it has several bodies");
  }

  @ParameterizedTest
  @Tag("E8")
  @ValueSource(
      strings = {
        "Cookie",
        "Authorization",
        "Forwarded",
        "X-Forwarded-For",
        "Proxy-Authorization",
        "X-HTTP-Method-Override"
      })
  void aHeaderThatIsNotForDefinitionsIsNeverSent(String name) {
    folder.operation(
        "get", "/x", "'parameters': [{'name': '" + name + "', 'in': 'header', 'type': 'string'}]");
    assertThat(obstacles("op")).isEmpty();
    assertThat(folder.report().warnings()).hasSize(1);
    assertThat(folder.action("op").input().givenSchema().has("properties")).isTrue();
    assertThat(folder.action("op").input().givenSchema().path("properties")).isEmpty();

    folder.operation(
        "get",
        "/x",
        "'parameters': [{'name': '"
            + name
            + "', 'in': 'header', 'required': true, 'default': 'x'}]");
    assertThat(obstacles("op")).hasSize(1).first().asString().startsWith("the required header ");
  }

  @ParameterizedTest
  @Tag("E8")
  @ValueSource(
      strings = {
        "Host",
        "Content-Length",
        "Transfer-Encoding",
        "Connection",
        "Upgrade",
        "TE",
        "Trailer",
        "Expect"
      })
  void aHeaderOfTheTransportIsWrittenByTheTransport(String name) {
    sendsNoHeader(name, "'required': true, 'type': 'string'");
  }

  @ParameterizedTest
  @Tag("E8")
  @ValueSource(strings = {"Bad Name", "Bad:Name", "Bad\\r\\nName", "Ünicode", "Content-Type:", ""})
  void aHeaderWhoseNameIsNoneIsSentForNobody(String name) {
    sendsNoHeader(name, "'required': true, 'default': 'x', 'x-ms-visibility': 'internal'");
    sendsNoHeader(name, "'type': 'string'");

    folder.operation("get", "/x", parameter(name, "'required': true, 'type': 'string'"));

    assertThat(obstacles("op"))
        .containsExactly(
            "the required header '" + name.translateEscapes() + "' is not a header name");
  }

  private void sendsNoHeader(String name, String members) {
    folder.operation("get", "/x", parameter(name, members));
    assertThat(obstacles("op")).isEmpty();
    assertThat(folder.report().warnings())
        .singleElement()
        .extracting(DefinitionReport.Warning::message)
        .asString()
        .endsWith(" and is never sent");
    assertThat(folder.action("op").input().givenSchema().path("properties")).isEmpty();
    assertThat(folder.action("op").client().request(json("{}")).headerNames())
        .containsExactly("Accept");
  }

  @Test
  @Tag("E8")
  void aHeaderThatTheTransportWritesMayBeGiven() {
    folder.operation("get", "/x", parameter("Content-Length", "'type': 'string'"));

    OutgoingRequest request = folder.action("op").client().request(json("{'Content-Length': '5'}"));
    assertThat(request.headerNames()).containsExactly("Accept");
  }

  @ParameterizedTest
  @Tag("E8")
  @ValueSource(strings = {"Bad Name", "Authorization", "X-Forwarded-For"})
  void aHeaderThatCannotBeSentIsRefused(String name) {
    folder.operation("get", "/x", parameter(name, "'type': 'string'"));

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> folder.action("op").client().request(json("{'" + name + "': 'x'}")))
        .satisfies(
            e ->
                assertThat(e.faults())
                    .singleElement()
                    .satisfies(
                        fault -> {
                          assertThat(fault.path()).isEqualTo("/" + name);
                          assertThat(fault.problem()).endsWith(" and is never sent");
                        }));
  }

  private static String parameter(String name, String members) {
    return "'parameters': [{'name': '" + name + "', 'in': 'header', " + members + "}]";
  }

  @Test
  void theOperationsOwnParameterReplacesThatOfItsPath() {
    folder.paths(
        """
        '/x/{id}': {'parameters': [
            {'name': 'id', 'in': 'path', 'required': true, 'type': 'integer'},
            {'name': 'q', 'in': 'query', 'type': 'string'}],
          'get': {'operationId': 'op', 'parameters': [
            {'name': 'q', 'in': 'query', 'type': 'boolean'}]}}
        """);

    JsonNode properties = folder.action("op").input().givenSchema().path("properties");
    assertThat(properties.propertyNames()).containsExactly("id", "q");
    assertThat(properties.at("/id/type")).isEqualTo(json("['integer', 'string']"));
    assertThat(properties.at("/q/type")).isEqualTo(json("['boolean', 'string', 'null']"));
  }

  private void policy(String template, String scope) {
    folder.properties(
        """
        {'properties': {'policyTemplateInstances': [{'templateId': '%s', 'title': 't',
          'parameters': {'x-ms-apimTemplateParameter.name': 'a'%s}}]}}
        """
            .formatted(template, scope));
  }

  private List<String> obstacles(String id) {
    return folder.report().operation(id).orElseThrow().obstacles();
  }

  private Trigger trigger(String id) {
    return folder.report().operation(id).orElseThrow().trigger();
  }
}
